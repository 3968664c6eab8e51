import Positions

/// What one optimizer step did: a line of `metrics.jsonl`.
public struct StepRecord: Encodable, Equatable, Sendable {
  /// 1 for the first.
  public var step: Int
  /// Mean negative log-likelihood of the batch before the step, in nats.
  public var loss: Double
  /// The gradient's global norm before clipping.
  public var gradNorm: Double
  public var lr: Double
  /// Tokens trained on since the run began.
  public var tokens: Int
  /// Seconds spent in steps since the run began.
  public var seconds: Double
  /// The first example's chunks; empty where positions are scattered.
  public var chunks: [Chunk]
}

extension StepRecord {
  /// Whether a long run keeps the record: every step up to 100,000, from there every tenth up to a million, every hundredth up
  /// to ten millions, and so on.
  ///
  /// It follows from the step alone, so that a run that was killed and resumed keeps the same ones. What is kept grows with the
  /// logarithm of the steps: 190,000 records of a million, 280,000 of ten.
  public var isKept: Bool {
    var (interval, limit) = (1, 100_000)
    while step > limit, limit < 1 << 40 { (interval, limit) = (10 * interval, 10 * limit) }
    return step.isMultiple(of: interval)
  }
}

extension StepRecord: Decodable {
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    step = try fields.whole(.counts, forKey: .step)
    loss = try fields.decode(Double.self, forKey: .loss)
    gradNorm = try fields.decode(Double.self, forKey: .gradNorm)
    lr = try fields.decode(Double.self, forKey: .lr)
    tokens = try fields.whole(0...1 << 53, forKey: .tokens)
    seconds = try fields.decode(Double.self, forKey: .seconds)
    chunks = try fields.decode([Chunk].self, forKey: .chunks)
  }
}
