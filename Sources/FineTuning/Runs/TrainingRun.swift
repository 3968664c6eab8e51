import Foundation
import Positions
import Transformer

/// A model in training: draws a batch, takes a step, says what happened.
///
/// Owned by one thread.
public final class TrainingRun {
  public private(set) var settings: RunSettings
  public let engine: TrainingEngine
  private var builder: BatchBuilder
  private var divergence = DivergenceWatch()
  private var schedule: LearningRateSchedule
  private var evaluation: ContextEvaluation
  private let inference: Inference
  /// What the model goes on with whenever it is measured.
  private let prompt: SamplePrompt?
  /// How far the model read before its scaling was changed and anything was trained.
  public let before: EvaluationRecord
  /// Seconds spent in steps.
  public private(set) var seconds = 0.0
  /// Tokens trained on.
  public private(set) var tokens = 0

  public var model: TransformerModel { engine.model }
  /// What the text's source is called.
  public var sourceName: String { builder.source.name }
  public var stepCount: Int { engine.stepCount }

  /// One step's record with the examples it was taken on.
  public struct Outcome: Sendable {
    public var record: StepRecord
    public var batch: ExampleBatch
  }

  /// Prepares a run on a model; the model takes on the run's scaling and target.
  ///
  /// - Parameters:
  ///   - threads: at most this many compute; the result does not depend on it.
  ///   - isWanted: asked now and then while the base model is measured; false gives up.
  /// - Throws: `PositionError` where the settings clash, `CorpusError.tooShort` where the text is too short,
  ///   `TransformerError.tooLarge` where the machine's memory would not do, `CancellationError` where it is not wanted.
  public init(
    _ settings: RunSettings, model: TransformerModel, source: any TextSource, threads: Int,
    while isWanted: () -> Bool = { true }
  ) throws {
    self.settings = settings
    try Self.checkMemory(settings, model.configuration)
    builder = try BatchBuilder(
      source: source, samplerName: settings.method, sampler: settings.samplerSettings(), seam: settings.seam,
      vocabularySize: model.configuration.vocabularySize, seed: settings.seed)
    evaluation = ContextEvaluation(
      source: source, window: settings.window, target: settings.target, seed: settings.seed)
    inference = Inference(model, threads: threads)
    prompt = Self.prompt(settings, source: source, vocabularySize: model.configuration.vocabularySize)
    var before = EvaluationRecord(step: 0, try evaluation.run(inference) { _, _ in isWanted() })
    before.sample = try prompt?.continued(by: model)
    self.before = before
    model.use(scaling: try settings.rotaryScaling(for: model.configuration), maximumPositions: settings.target)
    engine = TrainingEngine(model, optimizer: settings.optimizer, threads: threads)
    schedule = settings.schedule
  }

  /// Twice the window, so that an answer lies beyond it, but short enough to be read in a moment.
  private static func prompt(
    _ settings: RunSettings, source: any TextSource, vocabularySize: Int
  ) -> SamplePrompt? {
    guard vocabularySize >= 256 else { return nil }
    var random = RandomStream(seed: settings.seed, path: [UInt64.max - 3])
    return source.prompt(length: min(2 * settings.window, settings.target, 512), using: &random)
  }

  /// Refuses lengths that would not fit, before anything is allocated.
  private static func checkMemory(
    _ settings: RunSettings, _ configuration: TransformerConfiguration
  ) throws(TransformerError) {
    let length = settings.method == FullSampler.name ? settings.target : settings.window
    // A row of angles for every position up to the target comes on top.
    let angles = MemoryLayout<Float>.stride * settings.target * configuration.headDimension
    // And so does a step's batch: tokens, targets, positions and the text that they are taken from.
    let batch = 4 * MemoryLayout<Int32>.stride * settings.batch * length
    let needed = TrainingEngine.bytesNeeded(configuration, length: length) + angles + batch
    let available = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    guard needed > available / 10 * 9 else { return }
    let fitting = Int(Double(length) * Double(available) * 0.9 / Double(needed))
    throw .tooLarge(length: length, megabytes: needed >> 20, available: available >> 20, fitting: fitting)
  }

  /// Takes on other settings between two steps: the sampler and its rules, T, the scaling, the rate. All else stays.
  ///
  /// - Returns: what changed; nil for settings that change nothing.
  /// - Throws: as `init`; the run is then as before.
  public func change(to other: RunSettings) throws -> RunChange? {
    let next = settings.steered(like: other)
    guard next != settings else { return nil }
    try Self.checkMemory(next, model.configuration)
    let scaling = try next.rotaryScaling(for: model.configuration)
    builder = try BatchBuilder(
      source: builder.source, samplerName: next.method, sampler: next.samplerSettings(), seam: next.seam,
      vocabularySize: builder.vocabularySize, seed: next.seed)
    let change = RunChange(step: stepCount, from: settings, to: next)
    if next.target != settings.target {
      evaluation = ContextEvaluation(
        source: builder.source, window: next.window, target: next.target, seed: next.seed)
    }
    model.use(scaling: scaling, maximumPositions: next.target)
    schedule = next.schedule
    settings = next
    return change
  }

  /// The examples of a step, 1 for the first.
  public func examples(step: Int) throws -> ExampleBatch {
    try builder.batch(
      step: step, count: settings.batch, progress: Double(step - 1) / Double(max(settings.steps, 1)))
  }

  /// Takes over the counts of a run that is resumed.
  func resume(tokens: Int, seconds: Double) {
    self.tokens = tokens
    self.seconds = seconds
  }

  /// Takes the next step.
  ///
  /// - Throws: `TransformerError.notFinite` where the loss or the gradient is not a number; the model is then as before the
  ///   step. `DivergenceWatch.Divergence` where the loss runs away; the step is then taken.
  public func step() throws -> Outcome {
    // A clock that stands still while the machine sleeps, and that nobody sets.
    let start = SuspendingClock.now
    let step = engine.stepCount + 1
    let rate = schedule.rate(step: step)
    let batch = try examples(step: step)
    let report = try engine.step(batch.tokens, learningRate: rate)
    try divergence.take(report.loss, step: step)
    seconds += (SuspendingClock.now - start).inSeconds
    tokens += batch.tokens.tokens.count
    let record = StepRecord(
      step: step, loss: report.loss, gradNorm: report.gradientNorm, lr: rate, tokens: tokens, seconds: seconds,
      chunks: batch.layouts.first?.chunks ?? [])
    return Outcome(record: record, batch: batch)
  }

  /// A point of the run between two steps.
  struct Moment: Sendable {
    let settings: RunSettings
    let engine: TrainingEngine.Moment
    fileprivate let divergence: DivergenceWatch
    let tokens: Int
    let seconds: Double

    var step: Int { engine.stepCount }
  }

  /// The present, to be gone back to.
  var moment: Moment {
    Moment(
      settings: settings, engine: engine.moment, divergence: divergence, tokens: tokens, seconds: seconds)
  }

  /// Goes to a moment of this same run, with the settings that it had then.
  ///
  /// - Throws: nothing that `change` did not throw when those settings were taken on.
  func restore(_ moment: Moment) throws {
    if settings != moment.settings { _ = try change(to: moment.settings) }
    engine.restore(moment.engine)
    divergence = moment.divergence
    tokens = moment.tokens
    seconds = moment.seconds
  }

  /// How far the model reads now.
  ///
  /// - Parameter isWanted: asked between texts; false gives up, so that whoever ends a run does not wait for numbers.
  /// - Throws: `CancellationError` where it is not wanted.
  public func evaluate(while isWanted: () -> Bool = { true }) throws -> EvaluationRecord {
    var record = EvaluationRecord(step: stepCount, try evaluation.run(inference) { _, _ in isWanted() })
    record.sample = try prompt?.continued(by: model)
    // Retrieval takes longer than perplexity, so it is measured once, at the end.
    if stepCount == settings.steps { record.add(passkey: try passkey?.run(inference) { _, _ in isWanted() }) }
    return record
  }

  /// Nil for texts that cannot be cut to a length, and where no context is long enough to hold a fact.
  private var passkey: PasskeyAccuracy? {
    let lengths = evaluation.columns.filter { $0 >= PasskeyAccuracy.shortest }
    guard builder.source.prefixesAreTexts, builder.vocabularySize >= 256, !lengths.isEmpty else { return nil }
    return try? PasskeyAccuracy(lengths: lengths, trials: 10, seed: settings.seed)
  }

  /// Whether an evaluation is due: now and then, so that it costs little, and at the end.
  public var isEvaluationDue: Bool {
    stepCount % max(settings.evaluateEvery, 1) == 0 && settings.evaluateEvery > 0 || stepCount == settings.steps
  }
}
