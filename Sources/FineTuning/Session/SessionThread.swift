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

  init(_ request: SessionRequest, session: TrainingSession) {
    self.request = request
    self.session = session
  }

  func run() {
    open()
    while !isStopping {
      for command in session.takeCommands(waiting: stepsToTake == 0) { obey(command) }
      if stepsToTake > 0, !isStopping { takeStep() }
    }
    if hasUnsavedSteps { save() }
  }

  private func open() {
    do {
      let training = try request.settings.open(threads: request.threads)
      self.training = training
      let first = try training.examples(step: 1)
      examples = first
      session.publish { news in
        news.phase = .paused
        news.subject = training.subject(folder: request.folder, threads: request.threads)
        news.layouts = first.layouts
        news.evaluations = [training.before]
      }
    } catch {
      session.publish { $0.phase = .failed(String(describing: error)) }
    }
  }

  private func obey(_ command: TrainingSession.Command) {
    switch command {
    case .run: start(request.settings.steps - (training?.stepCount ?? 0))
    case .pause: pause()
    case .step(let count): start(count)
    case .observe(let head):
      observed = head
      publishAttention()
    case .compareAttention(let isWanted): compareAttention(isWanted)
    case .save: save()
    case .change(let settings): change(to: settings)
    case .stop: isStopping = true
    }
  }

  private func compareAttention(_ isWanted: Bool) {
    guard isWanted != (base != nil) else { return }
    do {
      base = isWanted ? try ModelFolder.load(request.settings.model) : nil
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
      let outcome = try training.step()
      hasUnsavedSteps = true
      stepsToTake -= 1
      examples = outcome.batch
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
      let evaluation = try training.evaluate()
      session.publish { $0.evaluations.append(evaluation) }
      try openFolder()?.append(evaluation)
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

  private func save() {
    guard let training else { return }
    guard hasUnsavedSteps else {
      if training.stepCount > 0 { session.publish { $0.savedStep = training.stepCount } }
      return
    }
    do {
      guard let folder = try openFolder() else { return }
      try folder.saveCheckpoint(of: training)
      hasUnsavedSteps = false
      session.publish { news in
        news.savedStep = training.stepCount
        news.message = "step \(training.stepCount) saved to \(folder.checkpointPath)"
      }
    } catch {
      session.publish { $0.message = String(describing: error) }
    }
  }

  private func publishAttention() {
    guard let observed, let examples, let view = training?.attention(of: examples, observed, base: base)
    else { return }
    session.publish { $0.attention = view }
  }
}
