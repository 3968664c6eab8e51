/// What an experiment measures of each arm.
public enum Measurement: Hashable, Sendable {
  /// Perplexity by context size, documents of the longest one.
  case perplexity(lengths: [Int], documents: Int)
  /// Perplexity of documents read whole, each context size once.
  case wholePerplexity(lengths: [Int], documents: Int)
  case passkey(lengths: [Int], trials: Int)
  case recall(lengths: [Int], trials: Int)
  /// Loss by distance, in texts of a length.
  case distance(length: Int, trials: Int)

  /// What the numbers are called.
  public var name: String {
    switch self {
    case .perplexity, .wholePerplexity: SlidingPerplexity.name
    case .passkey: PasskeyAccuracy.name
    case .recall: RecallAccuracy.name
    case .distance: DistanceLoss.name
    }
  }

  /// The window moves by half of L, so that what it scores has seen L / 2 tokens or more.
  func evaluation(of source: any TextSource, window: Int, seed: UInt64) throws -> any Evaluation {
    switch self {
    case .perplexity(let lengths, let documents):
      try SlidingPerplexity(of: source, lengths: lengths, stride: window / 2, documents: documents, seed: seed)
    case .wholePerplexity(let lengths, let documents):
      ContextEvaluation(source: source, lengths: lengths, documents: documents, seed: seed)
    case .passkey(let lengths, let trials): try PasskeyAccuracy(lengths: lengths, trials: trials, seed: seed)
    case .recall(let lengths, let trials): try RecallAccuracy(lengths: lengths, trials: trials, seed: seed)
    case .distance(let length, let trials):
      try DistanceLoss(
        length: length, distances: DistanceLoss.distances(window: window, target: length), trials: trials, seed: seed)
    }
  }
}
