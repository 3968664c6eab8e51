import Canvas
import FineTuning
import Foundation
import Positions
import Transformer
import Workbench

/// `reproduce`: computes a table or figure of the PoSE paper and draws it with its numbers.
struct ReproduceVerb: Verb {
  static let name = "reproduce"
  static let summary = "computes a table or figure of the PoSE paper: figure5"
  static let example = "skipwise reproduce figure5 --format svg --out figure5.svg"
  static let operands = ["figure5"]
  static let options: [Option] =
    [
      .value("window", "L", "training window (default: the paper's 2048)"),
      .value("target", "T", "target window (default: the paper's 16384)"),
      .value("samples", "K", "examples to draw where there is no closed form (default: 20000)"),
      .flag("quick", "draw 2000 examples"),
      .value("seed", "S", "seed of the draws (default: 0)"),
      .flag("json", "one JSON object with every distance"),
    ] + PictureOptions.shared

  private let window: TokenWindow
  private let samples: Int
  private let seed: UInt64
  private let wantsJSON: Bool
  private let picture: PictureOptions

  init(_ arguments: Arguments) throws {
    guard arguments.operands.count == 1 else {
      throw UsageError("name one of \(Self.operands.joined(separator: ", "))")
    }
    window = try TokenWindow(
      training: try arguments.integer("window", in: 3...SamplerOptions.longest) ?? 2048,
      target: try arguments.integer("target", in: 3...(1 << 20)) ?? 16_384)
    guard !(arguments.has("quick") && arguments.string("samples") != nil) else {
      throw UsageError("--quick and --samples exclude each other")
    }
    samples = try arguments.integer("samples", in: 100...100_000_000) ?? (arguments.has("quick") ? 2000 : 20_000)
    seed = try arguments.seed() ?? 0
    wantsJSON = arguments.has("json")
    picture = try PictureOptions(arguments, size: Size(100, 40))
  }

  func run() throws {
    Interrupt.listen()
    let figure = try CoverageFigure(window, samples: samples, seed: seed) { done, all in
      Output.progress("\(done.formatted()) of \(all.formatted()) examples")
      return !Interrupt.isRequested
    }
    Output.endProgress()
    guard !wantsJSON else { return try Output.json(Record(figure)) }
    try picture.write(figure.picture(picture.size, picture.look))
  }

  private struct Record: Encodable {
    struct Curve: Encodable {
      var name: String
      var sampler: String
      var chunks: Int
      var method: String
      var coverage: [Double]
      var standardError: [Double]?
      var samples: Int?
    }
    struct Finding: Encodable {
      var claim: String
      var holds: Bool
    }

    let figure = "figure5"
    var window: Int
    var target: Int
    var series: [Curve]
    var findings: [Finding]

    init(_ figure: CoverageFigure) {
      window = figure.window.training
      target = figure.window.target
      series = figure.series.map { curve in
        Curve(
          name: curve.name, sampler: curve.sampler, chunks: curve.chunks,
          method: curve.samples == nil ? "exact" : "monte-carlo", coverage: Array(curve.coverage.dropFirst()),
          standardError: curve.standardError.map { Array($0.dropFirst()) }, samples: curve.samples)
      }
      findings = figure.findings.map { Finding(claim: $0.claim, holds: $0.holds) }
    }
  }
}
