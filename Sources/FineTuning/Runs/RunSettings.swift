import Foundation
import Positions
import Transformer

/// Everything that decides what a run computes; with the base model and the text it repeats the run bit for bit.
public struct RunSettings: Codable, Hashable, Sendable {
  /// The folder of the model to start from; empty for a model made from nothing.
  public var model: String
  /// Files and folders of text; empty where a task generates it.
  public var texts: [String]
  /// The task that generates text where no file is given.
  public var task: String
  /// The position sampler: `pose`, `randpos`, `contiguous`, `full` …
  public var method: String
  /// L, the training window.
  public var window: Int
  /// T, the target window.
  public var target: Int
  /// N.
  public var chunks: Int
  /// Which tokens fill the chunks: `random`, `continuous` or `aligned`.
  public var content: String
  public var scaling: String
  public var steps: Int
  /// Sequences in a step.
  public var batch: Int
  public var learningRate: Double
  public var warmup: Int
  public var decay: String
  public var weightDecay: Double
  public var clipNorm: Double
  public var seed: UInt64
  /// Steps between checkpoints; 0 writes one at the end alone.
  public var checkpointEvery: Int
  /// Steps between evaluations of perplexity by context size; 0 measures at the end alone.
  public var evaluateEvery: Int

  /// The defaults of fine-tuning the shipped base model, as its recipe has them.
  public init(model: String = "", window: Int = 128, target: Int = 1024) {
    self.model = model
    texts = []
    task = KeyValueTask.name
    method = "pose"
    self.window = window
    self.target = target
    chunks = 2
    content = ContentRule.random.rawValue
    scaling = "yarn"
    steps = 200
    batch = 32
    learningRate = 1e-3
    warmup = 10
    decay = LearningRateSchedule.Decay.cosine.rawValue
    weightDecay = 0.1
    clipNorm = 1
    seed = 0
    checkpointEvery = 0
    evaluateEvery = 20
  }

  /// Whether a run with these settings can go on from a checkpoint of `saved`: everything that shows in the numbers is the same.
  func continues(_ saved: RunSettings) -> Bool {
    var other = saved
    other.checkpointEvery = checkpointEvery
    other.evaluateEvery = evaluateEvery
    return self == other
  }

  public var schedule: LearningRateSchedule {
    LearningRateSchedule(
      peak: learningRate, warmupSteps: warmup, totalSteps: steps,
      decay: LearningRateSchedule.Decay(rawValue: decay) ?? .cosine)
  }

  public var optimizer: AdamWSettings { AdamWSettings(weightDecay: weightDecay, clipNorm: clipNorm) }

  /// - Throws: `PositionError` where window, target, chunks, sampler or content clash.
  public func samplerSettings() throws(PositionError) -> SamplerSettings {
    guard let rule = ContentRule(rawValue: content) else {
      throw .unknownName(kind: "content", name: content, known: ContentRule.allCases.map(\.rawValue))
    }
    return SamplerSettings(
      window: try TokenWindow(training: window, target: target), chunkCount: chunks, content: rule)
  }

  /// The layout of a run's example, 0 for the first, as far as it can be known without its files: where sentences end in
  /// them is left out.
  public func layout(example: Int) throws(PositionError) -> PositionLayout {
    var sampler = try samplerSettings()
    let type = try SamplerRegistry.type(named: method)
    if type.readsSentences, texts.isEmpty {
      var random = RandomStream(seed: seed, path: [UInt64(example), 0])
      let text = try TaskRegistry.task(named: task).text(
        minimum: window, wanted: sampler.textLength, progress: 0, using: &random)
      sampler.sentenceEnds = sentenceEnds(in: text)
    }
    return try type.init(sampler).layout(seed: seed, example: example)
  }

  /// The scaling that stretches a model's original window to the target, s = T / L0.
  public func rotaryScaling(
    for configuration: TransformerConfiguration
  ) throws(PositionError) -> any RotaryScaling {
    var settings = ScalingSettings(
      base: configuration.scaling.base, headDimension: configuration.headDimension,
      originalWindow: configuration.scaling.originalWindow)
    settings.factor = max(1, Double(target) / Double(settings.originalWindow))
    return try ScalingRegistry.scaling(named: scaling, settings)
  }

  /// The command line that repeats the run.
  public var command: String {
    var words = ["skipwise", "train"]
    if !model.isEmpty { words += ["--model", model] }
    words += texts.isEmpty ? ["--task", task] : texts.flatMap { ["--text", $0] }
    words += [
      "--method", method, "--scaling", scaling, "--window", "\(window)", "--target", "\(target)",
      "--chunks", "\(chunks)", "--content", content, "--steps", "\(steps)", "--batch", "\(batch)",
      "--lr", "\(learningRate)", "--warmup", "\(warmup)", "--decay", decay,
      "--weight-decay", "\(weightDecay)", "--clip", "\(clipNorm)", "--seed", "\(seed)",
    ]
    return words.map(Self.quoted).joined(separator: " ")
  }

  /// A word as a shell reads it back.
  private static func quoted(_ word: String) -> String {
    let plain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./+=:,".contains($0)) }
    return plain && !word.isEmpty ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}
