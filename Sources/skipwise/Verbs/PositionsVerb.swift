import FineTuning
import Foundation
import Positions

/// `positions`: draws the layouts that a run with these settings and this seed trains on.
struct PositionsVerb: Verb {
  static let name = "positions"
  static let summary = "draws the position layouts of training examples"
  static let example = "skipwise positions --sampler pose --window 256 --target 2048 --chunks 2 --seed 7 --count 3"
  static let options: [Option] = [
    .value("sampler", "NAME", "\(SamplerRegistry.names.joined(separator: ", ")) (default: pose)"),
    .value("window", "L", "training window in tokens (default: 256)"),
    .value("target", "T", "target window in tokens (default: 8 × L)"),
    .value("chunks", "N", "chunks in a window (default: 2)"),
    .value("content", "RULE", "random, continuous or aligned (default: random)"),
    .value("text-length", "TOKENS", "tokens of text an example may draw from (default: T)"),
    .value("seed", "S", "seed of the draws (default: 0)"),
    .value("count", "K", "layouts to draw (default: 1)"),
    .flag("positions", "also every position index"),
    .flag("json", "a JSON object a line"),
  ]

  /// A layout as `--json` prints it.
  private struct Line: Encodable {
    var sampler: String
    var window: Int
    var target: Int
    var seed: UInt64
    var index: Int
    var chunks: [StepRecord.ChunkRecord]
    var positions: [Int]?
  }

  private let sampler: any PositionSampler
  private let seed: UInt64
  private let count: Int
  private let wantsPositions: Bool
  private let wantsJSON: Bool

  init(_ arguments: Arguments) throws {
    let window = try arguments.integer("window", in: 1...Self.longest) ?? 256
    let target = try arguments.integer("target", in: 1...Self.longest) ?? min(8 * window, Self.longest)
    var settings = SamplerSettings(window: try TokenWindow(training: window, target: target))
    settings.chunkCount = try arguments.integer("chunks", in: 1...Self.longest) ?? 2
    let rules = ContentRule.allCases.map(\.rawValue)
    settings.content =
      try arguments.choice("content", of: rules).flatMap(ContentRule.init(rawValue:)) ?? settings.content
    settings.textLength = try arguments.integer("text-length", in: 1...Self.longest) ?? target
    sampler = try SamplerRegistry.sampler(named: arguments.string("sampler") ?? "pose", settings)
    seed = try arguments.seed() ?? 0
    count = try arguments.integer("count", in: 0...1_000_000_000) ?? 1
    wantsPositions = arguments.has("positions")
    wantsJSON = arguments.has("json")
    let listed = sampler.name == FullSampler.name ? target : window
    guard !wantsPositions && sampler.name != RandomPositionSampler.name || listed <= RunOptions.longest else {
      throw UsageError("a list of \(listed) positions is too long; choose a window of at most \(RunOptions.longest)")
    }
  }

  /// Positions are 32-bit numbers.
  private static let longest = Int(Int32.max)

  func run() throws {
    Interrupt.listen()
    for index in 0..<count where !Interrupt.isRequested {
      let layout = sampler.layout(seed: seed, example: index)
      if wantsJSON { try Output.json(line(layout, index)) } else { Output.text(drawing(layout, index)) }
    }
  }

  private func line(_ layout: PositionLayout, _ index: Int) -> Line {
    Line(
      sampler: sampler.name, window: layout.window.training, target: layout.window.target, seed: seed, index: index,
      chunks: layout.chunks.map(StepRecord.ChunkRecord.init),
      positions: wantsPositions || layout.chunks.isEmpty ? layout.positions : nil)
  }

  /// The layout as text: a lane over the target window, then a line a chunk.
  private func drawing(_ layout: PositionLayout, _ index: Int) -> String {
    let columns = 64
    let target = layout.window.target
    var lane = Array(repeating: Character("·"), count: columns)
    func mark(_ range: Range<Int>, _ letter: Character) {
      let first = range.lowerBound * columns / target
      let last = max(first, (range.upperBound - 1) * columns / target)
      for column in first...last { lane[column] = letter }
    }
    let name = "\(sampler.name) L \(layout.window.training) T \(target) seed \(seed) example \(index)"
    var text = name + "\n"
    for (number, chunk) in layout.chunks.enumerated() { mark(chunk.positions, Self.letter(number)) }
    if layout.chunks.isEmpty { for position in layout.positions { mark(position..<position + 1, "▪") } }
    text += "0 " + String(lane) + " \(target - 1)\n"
    for (number, chunk) in layout.chunks.enumerated().prefix(32) {
      text +=
        "  \(Self.letter(number))  \(chunk.length) tokens at \(chunk.positions.lowerBound) … "
        + "\(chunk.positions.upperBound - 1)  u \(chunk.skipBias)  v \(chunk.contentOffset)\n"
    }
    if layout.chunks.count > 32 { text += "  … and \(layout.chunks.count - 32) more\n" }
    if wantsPositions { text += layout.positions.map(String.init).joined(separator: " ") + "\n" }
    return text
  }

  private static func letter(_ index: Int) -> Character {
    Character(UnicodeScalar(UInt8(65 + index % 26)))
  }
}
