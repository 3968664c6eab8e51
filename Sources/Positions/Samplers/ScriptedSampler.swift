/// Lengths, biases and offsets as given by hand, checked against what every layout has to hold.
public struct ScriptedSampler: PositionSampler {
  public static let name = "scripted"
  public static let summary = "chunks given by hand, checked"
  public static let reads: Set<SamplerSetting> = [.script]

  public let window: TokenWindow
  private let chunks: [Chunk]

  public init(_ settings: SamplerSettings) throws(PositionError) {
    window = settings.window
    // Without a script it is one chunk, the window as it is.
    chunks =
      settings.script.isEmpty
      ? [Chunk(start: 0, length: settings.window.training, skipBias: 0)] : settings.script
    try Self.check(chunks, settings)
  }

  public func layout(using random: inout RandomStream) -> PositionLayout {
    PositionLayout(window: window, arrangement: .chunks(chunks))
  }

  private static func check(_ chunks: [Chunk], _ settings: SamplerSettings) throws(PositionError) {
    func refuse(_ index: Int, _ field: String, _ value: Int, _ expected: String) -> PositionError {
      .invalidSetting(name: "\(field) of chunk \(index + 1)", value: "\(value)", expected: expected)
    }
    var start = 0
    var bias = 0
    for (index, chunk) in chunks.enumerated() {
      guard chunk.length >= 1 else { throw refuse(index, "the length", chunk.length, "at least 1") }
      guard chunk.start == start else { throw refuse(index, "the start", chunk.start, "\(start)") }
      let limit = settings.window.largestSkipBias
      guard chunk.skipBias >= bias, chunk.skipBias <= limit else {
        throw refuse(index, "the bias", chunk.skipBias, "\(bias) to \(limit)")
      }
      guard chunk.tokens.lowerBound >= 0, chunk.tokens.upperBound <= settings.textLength else {
        throw refuse(
          index, "the content offset", chunk.contentOffset,
          "\(-chunk.start) to \(settings.textLength - chunk.start - chunk.length)")
      }
      start += chunk.length
      bias = chunk.skipBias
    }
    guard start == settings.window.training else {
      throw .invalidSetting(
        name: "the sum of the lengths", value: "\(start)", expected: "the window, \(settings.window.training)")
    }
  }
}
