/// How many colours a terminal shows.
public enum ColorDepth: String, Hashable, Sendable, CaseIterable {
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
  public func limited(to depth: ColorDepth) -> Color {
    switch (depth, self) {
    case (.mono, _): .standard
    case (.ansi16, .indexed(16...)), (.ansi16, .rgb): nearest(in: 0...15)
    case (.indexed256, .rgb): nearest(in: 16...255)
    default: self
    }
  }

  private func nearest(in range: ClosedRange<UInt8>) -> Color {
    guard let own = rgb?.oklab else { return self }
    // Hue counts double: a dark blue that becomes a grey breaks a ramp, one a little too light does not.
    func distance(_ index: UInt8) -> Double {
      let other = Self.paletteInOklab[Int(index)]
      let (light, a, b) = (own[0] - other[0], own[1] - other[1], own[2] - other[2])
      return light * light + 4 * (a * a + b * b)
    }
    return .indexed(range.min { distance($0) < distance($1) } ?? range.lowerBound)
  }

  private static let paletteInOklab = (UInt8.min...UInt8.max).map { Color.indexed($0).rgb?.oklab ?? [0, 0, 0] }
}
