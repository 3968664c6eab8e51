import FineTuning
import Foundation
import Positions
import Transformer

/// `eval`: measures how far a model reads.
struct EvalVerb: Verb {
  static let name = "eval"
  static let summary = "measures how far a model reads: \(operands.joined(separator: ", "))"
  static let example = "skipwise eval passkey --model runs/first --lengths 128,256,512,1024 --trials 100"
  static let operands = [
    SlidingPerplexity.name, PositionPerplexity.name, PasskeyAccuracy.name, PasskeyAccuracy.gridName,
    RecallAccuracy.name, DistanceLoss.name,
  ]
  static let options: [Option] = [
    RunOptions.model,
    .choice("scaling", "NAME", "read with this rotary scaling instead", of: ScalingRegistry.names),
    .value("target", "T", "target window that the scaling is for (default: the longest length)"),
    .value("lengths", "LIST", "context sizes in tokens (default: L, 2 L … T of the model)"),
    .value("window", "W", "perplexity: the one context size to measure"),
    .value("stride", "S", "perplexity: tokens that the window moves at a time (default: half the shortest length)"),
    .value("documents", "K", "perplexity: documents to read (default: 8)"),
    .value("depths", "LIST", "needle: depths in percent (default: 0,10,…,100)"),
    .value("trials", "K", "passkey, needle, recall, distance: texts for each number (default: 50; needle 10)"),
    .value(
      "text", "PATH", "perplexity: a file or folder to read; may be repeated (default: what the model was made for)"),
    .choice("task", "NAME", "perplexity: a generator instead", of: TaskRegistry.names),
    .value("seed", "S", "seed of the texts (default: 0)"),
    .value("threads", "N", "threads that compute; the result does not depend on it"),
    .flag("json", "one JSON object"),
  ]

  private let folder: String
  private let scaling: String?
  private let target: Int
  private let evaluation: any Evaluation
  private let stride: Int
  private let trials: Int
  private let threads: Int
  private let wantsJSON: Bool

  init(_ arguments: Arguments) throws {
    guard arguments.operands.count == 1, let measure = arguments.operands.first, Self.operands.contains(measure) else {
      throw UsageError("name one of \(Self.operands.joined(separator: ", "))")
    }
    folder = try Installation.modelFolder(arguments.string("model") ?? BaseModel.keys.name)
    let configuration = try ModelFolder.configuration(folder)
    scaling = try arguments.choice("scaling")
    threads = try arguments.integer("threads", in: 1...1024) ?? Processor.coreCount
    let window = try arguments.integer("window", in: 2...RunOptions.longest)
    guard window == nil || arguments.string("lengths") == nil else {
      throw UsageError("--window and --lengths exclude each other")
    }
    let asked = try arguments.integers("lengths", in: 2...RunOptions.longest) ?? window.map { [$0] }
    let reach = try arguments.integer("target", in: 1...RunOptions.longest)
    let lengths = asked ?? Self.lengths(configuration, reach: reach ?? configuration.maximumPositions)
    let longest = lengths.max() ?? 2
    target = reach ?? max(longest, configuration.scaling.originalWindow)
    trials = try arguments.integer("trials", in: 1...1_000_000) ?? (measure == PasskeyAccuracy.gridName ? 10 : 50)
    stride = try arguments.integer("stride", in: 1...RunOptions.longest) ?? max(1, (lengths.min() ?? 2) / 2)
    wantsJSON = arguments.has("json")
    let seed = try arguments.seed() ?? 0
    let documents = try arguments.integer("documents", in: 1...1_000_000) ?? 8
    switch measure {
    case PasskeyAccuracy.name: evaluation = try PasskeyAccuracy(lengths: lengths, trials: trials, seed: seed)
    case PasskeyAccuracy.gridName:
      let depths = try arguments.integers("depths", in: 0...100) ?? Array(Swift.stride(from: 0, through: 100, by: 10))
      evaluation = try PasskeyAccuracy(
        lengths: lengths, depths: depths.map { Double($0) / 100 }, trials: trials, seed: seed)
    case RecallAccuracy.name: evaluation = try RecallAccuracy(lengths: lengths, trials: trials, seed: seed)
    case DistanceLoss.name:
      let distances = DistanceLoss.distances(window: configuration.scaling.originalWindow, target: longest)
      evaluation = try DistanceLoss(length: longest, distances: distances, trials: trials, seed: seed)
    default:
      let source = try Self.source(arguments, folder)
      evaluation =
        measure == PositionPerplexity.name
        ? try PositionPerplexity(of: source, length: longest, stretches: 16, documents: documents, seed: seed)
        : try SlidingPerplexity(of: source, lengths: lengths, stride: stride, documents: documents, seed: seed)
    }
    try Self.checkMemory(configuration, length: longest, threads: threads)
    let made = scaling == nil ? configuration.maximumPositions : target
    if longest > made {
      Output.message("the model is made for \(made) positions; longer lengths show how it fails beyond them")
    }
  }

  /// L, 2 L … up to what the model reaches.
  private static func lengths(_ configuration: TransformerConfiguration, reach: Int) -> [Int] {
    let window = min(configuration.scaling.originalWindow, reach)
    return Array(sequence(first: max(2, window)) { $0 * 2 }.prefix { $0 < reach }) + [max(2, reach)]
  }

  private static func source(_ arguments: Arguments, _ folder: String) throws -> any TextSource {
    let texts = arguments.strings("text")
    guard texts.isEmpty || arguments.string("task") == nil else {
      throw UsageError("--text and --task exclude each other")
    }
    if !texts.isEmpty { return try Corpus(paths: texts) }
    let task = arguments.string("task") ?? BaseModel.of(folder)?.task ?? KeyValueTask.name
    return try TaskRegistry.task(named: task)
  }

  /// Refuses lengths that would not fit, before anything is read.
  private static func checkMemory(_ configuration: TransformerConfiguration, length: Int, threads: Int) throws {
    let needed = Inference.bytesNeeded(configuration, length: length, threads: threads)
    let available = Int(clamping: ProcessInfo.processInfo.physicalMemory) / 10 * 9
    guard needed > available else { return }
    throw EvaluationError.tooLarge(
      length: length, megabytes: needed >> 20, available: available >> 20,
      fitting: Int(Double(length) * Double(available) / Double(needed)))
  }

  func run() throws {
    Interrupt.listen()
    let model = try ModelFolder.load(folder)
    if let scaling {
      var settings = RunSettings(window: model.configuration.scaling.originalWindow, target: target)
      settings.scaling = scaling
      model.use(scaling: try settings.rotaryScaling(for: model.configuration), maximumPositions: target)
    }
    let start = ContinuousClock.now
    let result: EvaluationResult
    do {
      result = try evaluation.run(Inference(model, threads: threads)) { _, share in
        let seconds = start.duration(to: .now).inSeconds
        let left = share > 0 ? Int((seconds * (1 - share) / share).rounded()) : 0
        Output.progress("\(Int(100 * share)) %  \(left) s left")
        return !Interrupt.isRequested
      }
    } catch is CancellationError {
      Output.endProgress()
      return
    }
    Output.endProgress()
    try wantsJSON ? Output.json(Record(result, self)) : Output.text(table(result))
  }

  private func table(_ result: EvaluationResult) -> String {
    let digits = result.values.joined().contains { ($0 ?? 0) > 100 } ? 1 : 3
    func cell(_ value: Double?) -> String { value.map { String(format: "%10.\(digits)f", $0) } ?? "         -" }
    let head = "      " + result.columns.map { String(format: "%10d", $0) }.joined()
    let rows = zip(result.rows, result.values).map { row, values in
      (result.rows.count > 1 ? String(format: "%4.0f %%", 100 * row) : "      ")
        + values.map(cell).joined()
    }
    return ([evaluation.measure, head] + rows).joined(separator: "\n") + "\n"
  }

  /// The contract of `eval --json`.
  private struct Record: Encodable {
    var eval: String
    var stride: Int?
    var trials: Int?
    var results: [String: Double]?
    var lengths: [Int]?
    var depths: [Double]?
    var accuracy: [[Double]]?

    init(_ result: EvaluationResult, _ verb: EvalVerb) {
      let values = result.values.map { $0.map { $0 ?? .nan } }
      eval = verb.evaluation.measure
      let isPerplexity = [SlidingPerplexity.name, PositionPerplexity.name].contains(eval)
      stride = eval == SlidingPerplexity.name ? verb.stride : nil
      trials = isPerplexity ? nil : verb.trials
      if eval == PasskeyAccuracy.gridName {
        (lengths, depths, accuracy) = (result.columns, result.rows, values)
      } else {
        results = Dictionary(uniqueKeysWithValues: zip(result.columns.map(String.init), values.first ?? []))
      }
    }
  }
}
