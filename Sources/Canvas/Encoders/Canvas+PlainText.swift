extension Canvas {
  /// The glyphs of every row, without trailing blanks.
  public var lines: [String] {
    (0..<size.rows).map { row in
      let glyphs = (0..<size.columns).map { self[$0, row].glyph }.filter { $0 != .continuation }
      var line = String(String.UnicodeScalarView(glyphs.map(\.scalar)))
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// The frame as plain text, a line a row.
  public var text: String { lines.map { $0 + "\n" }.joined() }
}
