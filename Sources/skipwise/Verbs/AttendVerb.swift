import Canvas
import FineTuning
import Foundation
import Transformer
import Workbench

/// `attend`: the attention of chosen layers and heads over a text at given positions.
struct AttendVerb: Verb {
  static let name = "attend"
  static let summary = "attention of chosen layers and heads on a text at given positions"
  static let example =
    "skipwise attend --prompt 'amber holds 48213. amber holds ' --layers 1 --skip 19:400 --format svg --out map.svg"
  static let options: [Option] =
    [
      RunOptions.model,
      .value("prompt", "TEXT", "what is read"),
      .value("prompt-file", "FILE", "the same from a file"),
      .value("layers", "LIST", "layers, the first is 0 (default: all)"),
      .value("heads", "LIST", "heads, the first is 0 (default: all)"),
      .value("positions", "LIST", "the position of every token (default: 0, 1, 2 …)"),
      .value("skip", "LIST", "instead: from token I on, positions are U farther, I:U; several between commas"),
      .value("threads", "N", "threads that compute; the result does not depend on it"),
      .flag("json", "one JSON object a head, with every weight"),
      .flag("recording", "one JSON object a head, small enough for a lesson's recorded run"),
    ] + PictureOptions.shared

  /// The contract of `attend --json`, a line a head.
  private struct Record: Encodable {
    var layer: Int
    var head: Int
    var tokens: [Int32]
    var positions: [Int32]
    /// A row a query, each up to its own key.
    var weights: [[Float]]
  }

  private let folder: String
  private let tokens: [Int32]
  private let positions: [Int32]
  private let heads: [Inference.HeadAddress]
  private let threads: Int
  private let wantsJSON: Bool
  private let wantsRecording: Bool
  private let picture: PictureOptions

  /// A map takes tokens² numbers.
  private static let longest = 8192

  init(_ arguments: Arguments) throws {
    folder = try Installation.modelFolder(arguments.string("model") ?? BaseModel.keys.name)
    let shape = try ModelFolder.configuration(folder)
    let text = try GenerateVerb.prompt(arguments, verb: Self.name)
    guard text.count <= Self.longest else {
      throw UsageError("the prompt has \(text.count) bytes; attention maps are drawn for at most \(Self.longest)")
    }
    tokens = text.map(Int32.init)
    positions = try Self.positions(arguments, count: text.count)
    let layers = try arguments.integers("layers", in: 0...shape.layerCount - 1) ?? Array(0..<shape.layerCount)
    let chosen = try arguments.integers("heads", in: 0...shape.headCount - 1) ?? Array(0..<shape.headCount)
    heads = layers.flatMap { layer in chosen.map { Inference.HeadAddress(layer: layer, head: $0) } }
    threads = try arguments.integer("threads", in: 1...1024) ?? Processor.coreCount
    wantsJSON = arguments.has("json")
    wantsRecording = arguments.has("recording")
    picture = try PictureOptions(arguments, size: Size(100, 50))
  }

  /// - Throws: `UsageError` for positions that are not one a token or do not rise.
  private static func positions(_ arguments: Arguments, count: Int) throws -> [Int32] {
    let limit = RunOptions.longest - 1
    if let list = try arguments.integers("positions", in: 0...limit) {
      guard arguments.string("skip") == nil else { throw UsageError("--positions and --skip exclude each other") }
      guard list.count == count else {
        throw UsageError("--positions has \(list.count) numbers and the prompt \(count) bytes")
      }
      if let index = list.indices.dropFirst().first(where: { list[$0] <= list[$0 - 1] }) {
        throw UsageError("--positions must rise; \(list[index]) follows \(list[index - 1])")
      }
      return list.map(Int32.init)
    }
    var positions = Array(0..<count)
    for part in (arguments.string("skip") ?? "").split(separator: ",") {
      let numbers = part.split(separator: ":").map { Int($0) }
      guard numbers.count == 2, let from = numbers[0], let skip = numbers[1], (1..<max(2, count)).contains(from),
        (0...limit - count).contains(skip)
      else {
        throw UsageError(
          "--skip has '\(part)'; it must be TOKEN:SKIP, a token from 1 to \(max(1, count - 1)) and how far on")
      }
      for index in from..<count { positions[index] += skip }
    }
    if let last = positions.last, last > limit {
      throw UsageError("--skip leads to position \(last); positions end at \(limit)")
    }
    return positions.map(Int32.init)
  }

  func run() throws {
    let model = try ModelFolder.load(folder)
    let batch = try TokenBatch(
      sequenceCount: 1, length: tokens.count, tokens: tokens, positions: positions,
      targets: tokens.map { _ in TokenBatch.ignored }, vocabularySize: model.configuration.vocabularySize)
    let maps = Inference(model, threads: threads).run(batch, heads: heads).attention.first ?? []
    // In the order asked for.
    let ordered = heads.compactMap { head in maps.first { $0.layer == head.layer && $0.head == head.head } }
    if wantsRecording { return try record(ordered, model.configuration.scaling.originalWindow) }
    guard wantsJSON else {
      let figure = AttentionFigure(maps: ordered, positions: positions.map(Int.init))
      return try picture.write(figure.picture(picture.size, picture.look))
    }
    for map in ordered {
      try Output.json(
        Record(
          layer: map.layer, head: map.head, tokens: tokens, positions: positions,
          weights: (0..<map.tokens).map { query in
            Array(map.weights[query * map.tokens...query * map.tokens + query])
          }))
    }
  }

  private func record(_ maps: [Inference.AttentionMap], _ window: Int) throws {
    let places = positions.map(Int.init)
    let target = max(window, (places.last ?? 0) + 1)
    for map in maps {
      try Output.json(
        RecordedAttention(map, positions: places, tokens: tokens, window: window, target: target))
    }
  }
}
