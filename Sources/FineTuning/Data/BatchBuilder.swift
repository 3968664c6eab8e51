import Positions
import Transformer

/// A batch for the model with the layouts it was made from.
public struct ExampleBatch: Equatable, Sendable {
  public let tokens: TokenBatch
  /// One a sequence.
  public let layouts: [PositionLayout]
}

/// Draws training examples: a text, a layout over it, and the tokens that the layout picks.
///
/// What it draws depends on the seed and the example's number alone, so a resumed run draws what it would have drawn.
public struct BatchBuilder: Sendable {
  public var source: any TextSource
  /// A name in `SamplerRegistry`.
  public var samplerName: String
  /// `textLength` is the most tokens of text that an example may draw from, Lx.
  public var sampler: SamplerSettings
  /// What the last token of a chunk is asked to predict.
  public var seam: SeamRule
  public var vocabularySize: Int
  public var seed: UInt64

  /// - Throws: `PositionError` where the sampler refuses the settings, `CorpusError.tooShort` where the source's text is
  ///   too short for them.
  public init(
    source: any TextSource, samplerName: String, sampler: SamplerSettings, seam: SeamRule = .kept, vocabularySize: Int,
    seed: UInt64
  ) throws {
    self.source = source
    self.samplerName = samplerName
    self.sampler = sampler
    self.seam = seam
    self.vocabularySize = vocabularySize
    self.seed = seed
    let made = try SamplerRegistry.sampler(named: samplerName, sampler)
    let needed = Self.tokensNeeded(made, sampler)
    if let longest = source.longestText, longest < needed {
      throw CorpusError.tooShort(name: source.name, tokens: longest, needed: needed, method: samplerName)
    }
  }

  /// What each token is asked to predict: the next one if it is a target, at seams as the rule says; nothing is asked of the
  /// last.
  private func labels(_ layout: PositionLayout, _ picked: [Int32], _ text: [UInt8]) -> [Int32] {
    let asked = source.targets(in: text)
    var labels = zip(picked, layout.textIndices).dropFirst().map { token, index in
      asked.contains(index) ? token : TokenBatch.ignored
    }
    labels.append(TokenBatch.ignored)
    for chunk in layout.chunks.dropLast() {
      let last = chunk.start + chunk.length - 1
      switch seam {
      case .kept: break
      case .masked: labels[last] = TokenBatch.ignored
      case .trueNext:
        let next = chunk.tokens.upperBound
        labels[last] = next < text.count && asked.contains(next) ? Int32(text[next]) : TokenBatch.ignored
      }
    }
    return labels
  }

  /// The fewest tokens of text that an example needs: T where text and positions agree, else as many as it holds.
  private static func tokensNeeded(_ made: any PositionSampler, _ settings: SamplerSettings) -> Int {
    var probe = RandomStream(seed: 0)
    let count = made.layout(using: &probe).tokenCount
    let scripted = settings.script.map(\.tokens.upperBound).max() ?? 0
    return max(settings.content == .aligned ? settings.window.target : count, made is ScriptedSampler ? scripted : 0)
  }

  /// The examples of one step, 1 for the first.
  ///
  /// - Parameter progress: how far the run is, 0 … 1.
  public func batch(step: Int, count: Int, progress: Double) throws -> ExampleBatch {
    let type = try SamplerRegistry.type(named: samplerName)
    var layouts: [PositionLayout] = []
    var tokens: [Int32] = []
    var positions: [Int32] = []
    var targets: [Int32] = []
    let needed = Self.tokensNeeded(try SamplerRegistry.sampler(named: samplerName, sampler), sampler)
    for sequence in 0..<count {
      let example = (step - 1) * count + sequence
      // Layouts are drawn from the path [example, 1], texts from [example, 0].
      var textRandom = RandomStream(seed: seed, path: [UInt64(example), 0])
      let text = source.text(
        minimum: needed, wanted: max(needed, sampler.textLength), progress: progress, using: &textRandom)
      var settings = sampler
      settings.textLength = text.count
      if type.reads.contains(.sentenceEnds) { settings.sentenceEnds = sentenceEnds(in: text) }
      let layout = try type.init(settings).layout(
        seed: seed, example: example)
      let picked = layout.textIndices.map { Int32(text[$0]) }
      layouts.append(layout)
      tokens.append(contentsOf: picked)
      positions.append(contentsOf: layout.positions.map(Int32.init))
      targets.append(contentsOf: labels(layout, picked, text))
    }
    return ExampleBatch(
      tokens: try TokenBatch(
        sequenceCount: count, length: tokens.count / max(count, 1), tokens: tokens, positions: positions,
        targets: targets, vocabularySize: vocabularySize),
      layouts: layouts)
  }
}
