extension Canvas {
  /// The frame as text with colours (ECMA-48 select graphic rendition), for a terminal of the given depth.
  ///
  /// A style is only written where it changes, and each line ends in the terminal's own style.
  public func ansi(depth: ColorDepth) -> String {
    var output = ""
    for row in 0..<size.rows {
      var current = Style.plain
      for column in 0..<size.columns {
        let cell = self[column, row]
        guard cell.glyph != .continuation else { continue }
        if cell.style != current {
          output += Self.sequence(cell.style, depth)
          current = cell.style
        }
        output.unicodeScalars.append(cell.glyph.scalar)
      }
      output += current == .plain ? "\n" : "\u{1B}[0m\n"
    }
    return output
  }

  private static func sequence(_ style: Style, _ depth: ColorDepth) -> String {
    var codes = ["0"]
    let attributes: [(Style.Attributes, String)] = [
      (.bold, "1"), (.dim, "2"), (.italic, "3"), (.underline, "4"), (.reverse, "7"),
    ]
    codes += attributes.filter { style.attributes.contains($0.0) }.map(\.1)
    codes += self.codes(style.foreground.limited(to: depth), first: 30)
    codes += self.codes(style.background.limited(to: depth), first: 40)
    return "\u{1B}[\(codes.joined(separator: ";"))m"
  }

  private static func codes(_ color: Color, first: Int) -> [String] {
    switch color {
    case .standard: []
    case .indexed(let index) where index < 8: ["\(first + Int(index))"]
    case .indexed(let index) where index < 16: ["\(first + 52 + Int(index))"]
    case .indexed(let index): ["\(first + 8)", "5", "\(index)"]
    case .rgb(let red, let green, let blue): ["\(first + 8)", "2", "\(red)", "\(green)", "\(blue)"]
    }
  }
}
