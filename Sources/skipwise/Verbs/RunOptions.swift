import FineTuning
import Foundation
import Transformer

/// The options that every training verb has.
enum RunOptions {
  /// The longest window that a run can be asked for.
  static let longest = RunSettings.longest

  /// Where a model comes from.
  static let model = Option.value(
    "model", "DIR",
    "base model, a Hugging Face Llama folder, a run, or \(BaseModel.names) (default: \(BaseModel.keys.name))",
    known: BaseModel.all.map(\.name))

  static let shared: [Option] = [
    .value("text", "PATH", "a file or folder to train on; may be repeated"),
    .choice("task", "NAME", "a generator instead of a text", of: TaskRegistry.names),
    .value("window", "L", "training window in tokens"),
    .value("steps", "K", "optimizer steps (default: 200)"),
    .value("batch", "B", "sequences in a step (default: 32)"),
    .value("lr", "RATE", "peak learning rate"),
    .value("warmup", "K", "steps of linear warm-up"),
    .choice("decay", "KIND", of: LearningRateSchedule.Decay.self, default: "cosine"),
    .value("weight-decay", "W", "AdamW's decoupled weight decay (default: 0.1)"),
    .value("clip", "NORM", "clip the gradient's norm to this; 0 does not (default: 1)"),
    .value("seed", "S", "seed of texts, layouts and fresh parameters (default: 0)"),
    .value("checkpoint-every", "K", "steps between checkpoints (default: one at the end)"),
    .value("eval-every", "K", "steps between evaluations of perplexity by context (default: 20; 0: at the end)"),
    .flag("resume", "go on from the checkpoint in --out, bit for bit as if it had never stopped"),
    .value("out", "DIR", "where the run is written (default: a new folder among the runs)"),
    .value("threads", "N", "threads that compute; the result does not depend on it"),
    .flag("json", "print the metrics, a JSON object a step"),
  ]

  static func read(_ arguments: Arguments, into settings: inout RunSettings) throws {
    settings.texts = arguments.strings("text").map(Installation.absolute)
    if let task = arguments.string("task") {
      guard settings.texts.isEmpty else { throw UsageError("--text and --task exclude each other") }
      settings.task = task
    }
    settings.steps = try arguments.integer("steps", in: 1...100_000_000) ?? settings.steps
    settings.batch = try arguments.integer("batch", in: 1...65_536) ?? settings.batch
    settings.learningRate = try arguments.number("lr", above: 0) ?? settings.learningRate
    settings.warmup = try arguments.integer("warmup", in: 0...100_000_000) ?? settings.warmup
    settings.decay = try arguments.choice("decay") ?? settings.decay
    settings.weightDecay = try arguments.number("weight-decay", above: 0, orEqual: true) ?? settings.weightDecay
    settings.clipNorm = try arguments.number("clip", above: 0, orEqual: true) ?? settings.clipNorm
    settings.seed = try arguments.seed() ?? settings.seed
    settings.evaluateEvery = try arguments.integer("eval-every", in: 0...100_000_000) ?? settings.evaluateEvery
    settings.checkpointEvery = try arguments.integer("checkpoint-every", in: 0...100_000_000) ?? 0
  }
}

/// Runs a training run to its end, or to Ctrl-C, and writes its folder.
struct RunCommand {
  let threads: Int
  private let settings: RunSettings
  private let folder: String
  private let isResuming: Bool
  private let wantsJSON: Bool

  init(_ arguments: Arguments, _ settings: RunSettings) throws {
    self.settings = settings
    threads = try arguments.integer("threads", in: 1...1024) ?? Processor.coreCount
    folder = arguments.string("out") ?? Installation.newRunFolder()
    isResuming = arguments.has("resume")
    wantsJSON = arguments.has("json")
    guard !isResuming || arguments.has("out") else { throw UsageError("--resume needs --out, the run to go on with") }
  }

  func run(_ training: TrainingRun) throws {
    let folder =
      try isResuming
      ? RunFolder(resuming: folder, training)
      : RunFolder(creating: folder, settings: settings, model: training.model)
    Interrupt.listen()
    Output.message(
      "\(training.sourceName): \(training.model.layout.parameterCount.formatted()) parameters, "
        + "L \(settings.window), T \(settings.target), \(settings.method) + \(settings.scaling), "
        + "\(settings.steps) steps of \(settings.batch)")
    do {
      try train(training, into: folder)
    } catch {
      // What the run has come to is no good, or cannot be written; the last checkpoint is whole.
      Output.endProgress()
      let isKept = FileManager.default.fileExists(atPath: folder.checkpointPath)
      Output.message(
        isKept
          ? "the last checkpoint stays in \(folder.checkpointPath)"
          : "there is no checkpoint yet; --checkpoint-every K keeps one")
      throw error
    }
    Output.endProgress()
    if let after = try evaluation(of: training) { Output.message(comparison(training.before, after)) }
    Output.message("step \(training.stepCount) of \(settings.steps); model in \(folder.checkpointPath)")
  }

  private func train(_ training: TrainingRun, into folder: RunFolder) throws {
    if !isResuming { try emit(training.before, to: folder) }
    while training.stepCount < settings.steps, !Interrupt.isRequested {
      let record = try training.step().record
      try emit(record, to: folder)
      report(record)
      if training.isEvaluationDue, let evaluation = try evaluation(of: training) { try emit(evaluation, to: folder) }
      let isDue = settings.checkpointEvery > 0 && record.step % settings.checkpointEvery == 0
      if isDue, record.step < settings.steps { try folder.saveCheckpoint(of: training) }
    }
    try folder.saveCheckpoint(of: training)
  }

  /// How far the model reads now; nil for whoever ends a run early, who waits for its checkpoint, not for numbers.
  private func evaluation(of training: TrainingRun) throws -> EvaluationRecord? {
    do {
      return try Interrupt.isRequested ? nil : training.evaluate { !Interrupt.isRequested }
    } catch is CancellationError {
      return nil
    }
  }

  private func emit(_ record: some Encodable, to folder: RunFolder) throws {
    try folder.append(record)
    if wantsJSON { Output.text(try RunFolder.line(record) + "\n") }
  }

  /// Perplexity by context size, before and after.
  private func comparison(_ before: EvaluationRecord, _ after: EvaluationRecord) -> String {
    let parts = after.lengths.map { length in
      let (was, now) = (before.perplexity(at: length) ?? .nan, after.perplexity(at: length) ?? .nan)
      return "\(length): \(String(format: "%.4g -> %.4g", was, now))"
    }
    return "perplexity by context  " + parts.joined(separator: "   ")
  }

  private func report(_ record: StepRecord) {
    let rate = Double(record.tokens) / max(record.seconds, 1e-9)
    let left = record.seconds / Double(record.step) * Double(settings.steps - record.step)
    let loss = String(format: "%.4f", record.loss)
    Output.progress(
      "step \(record.step)/\(settings.steps)  loss \(loss)  \(Int(rate).formatted()) tokens/s  \(Int(left.rounded())) s left"
    )
  }
}
