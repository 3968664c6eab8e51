/// PoSE: N chunks of random lengths, each shifted by a skip bias that never falls.
///
/// By default N − 1 distinct cut points are uniform in 1 … L−1; u_0 = 0 and u_i ~ U{u_(i−1) … T−L} (PoSE §3.2, eq. 4);
/// v_i by the content rule.
public struct SkipWiseSampler: PositionSampler {
  public static let name = "pose"
  public static let summary = "PoSE: N chunks of random lengths, each with a skip bias (Zhu et al. 2023, eq. 4)"
  public static let reads: Set<SamplerSetting> = [.chunkCount, .content, .split, .biases]

  public let window: TokenWindow
  let chunkCount: Int
  private let content: ContentRule
  private let textLength: Int
  let split: ChunkSplit
  let biases: BiasDraw

  public init(_ settings: SamplerSettings) throws(PositionError) {
    guard (1...settings.window.training).contains(settings.chunkCount) else {
      throw .chunkCountOutOfRange(chunks: settings.chunkCount, window: settings.window.training)
    }
    let needed = settings.content == .aligned ? settings.window.target : settings.window.training
    guard settings.textLength >= needed else {
      throw .textTooShort(tokens: settings.textLength, needed: needed, rule: "content \(settings.content.rawValue)")
    }
    window = settings.window
    chunkCount = settings.chunkCount
    content = settings.content
    textLength = settings.textLength
    split = settings.split
    biases = settings.biases
  }

  public func layout(using random: inout RandomStream) -> PositionLayout {
    let cuts = drawCuts(&random)
    let starts = [0] + cuts
    let ends = cuts + [window.training]
    let skips = drawBiases(&random)
    var offset = 0
    let chunks = starts.indices.map { index in
      let bias = skips[index]
      if index > 0 {
        switch content {
        case .random: offset = Int.random(in: offset...textLength - window.training, using: &random)
        case .continuous: offset = 0
        case .aligned: offset = bias
        }
      }
      return Chunk(
        start: starts[index], length: ends[index] - starts[index], skipBias: bias, contentOffset: offset)
    }
    return PositionLayout(window: window, arrangement: .chunks(chunks))
  }

  private func drawCuts(_ random: inout RandomStream) -> [Int] {
    switch split {
    case .uniform: return random.distinctSorted(chunkCount - 1, from: 1..<window.training)
    case .sequential:
      var end = 0
      return (1..<chunkCount).map { chunk in
        end = Int.random(in: end + 1...window.training - (chunkCount - chunk), using: &random)
        return end
      }
    }
  }

  /// u_0 … u_(N−1).
  private func drawBiases(_ random: inout RandomStream) -> [Int] {
    switch biases {
    case .chained: return random.chainedBiases(chunkCount, upTo: window.largestSkipBias)
    case .sorted:
      let drawn = (1..<chunkCount).map { _ in Int.random(in: 0...window.largestSkipBias, using: &random) }
      return [0] + drawn.sorted()
    }
  }
}

extension RandomStream {
  /// 0, then `count` − 1 draws, each uniform between the one before and `limit`.
  mutating func chainedBiases(_ count: Int, upTo limit: Int) -> [Int] {
    var bias = 0
    return (0..<count).map { index in
      if index > 0 { bias = Int.random(in: bias...limit, using: &self) }
      return bias
    }
  }
}
