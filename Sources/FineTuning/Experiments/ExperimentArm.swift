import Positions

/// One way of making a base model read farther: what it is fine-tuned with, if at all.
public struct ExperimentArm: Hashable, Sendable {
  public var label: String
  /// A position sampler; nil leaves the model untuned.
  public var method: String?
  /// A rotary scaling.
  public var scaling: String
  /// N.
  public var chunks = 2
  public var content = ContentRule.random
  /// T; nil takes the experiment's.
  public var target: Int?
  /// Steps of fine-tuning; nil takes the experiment's.
  public var steps: Int?

  public init(_ label: String, method: String?, scaling: String, chunks: Int = 2) {
    self.label = label
    self.method = method
    self.scaling = scaling
    self.chunks = chunks
  }

  func aiming(at target: Int) -> ExperimentArm {
    var arm = self
    arm.target = target
    return arm
  }

  func filled(by content: ContentRule) -> ExperimentArm {
    var arm = self
    arm.content = content
    return arm
  }

  func taking(steps: Int) -> ExperimentArm {
    var arm = self
    arm.steps = steps
    return arm
  }

  /// The base model as it is.
  static let original = ExperimentArm("original", method: nil, scaling: UnscaledRotary.name)

  static func pose(_ scaling: String, chunks: Int = 2, label: String? = nil) -> ExperimentArm {
    ExperimentArm(label ?? "PoSE, \(scaling)", method: SkipWiseSampler.name, scaling: scaling, chunks: chunks)
  }

  static func full(_ scaling: String) -> ExperimentArm {
    ExperimentArm("full length, \(scaling)", method: FullSampler.name, scaling: scaling)
  }

  static func randomPositions(_ scaling: String) -> ExperimentArm {
    ExperimentArm("RandPos, \(scaling)", method: RandomPositionSampler.name, scaling: scaling)
  }

  /// Interpolation alone: the scaling without any fine-tuning.
  static func untuned(_ scaling: String) -> ExperimentArm {
    ExperimentArm("untuned, \(scaling)", method: nil, scaling: scaling)
  }
}
