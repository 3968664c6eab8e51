import Foundation
import Positions
import Transformer

/// Everything that decides what a run computes; with the base model and the text it repeats the run bit for bit.
public struct RunSettings: Encodable, Hashable, Sendable {
  /// The model to start from: the name of one that ships with the program, or a folder; empty for one made from nothing.
  public var model: String
  /// The shape of a model made from nothing; nil for one that is loaded.
  public var fresh: FreshModel?
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
  /// Which tokens fill the chunks.
  public var content: ContentRule
  /// How `pose` cuts the window.
  public var split: ChunkSplit
  /// How `pose` draws its skips.
  public var biases: BiasDraw
  /// What the last token of a chunk is asked to predict.
  public var seam: SeamRule
  /// The pair mass that `balanced` aims at, as `SamplerSettings.wantedMass` has it.
  public var wantedMass: [Double]
  /// The chunks of `scripted`.
  public var script: [Chunk]
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
    content = .random
    split = .uniform
    biases = .chained
    seam = .kept
    wantedMass = []
    script = []
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
    // Earlier versions did not write the shape of what they made from nothing; the checkpoint's own shape is checked anyway.
    if saved.fresh == nil, saved.model.isEmpty { other.fresh = fresh }
    return self == other
  }

  public var schedule: LearningRateSchedule {
    LearningRateSchedule(
      peak: learningRate, warmupSteps: warmup, totalSteps: steps,
      decay: LearningRateSchedule.Decay(rawValue: decay) ?? .cosine)
  }

  public var optimizer: AdamWSettings { AdamWSettings(weightDecay: weightDecay, clipNorm: clipNorm) }

  /// - Throws: `PositionError` where window and target clash, or the target is beyond `longest`.
  public func samplerSettings() throws(PositionError) -> SamplerSettings {
    // Some models are said to read a thousand million positions, and screens count every distance.
    guard target <= Self.longest else {
      throw .invalidSetting(name: "the target window", value: "\(target)", expected: "at most \(Self.longest)")
    }
    var settings = SamplerSettings(
      window: try TokenWindow(training: window, target: target), chunkCount: chunks, content: content)
    settings.split = split
    settings.biases = biases
    settings.wantedMass = wantedMass
    settings.script = script
    // A script may take its tokens from anywhere in what it names.
    settings.textLength = max(target, script.map(\.tokens.upperBound).max() ?? 0)
    return settings
  }

  /// - Throws: `PositionError` where window, target, chunks, sampler or content clash.
  public func sampler() throws(PositionError) -> any PositionSampler {
    try SamplerRegistry.sampler(named: method, samplerSettings())
  }

  /// The layout of a run's example, 0 for the first, as far as it can be known without its files: where sentences end in
  /// them is left out.
  public func layout(example: Int) throws(PositionError) -> PositionLayout { try layouts()(example) }

  /// The same for many examples: what they have in common is checked and made once.
  func layouts() throws(PositionError) -> (Int) -> PositionLayout {
    let (settings, sampler, seed) = (try samplerSettings(), try sampler(), seed)
    let type = try SamplerRegistry.type(named: method)
    guard type.reads.contains(.sentenceEnds), texts.isEmpty else { return { sampler.layout(seed: seed, example: $0) } }
    let source = try TaskRegistry.task(named: task)
    return { example in
      var random = RandomStream(seed: seed, path: [UInt64(example), 0])
      let text = source.text(
        minimum: settings.window.training, wanted: settings.textLength, progress: 0, using: &random)
      var known = settings
      known.sentenceEnds = sentenceEnds(in: text)
      // Where sentences end does not decide whether settings can be met.
      return ((try? type.init(known)) ?? sampler).layout(seed: seed, example: example)
    }
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
    var words = ["skipwise", fresh == nil ? "train" : "pretrain"]
    if !model.isEmpty { words += ["--model", model] }
    words += texts.isEmpty ? ["--task", task] : texts.flatMap { ["--text", $0] }
    // What is made from nothing is trained on contiguous windows.
    words +=
      fresh?.words ?? [
        "--method", method, "--scaling", scaling, "--target", "\(target)", "--chunks", "\(chunks)",
        "--content", content.rawValue,
      ]
    words += [
      "--window", "\(window)", "--steps", "\(steps)", "--batch", "\(batch)", "--lr", "\(learningRate)", "--warmup",
      "\(warmup)", "--decay", decay,
      "--weight-decay", "\(weightDecay)", "--clip", "\(clipNorm)", "--seed", "\(seed)",
    ]
    if fresh == nil { words += ruleWords }
    return words.map(Self.quoted).joined(separator: " ")
  }

  /// The rules that differ from what is drawn without saying.
  private var ruleWords: [String] {
    func list<Number>(_ name: String, _ numbers: [Number]) -> [String] {
      numbers.isEmpty ? [] : ["--" + name, numbers.map { "\($0)" }.joined(separator: ",")]
    }
    return (split == .uniform ? [] : ["--split", split.rawValue])
      + (biases == .chained ? [] : ["--biases", biases.rawValue])
      + (seam == .kept ? [] : ["--seam", seam.rawValue])
      + list("wanted", wantedMass) + list("lengths", script.map(\.length))
      + list("skips", script.map(\.skipBias)) + list("offsets", script.map(\.contentOffset))
  }

  /// A word as a shell reads it back.
  private static func quoted(_ word: String) -> String {
    let plain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./+=:,".contains($0)) }
    return plain && !word.isEmpty ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}

extension RunSettings: Decodable {
  /// The longest window of a run: positions need a row of angles each, and chunks a value each.
  public static let longest = 1 << 22

  /// Reads what a run wrote; a rule that it did not know yet has the value that it drew by.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    model = try fields.decode(String.self, forKey: .model)
    texts = try fields.decode([String].self, forKey: .texts)
    task = try fields.decode(String.self, forKey: .task)
    method = try fields.decode(String.self, forKey: .method)
    window = try fields.whole(1...Self.longest, forKey: .window)
    target = try fields.whole(1...Self.longest, forKey: .target)
    chunks = try fields.whole(1...Self.longest, forKey: .chunks)
    content = try fields.decode(ContentRule.self, forKey: .content)
    scaling = try fields.decode(String.self, forKey: .scaling)
    steps = try fields.whole(.counts, forKey: .steps)
    batch = try fields.whole(1...65_536, forKey: .batch)
    learningRate = try fields.decode(Double.self, forKey: .learningRate)
    warmup = try fields.whole(.counts, forKey: .warmup)
    decay = try fields.decode(String.self, forKey: .decay)
    weightDecay = try fields.decode(Double.self, forKey: .weightDecay)
    clipNorm = try fields.decode(Double.self, forKey: .clipNorm)
    seed = try fields.decode(UInt64.self, forKey: .seed)
    checkpointEvery = try fields.whole(.counts, forKey: .checkpointEvery)
    evaluateEvery = try fields.whole(.counts, forKey: .evaluateEvery)
    split = try fields.decodeIfPresent(ChunkSplit.self, forKey: .split) ?? split
    biases = try fields.decodeIfPresent(BiasDraw.self, forKey: .biases) ?? biases
    seam = try fields.decodeIfPresent(SeamRule.self, forKey: .seam) ?? seam
    wantedMass = try fields.decodeIfPresent([Double].self, forKey: .wantedMass) ?? wantedMass
    script = try fields.decodeIfPresent([Chunk].self, forKey: .script) ?? script
    fresh = try fields.decodeIfPresent(FreshModel.self, forKey: .fresh)
  }
}
