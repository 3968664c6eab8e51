/// The form of `pose-equal` that cuts at given tokens: every sentence of the window is a chunk, each skip uniform in what the
/// earlier ones left of T − L; the text in order.
public struct SentenceChunkSampler: PositionSampler {
  public static let name = "pose-equal-sentences"
  public static let summary = "PoSE with a chunk a sentence and the text in order, axolotl's cut at given tokens"
  public static let reads: Set<SamplerSetting> = [.sentenceEnds]

  public let window: TokenWindow
  private let lengths: [Int]

  public init(_ settings: SamplerSettings) {
    window = settings.window
    lengths = settings.sentenceLengths(from: 0)
  }

  public func layout(using random: inout RandomStream) -> PositionLayout {
    PositionLayout(
      window: window, lengths: lengths, biases: random.chainedBiases(lengths.count, upTo: window.largestSkipBias))
  }
}

extension SamplerSettings {
  /// Lengths of the sentences that fill the window from a token on; the last one is cut at the window's end.
  func sentenceLengths(from first: Int) -> [Int] {
    var lengths: [Int] = []
    var start = first
    for end in sentenceEnds where end > start && end < window.training {
      lengths.append(end - start)
      start = end
    }
    return lengths + (start < window.training ? [window.training - start] : [])
  }
}
