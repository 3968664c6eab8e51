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
