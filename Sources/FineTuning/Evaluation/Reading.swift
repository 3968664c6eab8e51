import Transformer

/// A text that a model reads whole, from position 0 on, and the tokens of it that it is asked to predict.
public struct Reading: Hashable, Sendable {
  public var tokens: [Int32]
  /// Indices of the tokens asked for; the first token of a text cannot be.
  public var asked: Range<Int>

  public init(tokens: [Int32], asked: Range<Int>) {
    self.tokens = tokens
    self.asked = asked.clamped(to: min(1, tokens.count)..<max(1, tokens.count))
  }

  /// What a model made of a reading, an entry a token asked for.
  ///
  /// A prediction is the likeliest token after the true ones before it. Where all predictions are right they are what
  /// greedy decoding would have written.
  public struct Answer: Equatable, Sendable {
    /// Negative log-likelihood, nats.
    public var losses: [Float]
    public var isRight: [Bool]
  }

  /// Tokens that go through the model between two looks at `progress`.
  private static let tokensAtOnce = 16_384

  /// Reads some texts; neighbours of equal length go through the model together.
  ///
  /// - Parameter progress: told how many more tokens are read; may throw to stop.
  static func answers(
    _ readings: [Reading], _ inference: Inference, progress: (Int) throws -> Void
  ) throws -> [Answer] {
    var answers: [Answer] = []
    var next = 0
    while next < readings.count {
      let length = readings[next].tokens.count
      let room = max(1, tokensAtOnce / max(length, 1))
      let group = readings[next...].prefix(room).prefix { $0.tokens.count == length }
      answers += try read(Array(group), length, inference)
      next += group.count
      try progress(group.count * length)
    }
    return answers
  }

  private static func read(_ group: [Reading], _ length: Int, _ inference: Inference) throws -> [Answer] {
    var targets = [Int32](repeating: TokenBatch.ignored, count: group.count * length)
    for (sequence, reading) in group.enumerated() {
      for index in reading.asked { targets[sequence * length + index - 1] = reading.tokens[index] }
    }
    let batch = try TokenBatch(
      sequenceCount: group.count, length: length, tokens: group.flatMap(\.tokens),
      positions: group.flatMap { _ in (0..<length).map(Int32.init) }, targets: targets,
      vocabularySize: inference.configuration.vocabularySize)
    let output = inference.run(batch)
    return group.enumerated().map { sequence, reading in
      let places = reading.asked.map { sequence * length + $0 - 1 }
      return Answer(
        losses: places.map { output.losses[$0] }, isRight: places.map { output.predictions[$0] == targets[$0] })
    }
  }
}

extension Sequence where Element == Reading.Answer {
  /// Mean over all tokens asked for, in nats: every token weighs the same.
  var meanLoss: Double {
    let (sum, count) = reduce((0.0, 0)) { part, answer in
      (part.0 + answer.losses.reduce(0.0) { $0 + Double($1) }, part.1 + answer.losses.count)
    }
    return count > 0 ? sum / Double(count) : .nan
  }
}
