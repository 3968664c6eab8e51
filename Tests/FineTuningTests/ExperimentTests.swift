import Foundation
import Positions
import Testing

@testable import FineTuning
@testable import Transformer

/// Experiments: what their arms train, what they remember, and how their numbers are put together.
@Suite struct ExperimentTests {
  private let size = ExperimentSize(steps: 2, tokensPerStep: 256, seeds: [0, 1], trials: 2, documents: 1)

  private func outcome(_ arm: String, _ seed: UInt64, _ measure: String, _ values: [Double?]) -> ArmOutcome {
    ArmOutcome(
      arm: arm, seed: seed, steps: 1, tokens: 1, seconds: 1, megabytes: 1,
      results: [EvaluationResult(measure: measure, columns: [64, 128], rows: [0], values: [values])])
  }

  private var result: ExperimentResult {
    var result = ExperimentResult(
      experiment: "x", title: "X", base: "keys", window: 64, target: 128, steps: 1, tokensPerStep: 1)
    result.outcomes = [
      outcome("a", 0, "perplexity", [2, 8]), outcome("b", 0, "passkey", [1, nil]),
      outcome("a", 1, "perplexity", [8, 8]),
    ]
    return result
  }

  @Test func meansArePerArmAndGeometricForPerplexity() {
    #expect(result.arms == ["a", "b"])
    #expect(abs((result.mean("a", "perplexity", 64) ?? 0) - 4) < 1e-9)
    #expect(result.spread("a", "perplexity", 64) == 2...8)
    #expect(result.spread("b", "passkey", 64) == nil)
    #expect(result.mean("b", "passkey", 128) == nil)
    #expect(result.csv.split(separator: "\n").count == 7)
    #expect(result.csv.contains("x,\"b\",0,passkey,128,\n"))
  }

  @Test func armsHaveEqualTokensAStep() throws {
    let experiment = Experiment(
      "x", "X", target: 1024, size: ExperimentSize(steps: 5, tokensPerStep: 4096, seeds: [0], trials: 1, documents: 1),
      arms: [], measurements: []
    ) { _ in [] }
    let pose = ExperimentArm.pose("yarn").settings(for: experiment, model: "m", seed: 3)
    let full = ExperimentArm.full("yarn").settings(for: experiment, model: "m", seed: 3)
    #expect(pose.batch * pose.window == full.batch * full.target)
    #expect(pose.seed == 3)
    #expect(ExperimentArm.pose("yarn").taking(steps: 2).settings(for: experiment, model: "m", seed: 0).steps == 2)
    #expect(ExperimentArm.pose("yarn").aiming(at: 512).settings(for: experiment, model: "m", seed: 0).target == 512)
  }

  /// Untuned arms are measured once, since no seed shows in them; the others once a seed.
  @Test func aRunTrainsEachArmWithEachSeedAndRemembersIt() throws {
    let experiment = Experiment(
      "x", "X", base: .recall, target: 128, size: size,
      arms: [.original, .untuned("yarn"), .pose("yarn"), .pose("yarn", label: "again")],
      measurements: [.recall(lengths: [64], trials: 2)]
    ) { _ in [Finding("always", true)] }
    var runner = ExperimentRunner(threads: 1)
    var trainedSteps = 0
    let result = try runner.run(experiment) { moment in
      if moment.activity.hasPrefix("step 1") { trainedSteps += 1 }
      return true
    }
    #expect(result.outcomes.map(\.arm) == ["original", "untuned, yarn", "PoSE, yarn", "again", "PoSE, yarn", "again"])
    #expect(trainedSteps == 2)
    #expect(result.values("PoSE, yarn", "recall", 64) == result.values("again", "recall", 64))
    #expect(result.outcomes[2].tokens == 2 * 4 * 64)
    #expect(result.mean("original", "recall", 64) ?? 0 > 0.95)
  }

  @Test func anExperimentCanBeStopped() throws {
    let experiment = Experiment(
      "x", "X", base: .recall, target: 128, size: size, arms: [.pose("yarn")],
      measurements: [.recall(lengths: [64], trials: 2)]
    ) { _ in [] }
    var runner = ExperimentRunner(threads: 1)
    #expect(throws: CancellationError.self) { try runner.run(experiment) { _ in false } }
  }

  @Test(arguments: ExperimentRegistry.names)
  func everyExperimentHasArmsNumbersAndFindings(name: String) throws {
    let experiment = try #require(ExperimentRegistry.experiment(named: name, .quick))
    #expect(experiment.name == name)
    #expect(Set(experiment.arms.map(\.label)).count == experiment.arms.count)
    var result = ExperimentResult(
      experiment: name, title: "", base: experiment.base.name, window: experiment.base.window,
      target: experiment.target, steps: 1, tokensPerStep: 1)
    // Without numbers nothing may seem to hold.
    #expect(experiment.findings(result).allSatisfy { !$0.holds })
    #expect(!experiment.findings(result).isEmpty)
    let source = try TaskRegistry.task(named: experiment.base.task)
    for arm in experiment.arms {
      let settings = arm.settings(for: experiment, model: "", seed: 0)
      _ = try SamplerRegistry.sampler(named: settings.method, settings.samplerSettings())
      result.outcomes.append(outcome(arm.label, 0, "perplexity", [2, 2]))
    }
    for measurement in experiment.measurements {
      #expect(!(try measurement.evaluation(of: source, window: experiment.base.window, seed: 0)).columns.isEmpty)
    }
    if let paper = experiment.paper {
      #expect(paper.rows.allSatisfy { $0.values.count == paper.columns.count })
    }
  }
}
