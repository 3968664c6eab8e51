import Foundation
import Positions
import Transformer

/// Trains and measures the arms of experiments.
///
/// What it has computed it remembers, so that arms which several experiments share are trained once.
public struct ExperimentRunner {
  /// What an experiment is busy with.
  public struct Moment: Sendable {
    public var arm: String
    public var seed: UInt64
    /// The share of the arms that is done, 0 … 1.
    public var share: Double
    /// "step 12 of 200", or what is measured.
    public var activity: String
    public var result: ExperimentResult
  }

  /// All that decides an outcome, apart from the arm's label.
  private struct Key: Hashable {
    var settings: RunSettings?
    var scaling: String
    var target: Int
    var base: String
    var measurements: [Measurement]
    var seed: UInt64
  }

  private let threads: Int
  private var known: [Key: ArmOutcome] = [:]

  public init(threads: Int) { self.threads = threads }

  /// - Parameter observe: told after every step and every number; returns whether to go on.
  /// - Throws: `CancellationError` where `observe` says no; errors of training and evaluation.
  public mutating func run(
    _ experiment: Experiment, observe: @escaping (Moment) -> Bool = { _ in true }
  ) throws -> ExperimentResult {
    let e = experiment
    var result = ExperimentResult(
      experiment: e.name, title: e.title, base: e.base.name, window: e.base.window, target: e.target,
      steps: e.size.steps, tokensPerStep: e.size.tokensPerStep)
    let count = Double(e.arms.count * e.size.seeds.count)
    // Seed by seed, so that a first whole picture is there as soon as can be.
    for seed in e.size.seeds {
      for arm in e.arms where arm.method != nil || seed == e.size.seeds.first {
        var moment = Moment(
          arm: arm.label, seed: seed, share: Double(result.outcomes.count) / count, activity: "", result: result)
        let outcome = try outcome(e, arm, seed) { share, activity in
          moment.share = (Double(result.outcomes.count) + share) / count
          moment.activity = activity
          return observe(moment)
        }
        result.outcomes.append(outcome)
        moment.result = result
        moment.share = Double(result.outcomes.count) / count
        guard observe(moment) else { throw CancellationError() }
      }
    }
    return result
  }

  private mutating func outcome(
    _ experiment: Experiment, _ arm: ExperimentArm, _ seed: UInt64, observe: (Double, String) -> Bool
  ) throws -> ArmOutcome {
    let folder = try Installation.modelFolder(experiment.base.name)
    let settings = arm.settings(for: experiment, model: folder, seed: seed)
    let key = Key(
      settings: arm.method == nil ? nil : settings, scaling: arm.scaling, target: settings.target,
      base: experiment.base.name, measurements: experiment.measurements, seed: arm.method == nil ? 0 : seed)
    if var done = known[key] {
      done.arm = arm.label
      return done
    }
    var outcome = ArmOutcome(
      arm: arm.label, seed: seed, steps: 0, tokens: 0, seconds: 0, megabytes: 0, results: [])
    let model = try ModelFolder.load(folder)
    if arm.method == nil {
      if arm.scaling != UnscaledRotary.name {
        model.use(scaling: try settings.rotaryScaling(for: model.configuration), maximumPositions: settings.target)
      }
    } else {
      try train(settings, model, &outcome, observe: observe)
    }
    let inference = Inference(model, threads: threads)
    for measurement in experiment.measurements {
      let source = try settings.source()
      // Texts to measure on are the same for every arm and seed.
      let evaluation = try measurement.evaluation(of: source, window: experiment.base.window, seed: 0)
      outcome.results.append(
        try evaluation.run(inference) { _, share in
          observe(arm.method == nil ? share : 0.8 + 0.2 * share, "measuring \(measurement.name)")
        })
    }
    known[key] = outcome
    return outcome
  }

  private func train(
    _ settings: RunSettings, _ model: TransformerModel, _ outcome: inout ArmOutcome, observe: (Double, String) -> Bool
  ) throws {
    let run = try TrainingRun(settings, model: model, source: settings.source(), threads: threads)
    while run.stepCount < settings.steps {
      let record = try run.step().record
      let activity = "step \(record.step) of \(settings.steps), loss \(String(format: "%.3f", record.loss))"
      guard observe(0.8 * Double(record.step) / Double(settings.steps), activity) else { throw CancellationError() }
    }
    let length = settings.method == FullSampler.name ? settings.target : settings.window
    outcome.steps = run.stepCount
    outcome.tokens = run.tokens
    outcome.seconds = run.seconds
    outcome.megabytes = Double(TrainingEngine.bytesNeeded(model.configuration, length: length)) / 1e6
  }
}

extension ExperimentArm {
  /// The run that trains the arm: as many tokens a step as every other arm whatever its examples' length, or as many examples.
  func settings(for experiment: Experiment, model: String, seed: UInt64) -> RunSettings {
    let base = experiment.base
    var settings = RunSettings(model: model, window: base.window, target: target ?? experiment.target)
    settings.task = base.task
    settings.method = method ?? ContiguousSampler.name
    settings.scaling = scaling
    settings.chunks = settings.method == ContiguousSampler.name ? 1 : chunks
    settings.content = content
    settings.steps = steps ?? experiment.size.steps
    let isFull = settings.method == FullSampler.name && !experiment.size.hasEqualExamples
    let length = isFull ? settings.target : base.window
    settings.batch = max(1, experiment.size.tokensPerStep / length)
    settings.seed = seed
    settings.evaluateEvery = 0
    return settings
  }
}
