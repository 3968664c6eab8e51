import Positions
import Transformer

/// What a session's thread has to tell: everything since it was last asked.
public struct SessionNews: Equatable, Sendable {
  /// What the session is doing.
  public enum Phase: Equatable, Sendable {
    /// Reading the model and the text.
    case loading
    /// Waiting for a command, before, between or after steps.
    case paused
    case running
    /// All steps are taken; the model stays in memory.
    case finished
    /// Nothing can be done; the sentence says why.
    case failed(String)
  }

  /// Where the run stands among its steps after it was told to go somewhere.
  public struct Arrival: Equatable, Sendable {
    /// The step that was asked for; nil where it was come to by taking steps again.
    public var asked: Int?
    public var step: Int
  }

  /// A model written to disk.
  public struct SavedModel: Equatable, Sendable {
    public var step: Int
    public var folder: String
  }

  /// What is trained, known once it is loaded.
  public struct Subject: Equatable, Sendable {
    public var settings: RunSettings
    public var configuration: TransformerConfiguration
    public var parameterCount: Int
    public var sourceName: String
    public var threads: Int
    /// Where the run writes.
    public var folder: String
  }

  /// One head's attention over the first example of a step.
  public struct AttentionView: Equatable, Sendable {
    /// The step whose example it is; 0 before the first.
    public var step: Int
    public var map: Inference.AttentionMap
    /// The same head of the base model, unscaled, over the same tokens and positions; nil where it was not asked for.
    public var before: Inference.AttentionMap?
    public var layout: PositionLayout
    /// The example's tokens.
    public var tokens: [Int32]
    /// All heads in small, layer by layer; empty where there are too many or the example is too long.
    public var heads: [HeadSketch] = []
  }

  public var phase: Phase
  public var subject: Subject?
  /// Steps taken since the last news, oldest first.
  public var steps: [StepRecord] = []
  /// The layouts of the newest batch, or of the first one before training.
  public var layouts: [PositionLayout]?
  public var attention: AttentionView?
  /// How far the model reads, measured since the last news, oldest first; step 0 is the base model.
  public var evaluations: [EvaluationRecord] = []
  /// Changes of settings that the run took on since the last news.
  public var changes: [RunChange] = []
  /// The run's settings after a change, or after one that it could not take on.
  public var settings: RunSettings?
  /// What was written since the last news.
  public var saved: SavedModel?
  /// Where the run stands, if it moved among steps that were taken before.
  public var arrival: Arrival?
  /// Steps after this one are forgotten, because the run goes on in another way; comes before `steps`.
  public var forgottenAfter: Int?
  /// GFLOP/s that OpenBLAS reaches on the run's threads, measured once the model is loaded.
  public var productPeak: Double?
  /// A sentence worth showing: a checkpoint written, a failure that did not end the run.
  public var message: String?

  /// News that only tell the phase.
  public init(phase: Phase) { self.phase = phase }
}
