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

  public static var names: [String] { allCases.map(\.rawValue) }
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
    guard let own = rgb else { return self }
    let distances = range.map { Color.indexed($0).rgb?.squaredDistance(to: own) ?? .max }
    let best = distances.indices.min { distances[$0] < distances[$1] } ?? 0
    return .indexed(range.lowerBound + UInt8(best))
  }
}
