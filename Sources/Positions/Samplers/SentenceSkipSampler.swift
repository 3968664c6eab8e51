/// LongRecipe: after a prefix the sentences are moved apart, each staying whole (Hu et al. 2024).
///
/// The prefix has l_0 ~ U{1 … ⌊(L+1)/2⌋} tokens. With n sentences after it and n distinct sorted draws r_1 < … < r_n from
/// 0 … T−L+n−1, sentence k is shifted by r_k − (k−1).
public struct SentenceSkipSampler: PositionSampler {
  public static let name = "longrecipe"
  public static let summary = "LongRecipe: a prefix, then whole sentences moved apart (Hu et al. 2024)"
  public static let reads: Set<SamplerSetting> = [.sentenceEnds]

  public let window: TokenWindow
  private let settings: SamplerSettings

  public init(_ settings: SamplerSettings) throws(PositionError) {
    guard settings.window.training >= 2 else {
      throw .chunkCountOutOfRange(chunks: 2, window: settings.window.training)
    }
    window = settings.window
    self.settings = settings
  }

  public func layout(using random: inout RandomStream) -> PositionLayout {
    let prefix = Int.random(in: 1...min((window.training + 1) / 2, window.training - 1), using: &random)
    let sentences = settings.sentenceLengths(from: prefix)
    let draws = random.distinctSorted(sentences.count, from: 0..<window.largestSkipBias + sentences.count)
    return PositionLayout(
      window: window, lengths: [prefix] + sentences, biases: [0] + draws.enumerated().map { $1 - $0 })
  }
}
