import Canvas

/// How many colours a terminal shows.
public enum ColorDepth: Hashable, Sendable, CaseIterable {
  /// 24 bits.
  case trueColor
  /// The 256-colour palette of xterm.
  case indexed256
  /// The 16 ANSI colours.
  case ansi16
  /// None: attributes alone tell things apart.
  case mono
}

extension Color {
  /// The nearest colour that a terminal of this depth shows.
  func limited(to depth: ColorDepth) -> Color {
    switch (depth, self) {
    case (.mono, _): .standard
    case (.ansi16, .indexed(16...)), (.ansi16, .rgb): nearest(in: 0...15)
    case (.indexed256, .rgb): nearest(in: 16...255)
    default: self
    }
  }

  /// Red, green and blue as xterm shows them; nil for the terminal's default.
  var components: (red: Int, green: Int, blue: Int)? {
    switch self {
    case .standard: return nil
    case .rgb(let red, let green, let blue): return (Int(red), Int(green), Int(blue))
    case .indexed(let index) where index < 16:
      let level = index < 8 ? 205 : 255
      if index == 7 { return (229, 229, 229) }
      if index == 8 { return (127, 127, 127) }
      return (Int(index & 1) * level, Int(index >> 1 & 1) * level, Int(index >> 2 & 1) * level)
    case .indexed(let index) where index < 232:
      let steps = [0, 95, 135, 175, 215, 255]
      let cube = Int(index) - 16
      return (steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6])
    case .indexed(let index):
      let level = 8 + 10 * (Int(index) - 232)
      return (level, level, level)
    }
  }

  private func nearest(in range: ClosedRange<UInt8>) -> Color {
    guard let own = components else { return self }
    let distances = range.map { index in
      Color.indexed(index).components.map { other in
        let (red, green, blue) = (own.red - other.red, own.green - other.green, own.blue - other.blue)
        return red * red + green * green + blue * blue
      } ?? .max
    }
    let best = distances.indices.min { distances[$0] < distances[$1] } ?? 0
    return .indexed(range.lowerBound + UInt8(best))
  }
}
