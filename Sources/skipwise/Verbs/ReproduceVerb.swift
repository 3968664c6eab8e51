import Canvas
import FineTuning
import Foundation
import Positions
import Transformer
import Workbench

/// `reproduce`: computes a table or figure of the PoSE paper and draws it with its numbers.
struct ReproduceVerb: Verb {
  static let name = "reproduce"
  static let summary = "computes a table or figure of the PoSE paper, or a question beyond it"
  static let example = "skipwise reproduce table1 --quick --save results"
  static let operands = papers + ExperimentRegistry.names.filter { !papers.contains($0) } + ["all"]
  /// The tables and figures of the paper: what `all` computes.
  private static let papers = (ExperimentRegistry.paperNames + ["figure3", "figure5"]).sorted()
  static let options: [Option] =
    [
      .flag("quick", "a minute's work instead of a quarter of an hour's: fewer steps, texts and seeds"),
      .value("seeds", "K", "train with this many seeds (default: 3; quick 1)"),
      .value("steps", "K", "steps of fine-tuning (default: 200; quick 60)"),
      .value("trials", "K", "texts for each accuracy (default: 100; quick 20)"),
      .value("documents", "K", "documents for each perplexity (default: 8; quick 2)"),
      .choice("equal", "WHAT", "what arms have equal in a step", of: ["tokens", "examples"], default: "tokens"),
      .value(
        "samplers", "LIST", "samplers: which, with commas between (default: all)", known: SamplerRegistry.names),
      .value("scalings", "LIST", "samplers: with which scalings (default: yarn)", known: ScalingRegistry.names),
      .value("window", "L", "figure5: training window (default: the paper's 2048)"),
      .value("target", "T", "figure5: target window (default: the paper's 16384)"),
      .value("samples", "K", "figure5: examples to draw where there is no closed form (default: 20000; quick 2000)"),
      .value("seed", "S", "the first seed (default: 0)"),
      .value("threads", "N", "threads that compute; the result does not depend on it"),
      .flag("json", "one JSON object with every number"),
      .value("save", "DIR", "also write NAME.json, NAME.csv and NAME.svg there"),
    ] + PictureOptions.shared

  private let names: [String]
  private let isQuick: Bool
  private let samplers: [String]
  private let scalings: [String]
  private let size: ExperimentSize
  private let window: TokenWindow
  private let samples: Int
  private let seed: UInt64
  private let threads: Int
  private let wantsJSON: Bool
  private let picture: PictureOptions
  private let hasSize: Bool
  private let saveFolder: String?

  init(_ arguments: Arguments) throws {
    guard arguments.operands.count == 1, let name = arguments.operands.first, Self.operands.contains(name) else {
      throw UsageError("name one of \(Self.operands.joined(separator: ", "))")
    }
    names = name == "all" ? Self.papers : [name]
    isQuick = arguments.has("quick")
    window = try TokenWindow(
      training: try arguments.integer("window", in: 3...SamplerOptions.longest) ?? 2048,
      target: try arguments.integer("target", in: 3...(1 << 20)) ?? 16_384)
    guard !(isQuick && arguments.string("samples") != nil) else {
      throw UsageError("--quick and --samples exclude each other")
    }
    samples = try arguments.integer("samples", in: 100...100_000_000) ?? (isQuick ? 2000 : 20_000)
    seed = try arguments.seed() ?? 0
    var size = isQuick ? ExperimentSize.quick : .full
    size.steps = try arguments.integer("steps", in: 1...1_000_000) ?? size.steps
    let count = try arguments.integer("seeds", in: 1...1000) ?? size.seeds.count
    let first = seed
    size.seeds = (0..<UInt64(count)).map { first &+ $0 }
    size.trials = try arguments.integer("trials", in: 1...1_000_000) ?? size.trials
    size.documents = try arguments.integer("documents", in: 1...1_000_000) ?? size.documents
    size.hasEqualExamples = try arguments.choice("equal") == "examples"
    self.size = size
    samplers = try Self.names(arguments, "samplers", SamplerRegistry.names)
    scalings = try Self.names(arguments, "scalings", ScalingRegistry.names)
    threads = try arguments.integer("threads", in: 1...1024) ?? Processor.coreCount
    wantsJSON = arguments.has("json")
    hasSize = arguments.string("size") != nil
    picture = try PictureOptions(arguments, size: Size(100, 40))
    saveFolder = arguments.string("save")
  }

  private static func names(_ arguments: Arguments, _ option: String, _ known: [String]) throws -> [String] {
    let names = (arguments.string(option) ?? "").split(separator: ",").map(String.init)
    if let wrong = names.first(where: { !known.contains($0) }) {
      throw UsageError("--\(option) has '\(wrong)'; it must be of \(known.joined(separator: ", "))")
    }
    return names
  }

  func run() throws {
    Interrupt.listen()
    if let saveFolder { try DurableFile.createFolder(saveFolder) }
    var runner = ExperimentRunner(threads: threads)
    for name in names where !Interrupt.isRequested {
      if name == "samplers" {
        try reproduce(ExperimentRegistry.samplers(size, samplers: samplers, scalings: scalings), &runner)
      } else if let experiment = ExperimentRegistry.experiment(named: name, size) {
        try reproduce(experiment, &runner)
      } else if name == "figure3" {
        let (experiment, result) = try LengthFigure(threads: threads, isQuick: isQuick).run()
        try report(experiment, result)
      } else {
        try drawCoverage()
      }
    }
  }

  private func reproduce(_ experiment: Experiment, _ runner: inout ExperimentRunner) throws {
    let start = ContinuousClock.now
    let result: ExperimentResult
    do {
      result = try runner.run(experiment) { moment in
        let seconds = start.duration(to: .now).inSeconds
        let left = moment.share > 0.02 ? ", \(Int(seconds * (1 - moment.share) / moment.share)) s left" : ""
        Output.progress(
          "\(experiment.name)  \(Int(100 * moment.share)) %\(left)  \(moment.arm), seed \(moment.seed): \(moment.activity)"
        )
        return !Interrupt.isRequested
      }
    } catch is CancellationError {
      return Output.endProgress()
    }
    Output.endProgress()
    try report(experiment, result)
  }

  private func report(_ experiment: Experiment, _ result: ExperimentResult) throws {
    let record = ExperimentRecord(experiment, result)
    if let saveFolder {
      try save(record, experiment.name, to: saveFolder)
      try DurableFile.write(Data(result.csv.utf8), to: "\(saveFolder)/\(experiment.name).csv")
      try save(drawn(experiment, result), experiment.name, to: saveFolder)
    }
    try wantsJSON ? Output.json(record) : picture.write(drawn(experiment, result))
  }

  private func drawn(_ experiment: Experiment, _ result: ExperimentResult) -> Canvas {
    experiment.picture(
      result, columns: picture.size.columns, rows: hasSize ? picture.size.rows : nil, picture.look)
  }

  private func drawCoverage() throws {
    let figure = try CoverageFigure(window, samples: samples, seed: seed) { done, all in
      Output.progress("\(done.formatted()) of \(all.formatted()) examples")
      return !Interrupt.isRequested
    }
    Output.endProgress()
    let record = CoverageRecord(figure)
    if let saveFolder {
      try save(record, "figure5", to: saveFolder)
      try DurableFile.write(Data(record.csv.utf8), to: "\(saveFolder)/figure5.csv")
      try save(figure.picture(picture.size, picture.look), "figure5", to: saveFolder)
    }
    guard !wantsJSON else { return try Output.json(record) }
    try picture.write(figure.picture(picture.size, picture.look))
  }

  private func save(_ record: some Encodable, _ name: String, to folder: String) throws {
    try DurableFile.write(Data((try Output.jsonLine(record) + "\n").utf8), to: "\(folder)/\(name).json")
  }

  private func save(_ canvas: Canvas, _ name: String, to folder: String) throws {
    try DurableFile.write(Data(picture.svg(canvas).utf8), to: "\(folder)/\(name).svg")
  }
}
