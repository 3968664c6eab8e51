import Positions

/// What one optimizer step did: a line of `metrics.jsonl`.
public struct StepRecord: Codable, Equatable, Sendable {
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
