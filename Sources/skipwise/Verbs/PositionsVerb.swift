import FineTuning
import Foundation
import Positions

/// `positions`: draws the layouts that a run with these settings and this seed trains on.
struct PositionsVerb: Verb {
  static let name = "positions"
  static let summary = "draws the position layouts of training examples"
  static let example = "skipwise positions --sampler pose --window 256 --target 2048 --chunks 2 --seed 7 --count 3"
  static let options: [Option] =
    SamplerOptions.shared + [
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
    var chunks: [Chunk]
    var positions: [Int]?
  }

  private let sampler: any PositionSampler
  private let seed: UInt64
  private let count: Int
  private let wantsPositions: Bool
  private let wantsJSON: Bool

  init(_ arguments: Arguments) throws {
    sampler = try SamplerOptions.sampler(arguments)
    seed = try arguments.seed() ?? 0
    count = try arguments.integer("count", in: 0...1_000_000_000) ?? 1
    wantsPositions = arguments.has("positions")
    wantsJSON = arguments.has("json")
    let length = sampler.name == FullSampler.name ? sampler.window.target : sampler.window.training
    guard length <= RunOptions.longest || !(wantsPositions || sampler is RandomPositionSampler) else {
      throw UsageError("a list of \(length) positions is too long; choose a window of at most \(RunOptions.longest)")
    }
  }

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
      chunks: layout.chunks,
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
