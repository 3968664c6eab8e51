import Positions

/// The options that name a sampler and its settings.
enum SamplerOptions {
  /// Positions are 32-bit numbers.
  static let longest = Int(Int32.max)

  /// What names a sampler and its windows.
  static let shared: [Option] =
    [
      .choice("sampler", "NAME", of: SamplerRegistry.names, default: SkipWiseSampler.name),
      .value("window", "L", "training window in tokens (default: 256)"),
      .value("target", "T", "target window in tokens (default: 8 × L)"),
      .value("text-length", "TOKENS", "tokens of text an example may draw from (default: T)"),
      .value("sentence-ends", "LIST", "tokens behind which a sentence ends, for samplers that cut there"),
    ] + rules + [.value("seed", "S", "seed of the draws (default: 0)")]

  /// How examples are drawn and labelled.
  static let rules: [Option] = [
    .value("chunks", "N", "chunks in a window (default: 2)"),
    .choice("split", "RULE", "how pose cuts", of: ChunkSplit.self, default: "uniform"),
    .choice("biases", "RULE", "how pose draws skips", of: BiasDraw.self, default: "chained"),
    .choice("content", "RULE", of: ContentRule.self, default: "random"),
    .choice("seam", "RULE", "what a chunk's last token predicts", of: SeamRule.self, default: "kept"),
    .value("wanted", "LIST", "for balanced: weights of equal stretches of the distances 1 … T−1 (default: all alike)"),
    .value("lengths", "LIST", "for scripted: the chunks' lengths, separated by commas"),
    .value("skips", "LIST", "for scripted: the chunks' skip biases (default: all 0)"),
    .value("offsets", "LIST", "for scripted: the chunks' content offsets (default: all 0)"),
  ]

  /// - Throws: `UsageError` or `PositionError` for what cannot be drawn.
  static func sampler(_ arguments: Arguments) throws -> any PositionSampler {
    try SamplerRegistry.sampler(named: arguments.string("sampler") ?? SkipWiseSampler.name, settings(arguments))
  }

  static func settings(_ arguments: Arguments) throws -> SamplerSettings {
    let window = try arguments.integer("window", in: 1...longest) ?? 256
    let target = try arguments.integer("target", in: 1...longest) ?? min(8 * window, longest)
    var settings = try self.settings(
      arguments, SamplerSettings(window: try TokenWindow(training: window, target: target)))
    settings.textLength = try arguments.integer("text-length", in: 1...longest) ?? target
    settings.sentenceEnds = try (arguments.integers("sentence-ends", in: 0...longest) ?? []).sorted()
    return settings
  }

  /// The rules as asked for, over the settings of a window.
  static func settings(_ arguments: Arguments, _ defaults: SamplerSettings) throws -> SamplerSettings {
    var settings = defaults
    settings.chunkCount = try arguments.integer("chunks", in: 1...RunOptions.longest) ?? settings.chunkCount
    settings.content = try arguments.choice("content") ?? settings.content
    settings.split = try arguments.choice("split") ?? settings.split
    settings.biases = try arguments.choice("biases") ?? settings.biases
    settings.wantedMass = try arguments.weights("wanted")
    settings.script = try script(arguments)
    return settings
  }

  static func seam(_ arguments: Arguments) throws -> SeamRule { try arguments.choice("seam") ?? .kept }

  private static func script(_ arguments: Arguments) throws -> [Chunk] {
    let lengths = try arguments.integers("lengths", in: 0...longest) ?? []
    func list(_ name: String) throws -> [Int] {
      let values = try arguments.integers(name, in: 0...longest) ?? []
      guard values.isEmpty || values.count == lengths.count else {
        throw UsageError("--\(name) has \(values.count) numbers and --lengths has \(lengths.count)")
      }
      return values.isEmpty ? Array(repeating: 0, count: lengths.count) : values
    }
    let (skips, offsets) = (try list("skips"), try list("offsets"))
    var start = 0
    return zip(lengths, zip(skips, offsets)).map { length, shift in
      defer { start += length }
      return Chunk(start: start, length: length, skipBias: shift.0, contentOffset: shift.1)
    }
  }
}

extension Arguments {
  /// Numbers from 0 on, separated by commas; none where the option is not given.
  func weights(_ name: String) throws(UsageError) -> [Double] {
    guard let text = string(name) else { return [] }
    var numbers: [Double] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = Double(part), number >= 0, number.isFinite else {
        throw UsageError("--\(name) has '\(part)'; it must be numbers from 0 on, separated by commas")
      }
      numbers.append(number)
    }
    return numbers
  }
}
