import Foundation

/// What one arm came to with one seed.
public struct ArmOutcome: Codable, Equatable, Sendable {
  public var arm: String
  public var seed: UInt64
  public var steps: Int
  /// Tokens trained on.
  public var tokens: Int
  /// Seconds of training.
  public var seconds: Double
  /// What training held in memory: parameters, gradients, moments, activations.
  public var megabytes: Double
  public var results: [EvaluationResult]

  public init(
    arm: String, seed: UInt64, steps: Int, tokens: Int, seconds: Double, megabytes: Double, results: [EvaluationResult]
  ) {
    self.arm = arm
    self.seed = seed
    self.steps = steps
    self.tokens = tokens
    self.seconds = seconds
    self.megabytes = megabytes
    self.results = results
  }
}

/// Everything that an experiment measured.
public struct ExperimentResult: Codable, Equatable, Sendable {
  public var experiment: String
  public var title: String
  public var base: String
  public var window: Int
  public var target: Int
  public var steps: Int
  public var tokensPerStep: Int
  public var outcomes: [ArmOutcome] = []

  public init(
    experiment: String, title: String, base: String, window: Int, target: Int, steps: Int, tokensPerStep: Int
  ) {
    self.experiment = experiment
    self.title = title
    self.base = base
    self.window = window
    self.target = target
    self.steps = steps
    self.tokensPerStep = tokensPerStep
  }

  /// The arms that have outcomes, in order.
  public var arms: [String] {
    outcomes.reduce(into: []) { if !$0.contains($1.arm) { $0.append($1.arm) } }
  }

  /// What was measured, in order.
  public var measures: [String] {
    outcomes.flatMap(\.results).reduce(into: []) { if !$0.contains($1.measure) { $0.append($1.measure) } }
  }

  /// All columns of a measure, rising.
  public func columns(_ measure: String) -> [Int] {
    Set(outcomes.flatMap(\.results).filter { $0.measure == measure }.flatMap(\.columns)).sorted()
  }

  /// A number of each seed.
  public func values(_ arm: String, _ measure: String, _ column: Int) -> [Double] {
    outcomes.filter { $0.arm == arm }.compactMap { outcome in
      outcome.results.first { $0.measure == measure }?.value(at: column)
    }
  }

  /// The mean over seeds, for perplexities the geometric one (the mean loss); nil where nothing was measured.
  public func mean(_ arm: String, _ measure: String, _ column: Int) -> Double? {
    let values = values(arm, measure, column)
    guard !values.isEmpty else { return nil }
    let isPerplexity = measure == SlidingPerplexity.name
    let sum = values.reduce(0) { $0 + (isPerplexity ? log($1) : $1) } / Double(values.count)
    return isPerplexity ? exp(sum) : sum
  }

  /// From the smallest to the largest over seeds; nil for less than two.
  public func spread(_ arm: String, _ measure: String, _ column: Int) -> ClosedRange<Double>? {
    let values = values(arm, measure, column)
    guard values.count > 1, let least = values.min(), let most = values.max() else { return nil }
    return least...most
  }

  /// The mean as a finding needs it: not a number where it is not there, so that no comparison holds.
  func number(_ arm: String, _ measure: String, _ column: Int) -> Double { mean(arm, measure, column) ?? .nan }

  /// A row a number: experiment, arm, seed, measure, column, value.
  public var csv: String {
    let rows = outcomes.flatMap { outcome in
      outcome.results.flatMap { result in
        zip(result.columns, result.values.first ?? []).map { column, value in
          "\(experiment),\"\(outcome.arm)\",\(outcome.seed),\(result.measure),\(column),\(value.map { "\($0)" } ?? "")"
        }
      }
    }
    return (["experiment,arm,seed,measure,column,value"] + rows).joined(separator: "\n") + "\n"
  }
}
