import FineTuning
import Foundation
import Positions
import Transformer

/// `generate`: goes on with a text, token by token, with a key/value cache.
struct GenerateVerb: Verb {
  static let name = "generate"
  static let summary = "goes on with a text, token by token"
  static let example =
    "skipwise generate --prompt 'amber holds 48213. the river passes the harbour. amber holds ' --tokens 6"
  static let options: [Option] = [
    RunOptions.model,
    .value("prompt", "TEXT", "what to go on with"),
    .value("prompt-file", "FILE", "the same from a file"),
    .value("tokens", "N", "tokens to write (default: 64)"),
    .value("temperature", "T", "0 takes the most likely token, 1 draws as the model says (default: 0)"),
    .value("top", "K", "draw from the K most likely tokens (default: all)"),
    .value("seed", "S", "seed of the draws (default: 0)"),
    .flag("json", "one JSON object when all is written"),
  ]

  private struct Result: Encodable {
    var prompt: String
    var text: String
    var tokens: [Int32]
    var tokensPerSecond: Double
  }

  private let modelPath: String
  private let prompt: [UInt8]
  private let count: Int
  private let sampling: TokenSampling
  private let seed: UInt64
  private let wantsJSON: Bool

  init(_ arguments: Arguments) throws {
    modelPath = try Installation.modelFolder(arguments.string("model") ?? BaseModel.keys.name)
    prompt = try Self.prompt(arguments, verb: Self.name)
    count = try arguments.integer("tokens", in: 0...1_000_000) ?? 64
    sampling = TokenSampling(
      temperature: try arguments.number("temperature", above: 0, orEqual: true) ?? 0,
      topCount: try arguments.integer("top", in: 1...1_000_000) ?? 0)
    seed = try arguments.seed() ?? 0
    wantsJSON = arguments.has("json")
  }

  /// The bytes of `--prompt` or `--prompt-file`.
  ///
  /// - Throws: `UsageError` where neither or both are given, or where there is nothing in them.
  static func prompt(_ arguments: Arguments, verb: String) throws -> [UInt8] {
    let bytes: [UInt8]
    switch (arguments.string("prompt"), arguments.string("prompt-file")) {
    case (let text?, nil): bytes = Array(text.utf8)
    case (nil, let path?): bytes = Array(try ModelFile.contents(of: path))
    case (nil, nil): throw UsageError("\(verb) needs --prompt or --prompt-file")
    default: throw UsageError("--prompt and --prompt-file exclude each other")
    }
    guard !bytes.isEmpty else { throw UsageError("the prompt is empty; it needs at least one byte") }
    return bytes
  }

  func run() throws {
    Interrupt.listen()
    let decoder = CachedDecoder(try ModelFolder.load(modelPath), capacity: prompt.count + count)
    var random = RandomStream(seed: seed, path: [2])
    for byte in prompt.dropLast() { try decoder.read(Int32(byte)) }
    var logits = try decoder.read(Int32(prompt[prompt.count - 1]))
    var written: [Int32] = []
    // Bytes of a letter that is not whole yet.
    var pending: [UInt8] = []
    if !wantsJSON { Output.text(String(decoding: prompt, as: UTF8.self)) }
    let start = ContinuousClock.now
    while written.count < count, !Interrupt.isRequested {
      let token = sampling.next(logits, using: &random)
      written.append(token)
      if let byte = UInt8(exactly: token) { pending.append(byte) }
      if !wantsJSON, let text = String(validating: pending, as: UTF8.self) ?? broken(pending) {
        Output.text(text)
        pending.removeAll()
      }
      if written.count < count { logits = try decoder.read(token) }
    }
    let seconds = start.duration(to: .now).inSeconds
    guard wantsJSON else { return Output.text("\n") }
    try Output.json(
      Result(
        prompt: String(decoding: prompt, as: UTF8.self), text: ByteTokenizer().text(written), tokens: written,
        tokensPerSecond: Double(written.count) / max(seconds, 1e-9)))
  }

  /// Bytes that can no longer become a letter.
  private func broken(_ bytes: [UInt8]) -> String? { bytes.count >= 4 ? String(decoding: bytes, as: UTF8.self) : nil }
}
