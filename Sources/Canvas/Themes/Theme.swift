/// The colours of the screens, by what they mean.
public struct Theme: Equatable, Sendable {
  /// What a style is for; the raw value is its key in a theme file.
  public enum Role: String, CaseIterable, Sendable {
    case text, dim, accent, title, border, focus, good, warn, bad
    case bar
    case barKey = "bar.key"
    case selection, cursor, axis, track
    case chunk0 = "chunk.0"
    case chunk1 = "chunk.1"
    case chunk2 = "chunk.2"
    case chunk3 = "chunk.3"
    case chunk4 = "chunk.4"
    case chunk5 = "chunk.5"
    case chunk6 = "chunk.6"
    case chunk7 = "chunk.7"
    case series0 = "series.0"
    case series1 = "series.1"
    case series2 = "series.2"
    case series3 = "series.3"
    case series4 = "series.4"
    case series5 = "series.5"
  }

  /// A scale of colours for values; the raw value is its key in a theme file.
  public enum RampName: String, CaseIterable, Sendable { case heat, diverging, coverage }

  public var name: String
  public var styles: [Role: Style]
  public var ramps: [RampName: Ramp]

  public init(name: String, styles: [Role: Style], ramps: [RampName: Ramp]) {
    self.name = name
    self.styles = styles
    self.ramps = ramps
  }

  public subscript(_ role: Role) -> Style { styles[role] ?? .plain }

  public subscript(_ ramp: RampName) -> Ramp { ramps[ramp] ?? .grey }

  /// The style of a chunk, 0 for the first; the eight colours repeat.
  public func chunk(_ index: Int) -> Style { self[Self.chunks[index % Self.chunks.count]] }

  private static let chunks: [Role] = [.chunk0, .chunk1, .chunk2, .chunk3, .chunk4, .chunk5, .chunk6, .chunk7]
}

/// Colours in equal steps from the lowest value to the highest.
public struct Ramp: Equatable, Sendable {
  /// How many colours a ramp has: enough to look smooth, few enough that a terminal prepares all their pairs once.
  public static let steps = 32

  public let colors: [Color]

  /// - Parameter stops: at least one; colours between them are blended in Oklab, which keeps steps of equal lightness.
  public init(stops: [RGB]) {
    let last = max(stops.count - 1, 1)
    colors = (0..<Self.steps).map { step in
      let place = Double(step) / Double(Self.steps - 1) * Double(last)
      let index = min(Int(place), max(stops.count - 2, 0))
      let next = min(index + 1, stops.count - 1)
      return stops[index].blended(with: stops[next], by: place - Double(index)).color
    }
  }

  /// The colour of a value in 0 … 1; outside it is clamped, and what is not a number is the lowest.
  public func color(_ value: Double) -> Color { colors[step(value)] }

  /// Which of the colours a value has.
  public func step(_ value: Double) -> Int {
    guard value > 0 else { return 0 }
    return Int(min(value, 1) * Double(Self.steps - 1) + 0.5)
  }

  static let grey = Ramp(stops: [RGB(0x10, 0x10, 0x10), RGB(0xF0, 0xF0, 0xF0)])
}
