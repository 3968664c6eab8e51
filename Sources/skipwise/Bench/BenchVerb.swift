import Foundation
import Transformer

/// `bench`: figures of this machine, each beside the peak of OpenBLAS' matrix products measured in the same run.
struct BenchVerb: Verb {
  static let name = "bench"
  static let summary =
    "measures this machine: training, PoSE against full length, long forward passes, generation, the screen"
  static let example = "skipwise bench train --width 128 --layers 4 --window 256 --batch 16"
  static let operands = ["train", "pose-vs-full", "long-eval", "generate", "ui"]
  static let options: [Option] = [
    .value("width", "D", "width of the residual stream (default: 128)"),
    .value("layers", "N", "layers (default: 4)"),
    .value("heads", "H", "heads (default: width / 64, at least 2)"),
    .value("hidden", "F", "width inside the feed-forward block (default: 2.5 × width)"),
    .value("vocabulary", "V", "tokens that there are (default: 256)"),
    .value("window", "L", "tokens in a sequence (default: 256; long-eval: 131072)"),
    .value("batch", "B", "sequences in a step (default: 16)"),
    .value("threads", "N", "threads that compute (default: all cores)"),
    .value("seconds", "S", "how long to measure (default: 10)"),
    .flag("json", "JSON, an object a line"),
  ]

  private enum Bench {
    case train(TrainBench)
    case poseAgainstFull(LengthBench)
    case long(LongEvaluationBench)
    case generation(GenerationBench)
    case screen(ScreenBench)
  }

  private let bench: Bench
  private let wantsJSON: Bool

  init(_ arguments: Arguments) throws {
    guard arguments.operands.count == 1 else {
      throw UsageError("name one of \(Self.operands.joined(separator: ", "))")
    }
    let name = arguments.operands[0]
    let isLong = name == "long-eval"
    let width = try arguments.integer("width", in: 8...16_384) ?? (isLong ? 64 : 128)
    let heads = try arguments.integer("heads", in: 1...1024) ?? max(2, width / 64)
    guard width % (2 * heads) == 0 else {
      throw UsageError("--heads is \(heads); the width \(width) must be a multiple of twice the heads")
    }
    let window = try arguments.integer("window", in: 1...(1 << 17)) ?? (isLong ? 1 << 17 : 256)
    let configuration = TransformerConfiguration(
      vocabularySize: try arguments.integer("vocabulary", in: 2...1_000_000) ?? 256, hiddenSize: width,
      intermediateSize: try arguments.integer("hidden", in: 1...65_536) ?? width * 5 / 2,
      layerCount: try arguments.integer("layers", in: 1...128) ?? (isLong ? 3 : 4), headCount: heads,
      maximumPositions: window)
    let batch = try arguments.integer("batch", in: 1...65_536) ?? 16
    let threads = try arguments.integer("threads", in: 1...1024) ?? Processor.coreCount
    let seconds = try arguments.number("seconds", above: 0) ?? 10
    switch name {
    case "train":
      bench = .train(
        TrainBench(configuration: configuration, window: window, batch: batch, threads: threads, seconds: seconds))
    case "pose-vs-full":
      bench = .poseAgainstFull(
        LengthBench(configuration: configuration, window: window, batch: batch, threads: threads, seconds: seconds))
    case "generate":
      bench = .generation(GenerationBench(configuration: configuration, window: window, seconds: seconds))
    case "ui": bench = .screen(ScreenBench(seconds: seconds))
    default: bench = .long(LongEvaluationBench(configuration: configuration, window: window, threads: threads))
    }
    wantsJSON = arguments.has("json")
  }

  func run() throws {
    Interrupt.listen()
    switch bench {
    case .train(let bench): try report(bench.run())
    case .poseAgainstFull(let bench): for row in try bench.run() { try report(row) }
    case .long(let bench): try report(bench.run())
    case .generation(let bench): try report(bench.run())
    case .screen(let bench): try report(bench.run())
    }
  }

  private func report(_ result: some Encodable & CustomStringConvertible) throws {
    if wantsJSON { try Output.json(result) } else { Output.text(result.description) }
  }
}
