import Positions

/// A table or figure of the PoSE paper, or a question beyond it, as arms to train and numbers to take.
public struct Experiment: Sendable {
  /// What `reproduce` calls it.
  public let name: String
  public let title: String
  public let base: BaseModel
  /// T, where an arm names no other.
  public let target: Int
  public let size: ExperimentSize
  public let arms: [ExperimentArm]
  public let measurements: [Measurement]
  /// What the paper reports; nil beyond it.
  public let paper: PaperTable?
  /// What the numbers are there to show, and whether they do.
  let findings: @Sendable (ExperimentResult) -> [Finding]

  init(
    _ name: String, _ title: String, base: BaseModel = .keys, target: Int, size: ExperimentSize, arms: [ExperimentArm],
    measurements: [Measurement], paper: PaperTable? = nil,
    findings: @escaping @Sendable (ExperimentResult) -> [Finding]
  ) {
    self.name = name
    self.title = title
    self.base = base
    self.target = target
    self.size = size
    self.arms = arms
    self.measurements = measurements
    self.paper = paper
    self.findings = findings
  }

  /// L, 2 L, 4 L … T.
  static func lengths(_ window: Int, _ target: Int) -> [Int] {
    Array(sequence(first: window) { $0 * 2 }.prefix { $0 <= target })
  }
}

/// How long an experiment trains and how much it reads.
public struct ExperimentSize: Hashable, Sendable {
  public var steps: Int
  public var batch: Int
  public var seeds: [UInt64]
  /// Texts for each accuracy.
  public var trials: Int
  /// Documents for each perplexity.
  public var documents: Int

  /// At most about a minute on two cores.
  public static let quick = ExperimentSize(steps: 60, batch: 16, seeds: [0], trials: 20, documents: 2)
  /// At most about a quarter of an hour on two cores.
  public static let full = ExperimentSize(steps: 200, batch: 32, seeds: [0, 1, 2], trials: 100, documents: 8)
}

/// A claim and whether the numbers bear it out.
public struct Finding: Codable, Equatable, Sendable {
  public var claim: String
  public var holds: Bool

  public init(_ claim: String, _ holds: Bool) {
    self.claim = claim
    self.holds = holds
  }
}
