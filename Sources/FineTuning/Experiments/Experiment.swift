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

  public init(
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
  /// Tokens in a step, whatever the examples' length.
  public var tokensPerStep: Int
  /// Give every arm as many examples a step instead, so that full length trains on T / L times the tokens.
  public var hasEqualExamples = false
  public var seeds: [UInt64]
  /// Texts for each accuracy.
  public var trials: Int
  /// Documents for each perplexity.
  public var documents: Int

  public init(steps: Int, tokensPerStep: Int, seeds: [UInt64], trials: Int, documents: Int) {
    self.steps = steps
    self.tokensPerStep = tokensPerStep
    self.seeds = seeds
    self.trials = trials
    self.documents = documents
  }

  /// At most about a minute on two cores.
  public static let quick = ExperimentSize(steps: 60, tokensPerStep: 2048, seeds: [0], trials: 20, documents: 2)
  /// At most about a quarter of an hour on two cores.
  public static let full = ExperimentSize(steps: 200, tokensPerStep: 4096, seeds: [0, 1, 2], trials: 100, documents: 8)
}

/// A claim and whether the numbers bear it out.
public struct Finding: Codable, Equatable, Sendable {
  public var claim: String
  public var holds: Bool

  public init(_ claim: String, _ holds: Bool) {
    self.claim = claim
    self.holds = holds
  }

  /// A share in percent.
  public static func percent(_ share: Double) -> String { share.isNaN ? "—" : "\(Int((100 * share).rounded())) %" }

  /// A ratio as a factor, "12 ×".
  public static func times(_ ratio: Double) -> String {
    ratio.isNaN ? "—" : ratio < 10 ? "\((10 * ratio).rounded() / 10) ×" : "\(Int(min(ratio, 1e9).rounded())) ×"
  }

  /// A ratio as a difference, "+2.1 %".
  public static func signed(_ ratio: Double) -> String {
    guard !ratio.isNaN, ratio < 1e6 else { return "—" }
    let difference = (1000 * (ratio - 1)).rounded() / 10
    return "\(difference < 0 ? "−" : "+")\(abs(difference)) %"
  }
}
