/// PoSE as its authors' published code draws it, two chunks: l_0 ~ U{1 … ⌊(L+1)/2⌋}, u_1 ~ U{0 … T−L},
/// v_1 ~ U{0 … Lx−L} with the text cut to 5·L tokens.
public struct ReferenceSkipWiseSampler: PositionSampler {
  public static let name = "pose-reference"
  public static let summary = "PoSE as the published code draws it: two chunks, the first at most half the window"
  public static let reads: Set<SamplerSetting> = []

  public let window: TokenWindow
  private let largestOffset: Int

  public init(_ settings: SamplerSettings) throws(PositionError) {
    guard settings.window.training >= 2 else {
      throw .chunkCountOutOfRange(chunks: 2, window: settings.window.training)
    }
    guard settings.textLength >= settings.window.training else {
      throw .textTooShort(tokens: settings.textLength, needed: settings.window.training, rule: Self.name)
    }
    window = settings.window
    largestOffset = min(settings.textLength, 5 * window.training) - window.training
  }

  /// The longest first chunk.
  var longestFirst: Int { (window.training + 1) / 2 }

  public func layout(using random: inout RandomStream) -> PositionLayout {
    let first = Int.random(in: 1...min(longestFirst, window.training - 1), using: &random)
    let bias = Int.random(in: 0...window.largestSkipBias, using: &random)
    let offset = Int.random(in: 0...largestOffset, using: &random)
    return PositionLayout(
      window: window,
      arrangement: .chunks([
        Chunk(start: 0, length: first, skipBias: 0),
        Chunk(start: first, length: window.training - first, skipBias: bias, contentOffset: offset),
      ]))
  }
}
