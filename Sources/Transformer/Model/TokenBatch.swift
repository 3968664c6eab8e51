/// Sequences of equal length, ready for the model: tokens, where they sit, and what each shall predict.
public struct TokenBatch: Equatable, Sendable {
  public private(set) var sequenceCount: Int
  /// Tokens in a sequence.
  public let length: Int
  /// [sequences, length].
  public private(set) var tokens: [Int32]
  /// [sequences, length]: position indices.
  public private(set) var positions: [Int32]
  /// [sequences, length]: the token that follows each one; `TokenBatch.ignored` where nothing is asked.
  public private(set) var targets: [Int32]

  /// A target that is not counted.
  public static let ignored = CrossEntropy.ignored

  /// - Throws: `TransformerError.tokenOutOfRange` or `.positionOutOfRange`: kernels index by these numbers unchecked.
  public init(
    sequenceCount: Int, length: Int, tokens: [Int32], positions: [Int32], targets: [Int32],
    vocabularySize: Int
  ) throws(TransformerError) {
    let count = sequenceCount * length
    guard sequenceCount > 0, length > 0, tokens.count == count, positions.count == count, targets.count == count else {
      throw .batchShape(sequences: sequenceCount, length: length, tokens: tokens.count)
    }
    let vocabulary = Int32(vocabularySize)
    if let wrong = tokens.first(where: { $0 < 0 || $0 >= vocabulary }) {
      throw .tokenOutOfRange(token: Int(wrong), vocabulary: vocabularySize)
    }
    if let wrong = targets.first(where: { $0 != Self.ignored && ($0 < 0 || $0 >= vocabulary) }) {
      throw .tokenOutOfRange(token: Int(wrong), vocabulary: vocabularySize)
    }
    if let wrong = positions.first(where: { $0 < 0 || $0 >= Self.positionLimit }) {
      throw .positionOutOfRange(position: Int(wrong), limit: Int(Self.positionLimit))
    }
    self.sequenceCount = sequenceCount
    self.length = length
    self.tokens = tokens
    self.positions = positions
    self.targets = targets
  }

  /// Positions must stay below this: the table of angles has a row for each.
  static let positionLimit: Int32 = 1 << 22

  /// Largest position + 1.
  public var positionLength: Int { Int(positions.max() ?? 0) + 1 }
  /// One sequence as a batch of its own; nil where there is no such sequence.
  public func sequence(_ index: Int) -> TokenBatch? {
    guard (0..<sequenceCount).contains(index) else { return nil }
    var one = self
    one.sequenceCount = 1
    let range = index * length..<(index + 1) * length
    one.tokens = Array(tokens[range])
    one.positions = Array(positions[range])
    one.targets = Array(targets[range])
    return one
  }

  /// Targets that count.
  public var targetCount: Int { targets.reduce(0) { $0 + ($1 == Self.ignored ? 0 : 1) } }
}

/// What the engine refuses.
public enum TransformerError: Error, Equatable, Sendable, CustomStringConvertible {
  case batchShape(sequences: Int, length: Int, tokens: Int)
  case tokenOutOfRange(token: Int, vocabulary: Int)
  case positionOutOfRange(position: Int, limit: Int)
  case notFinite(quantity: String, step: Int)
  case tooLarge(length: Int, megabytes: Int, available: Int, fitting: Int)

  public var description: String {
    switch self {
    case .batchShape(let sequences, let length, let tokens):
      "a batch of \(sequences) sequences of \(length) tokens needs \(sequences * length) tokens; \(tokens) were given"
    case .tokenOutOfRange(let token, let vocabulary):
      "token \(token) is outside the vocabulary of \(vocabulary)"
    case .positionOutOfRange(let position, let limit):
      "position \(position) is outside 0 … \(limit - 1)"
    case .tooLarge(let length, let megabytes, let available, let fitting):
      "training on \(length) tokens at a time takes \(megabytes) MB, and this machine has \(available); "
        + "about \(fitting) tokens would fit"
    case .notFinite(let quantity, let step):
      "the \(quantity) is not finite at step \(step); lower the learning rate or raise the warm-up"
    }
  }
}
