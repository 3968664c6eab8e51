import Positions
import Transformer

/// The body of a session's thread: it owns the run, and nobody else sees it.
final class SessionThread {
  private let request: SessionRequest
  private let session: TrainingSession
  private var training: TrainingRun?
  private var folder: RunFolder?
  private var observed: Inference.HeadAddress?
  /// The model before fine-tuning, while attention is compared with it.
  private var base: TransformerModel?
  /// The examples that the screens show: the newest batch, or the first one before training.
  private var examples: ExampleBatch?
  /// How many steps to take before pausing.
  private var stepsToTake = 0
  private var isStopping = false
  private var hasUnsavedSteps = false
  /// What can be gone back to.
  private var history = RunHistory(momentBytes: 0)

  init(_ request: SessionRequest, session: TrainingSession) {
    self.request = request
    self.session = session
  }

  func run() {
    open()
    while !isStopping {
      let commands = session.takeCommands(waiting: stepsToTake == 0)
      // Of several places to go to only the last is gone to, however fast keys are pressed.
      let lastGo = commands.lastIndex { if case .go = $0 { true } else { false } }
      for (index, command) in commands.enumerated() {
        if case .go = command, index != lastGo { continue }
        obey(command)
      }
      if stepsToTake > 0, !isStopping { takeStep() }
    }
    if hasUnsavedSteps { save() }
  }

  /// Whether an earlier step is looked at.
  private var looksBack: Bool { (training?.stepCount ?? 0) < history.tip }

  private func open() {
    do {
      let training = try request.settings.open(threads: request.threads) { session.isWanted }
      let known = request.resumes ? try resume(training) : nil
      self.training = training
      let shown = try training.examples(step: max(training.stepCount, 1))
      examples = shown
      history = RunHistory(momentBytes: training.engine.momentBytes)
      history.keep(training.moment, isChange: true)
      session.publish { news in
        news.phase = training.stepCount >= request.settings.steps ? .finished : .paused
        news.subject = training.subject(folder: request.folder, threads: request.threads)
        news.layouts = shown.layouts
        news.steps = known?.steps ?? []
        news.evaluations = known?.evaluations ?? [training.before]
        news.changes = known?.changes ?? []
      }
      // The run's speed stands beside it; a tenth of a second, once.
      let peak = ProductPeak.remembered(threads: request.threads)
      session.publish { $0.productPeak = peak }
    } catch is CancellationError {
      // The session ends before it has begun.
    } catch {
      session.publish { $0.phase = .failed(String(describing: error)) }
    }
  }

  /// Takes up a run where its checkpoint left it; returns what it has told so far.
  private func resume(_ training: TrainingRun) throws -> RunSummary {
    folder = try RunFolder(resuming: request.folder, training)
    return try RunCatalog.run(at: request.folder)
  }

  private func obey(_ command: TrainingSession.Command) {
    switch command {
    case .run: start(request.settings.steps - (training?.stepCount ?? 0))
    case .pause: pause()
    case .step(let count): start(count)
    case .go(let step): go(to: step)
    case .observe(let head):
      observed = head
      publishAttention()
    case .compareAttention(let isWanted): compareAttention(isWanted)
    case .save: save()
    case .saveModel: looksBack ? saveModel() : save()
    case .change(let settings): change(to: settings)
    case .stop: isStopping = true
    }
  }

  private func compareAttention(_ isWanted: Bool) {
    guard isWanted != (base != nil) else { return }
    do {
      base = isWanted ? try request.settings.loadedModel() : nil
    } catch {
      session.publish { $0.message = String(describing: error) }
    }
    publishAttention()
  }

  /// The checkpoint is written at once, so that one goes on from it with the settings that `run.json` then has.
  private func change(to settings: RunSettings) {
    guard let training else { return }
    do {
      guard let change = try training.change(to: settings) else { return }
      try branch(training)
      let first = try training.examples(step: training.stepCount + 1)
      examples = first
      session.publish { news in
        news.changes.append(change)
        news.settings = training.settings
        news.layouts = first.layouts
      }
      guard let folder = try openFolder() else { return }
      try folder.append(change)
      try folder.describe(training.settings, model: training.model)
      try folder.saveCheckpoint(of: training)
      hasUnsavedSteps = false
    } catch {
      session.publish { news in
        news.settings = training.settings
        news.message = String(describing: error)
      }
    }
  }

  /// From here the run goes on in another way than it did: what came after is forgotten.
  private func branch(_ training: TrainingRun) throws {
    if looksBack {
      history.forget(after: training.stepCount)
      let step = training.stepCount
      session.publish { news in
        news.forgottenAfter = step
        news.steps.removeAll { $0.step > step }
        news.evaluations.removeAll { $0.step > step }
      }
      try folder?.forget(after: step)
    }
    history.keep(training.moment, isChange: true)
  }

  // MARK: - Time

  /// Goes to a step that was taken, by the moment before it and the steps between, which have the same bits again.
  private func go(to asked: Int) {
    guard let training else { return }
    stepsToTake = 0
    do {
      if !looksBack { history.keep(training.moment) }
      let step = min(max(asked, history.earliest), history.tip)
      try travel(to: step, training)
      examples = try training.examples(step: max(step, 1))
      session.publish { news in
        news.arrival = SessionNews.Arrival(asked: asked, step: step)
        news.layouts = examples?.layouts
        if step > asked { news.message = "step \(step) is the earliest that there is memory for" }
      }
      pause()
      publishAttention()
    } catch {
      session.publish { $0.message = String(describing: error) }
    }
  }

  private func travel(to step: Int, _ training: TrainingRun) throws {
    if let moment = history.moment(through: step), moment.step > training.stepCount || step < training.stepCount {
      try training.restore(moment)
    }
    while training.stepCount < step { examples = try training.step().batch }
  }

  private func start(_ count: Int) {
    guard training != nil, count > 0 else { return }
    stepsToTake = count
    session.publish { $0.phase = .running }
  }

  private func pause() {
    stepsToTake = 0
    guard let training else { return }
    session.publish { $0.phase = training.stepCount >= request.settings.steps ? .finished : .paused }
  }

  private func takeStep() {
    guard let training else { return }
    do {
      let isRepeated = looksBack
      let outcome = try training.step()
      stepsToTake -= 1
      examples = outcome.batch
      if isRepeated { return tellRepeated(outcome) }
      history.take(step: training.stepCount) { training.moment }
      hasUnsavedSteps = true
      session.publish { news in
        news.steps.append(outcome.record)
        news.layouts = outcome.batch.layouts
      }
      publishAttention()
      record(outcome.record)
      if training.isEvaluationDue { evaluate(training) }
      if stepsToTake == 0 {
        if training.stepCount >= request.settings.steps { save() }
        pause()
      }
    } catch {
      stepsToTake = 0
      session.publish { news in
        news.phase = .paused
        news.message = String(describing: error)
      }
    }
  }

  /// A step that was taken before: it is already in the metrics.
  private func tellRepeated(_ outcome: TrainingRun.Outcome) {
    session.publish { news in
      news.arrival = SessionNews.Arrival(asked: nil, step: outcome.record.step)
      news.layouts = outcome.batch.layouts
    }
    publishAttention()
    if stepsToTake == 0 { pause() }
  }

  /// A full disk must not end a run: the step stays, and the sentence says what is missing.
  private func record(_ record: StepRecord) {
    do {
      let folder = try openFolder()
      try folder?.append(record)
      let every = request.settings.checkpointEvery
      if every > 0, record.step % every == 0 { save() }
    } catch {
      session.publish { $0.message = String(describing: error) }
    }
  }

  private func evaluate(_ training: TrainingRun) {
    do {
      let evaluation = try training.evaluate { session.isWanted }
      session.publish { $0.evaluations.append(evaluation) }
      try openFolder()?.append(evaluation)
    } catch is CancellationError {
      // The session ends; the checkpoint matters more than a number.
    } catch {
      session.publish { $0.message = String(describing: error) }
    }
  }

  private func openFolder() throws -> RunFolder? {
    if let folder { return folder }
    guard let training else { return nil }
    let made = try RunFolder(creating: request.folder, settings: request.settings, model: training.model)
    try made.append(training.before)
    folder = made
    return made
  }

  /// Writes a checkpoint of the newest step, whichever is looked at.
  private func save() {
    guard let training, history.tip > 0 else { return }
    do {
      guard let folder = try openFolder() else { return }
      let saved = SessionNews.SavedModel(step: history.tip, folder: folder.checkpointPath)
      guard hasUnsavedSteps else {
        session.publish { $0.saved = saved }
        return
      }
      let here = training.stepCount
      try travel(to: history.tip, training)
      try folder.saveCheckpoint(of: training)
      try travel(to: here, training)
      hasUnsavedSteps = false
      tell(saved)
    } catch {
      session.publish { $0.message = String(describing: error) }
    }
  }

  /// Writes the model of an earlier step beside the checkpoint.
  private func saveModel() {
    guard let training, let folder = try? openFolder() else { return }
    let saved = SessionNews.SavedModel(step: training.stepCount, folder: "\(folder.path)/step-\(training.stepCount)")
    do {
      try ModelFolder.save(training.model, to: saved.folder)
      tell(saved)
    } catch {
      session.publish { $0.message = String(describing: error) }
    }
  }

  private func tell(_ saved: SessionNews.SavedModel) {
    session.publish { news in
      news.saved = saved
      news.message = "step \(saved.step) saved to \(saved.folder)"
    }
  }

  private func publishAttention() {
    guard let observed, let examples, let view = training?.attention(of: examples, observed, base: base)
    else { return }
    session.publish { $0.attention = view }
  }
}
