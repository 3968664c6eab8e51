import FineTuning
import Positions
import Transformer

/// Figure 3: what full length and PoSE cost in memory and time as the target grows.
struct LengthFigure {
  let threads: Int
  let isQuick: Bool

  /// L, and how many times it the targets are.
  private static let window = 512
  private static let factors = [2, 4, 8, 16]
  /// What a machine is taken to have: full length stops where it would hold more.
  private static let megabyteLimit = 256.0
  private static let (time, memory) = ("ms an example", "megabytes")

  /// Trains on a model of the shape of the base model for keys, whose weights do not matter here.
  func run() throws -> (Experiment, ExperimentResult) {
    let shape = try ModelFolder.configuration(Installation.modelFolder())
    let bench = LengthBench(
      configuration: shape, window: Self.window, batch: 8, threads: threads, seconds: isQuick ? 1.5 : 10,
      poseFactors: Self.factors, fullFactors: Self.factors, megabyteLimit: Self.megabyteLimit)
    let rows = try bench.run()
    var result = ExperimentResult(
      experiment: "figure3", title: "Memory and time by target window", base: BaseModel.keys.name, window: Self.window,
      target: Self.window * (Self.factors.last ?? 1), steps: 1, tokensPerStep: 8 * Self.window)
    for (arm, method) in [("full length", "full"), ("PoSE", "pose")] {
      let own = rows.filter { $0.method == method }
      let columns = own.map(\.target)
      func table(_ measure: String, _ value: (LengthBench.Row) -> Double) -> EvaluationResult {
        EvaluationResult(measure: measure, columns: columns, rows: [0], values: [own.map(value)])
      }
      result.outcomes.append(
        ArmOutcome(
          arm: arm, seed: 0, steps: 1, tokens: 0, seconds: 0, megabytes: 0,
          results: [table(Self.time, \.exampleMs), table(Self.memory, \.memoryMb)]))
    }
    return (experiment(result), result)
  }

  private func experiment(_ result: ExperimentResult) -> Experiment {
    Experiment(
      "figure3", result.title, target: result.target,
      size: ExperimentSize(
        steps: 1, tokensPerStep: result.tokensPerStep, seeds: [0], trials: 1, documents: 1),
      arms: [], measurements: []
    ) { result in
      let (small, large) = (Self.window * Self.factors[0], Self.window * Self.factors[Self.factors.count - 1])
      let reached = result.outcomes.first?.results.first?.columns.max() ?? small
      func ratio(_ arm: String, _ measure: String, _ far: Int, _ near: Int) -> Double {
        (result.mean(arm, measure, far) ?? .nan) / (result.mean(arm, measure, near) ?? .nan)
      }
      return [
        Finding(
          "PoSE's time stays flat from 2 L to 16 L (\(Finding.signed(ratio("PoSE", Self.time, large, small))))",
          abs(ratio("PoSE", Self.time, large, small) - 1) < 0.1),
        Finding(
          "and so does its memory (\(Finding.signed(ratio("PoSE", Self.memory, large, small))))",
          abs(ratio("PoSE", Self.memory, large, small) - 1) < 0.1),
        Finding(
          "full length takes \(Finding.times(ratio("full length", Self.time, reached, small))) the time at \(reached / Self.window) L "
            + "that it takes at 2 L", ratio("full length", Self.time, reached, small) > 2),
        Finding(
          "full length of \(large / Self.window) L does not fit \(Int(Self.megabyteLimit)) MB; \(reached / Self.window) L does",
          reached < large),
      ]
    }
  }
}
