import Testing

@testable import Positions

/// What every sampler promises, over thousands of seeds and sizes.
@Suite struct SamplerTests {
  /// A request that a property is tried on.
  struct Request: CustomStringConvertible {
    var window: Int
    var target: Int
    var chunks: Int
    var content: ContentRule
    var textLength: Int
    var seed: UInt64

    var description: String { "L \(window) T \(target) N \(chunks) \(content) Lx \(textLength) seed \(seed)" }

    var settings: SamplerSettings? {
      guard let window = try? TokenWindow(training: window, target: target) else { return nil }
      var settings = SamplerSettings(window: window, chunkCount: chunks, content: content, textLength: textLength)
      settings.split = seed % 2 == 0 ? .uniform : .sequential
      settings.biases = seed % 3 == 0 ? .sorted : .chained
      settings.sentenceEnds = Array(stride(from: Int(seed % 7), to: window.training, by: 1 + Int(seed % 11)))
      return settings
    }

    static func random(_ random: inout RandomStream) -> Request {
      let window = Int.random(in: 1...80, using: &random)
      let target = window + Int.random(in: 0...(random.unit() < 0.2 ? 0 : 2000), using: &random)
      return Request(
        window: window, target: target, chunks: Int.random(in: 1...window, using: &random),
        content: ContentRule.allCases[Int.random(in: 0..<3, using: &random)],
        textLength: target + Int.random(in: 0...300, using: &random), seed: random.next())
    }

    /// Simpler requests that may fail in the same way.
    var smaller: [Request] {
      var candidates: [Request] = []
      for (path, least) in [(\Request.window, 1), (\.target, 1), (\.chunks, 1), (\.textLength, 1)] {
        for value in [least, self[keyPath: path] / 2, self[keyPath: path] - 1] where value >= least {
          var candidate = self
          candidate[keyPath: path] = value
          if value < self[keyPath: path] { candidates.append(candidate) }
        }
      }
      return candidates
    }
  }

  /// What is wrong with the layout of a request; nil where nothing is, or where it is rightly refused.
  private func fault(_ sampler: any PositionSampler.Type, _ request: Request) -> String? {
    guard let settings = request.settings, let made = try? sampler.init(settings) else { return nil }
    let layout = made.layout(seed: request.seed, example: 0)
    let positions = layout.positions
    let expected = sampler.name == FullSampler.name ? request.target : request.window
    if positions.count != expected { return "\(positions.count) tokens instead of \(expected)" }
    if zip(positions, positions.dropFirst()).contains(where: { $0 >= $1 }) { return "positions do not rise" }
    if positions.contains(where: { $0 < 0 || $0 >= request.target }) { return "a position is outside 0 ..< T" }
    if layout.textIndices.contains(where: { $0 < 0 || $0 >= request.textLength }) {
      return "a token is outside the text"
    }
    let chunks = layout.chunks
    guard let first = chunks.first else { return nil }
    if first.skipBias != 0 || first.start != 0 { return "the first chunk is not at 0" }
    if chunks.contains(where: { $0.length < 1 }) { return "an empty chunk" }
    if zip(chunks, chunks.dropFirst()).contains(where: { $0.skipBias > $1.skipBias }) { return "a bias falls" }
    if zip(chunks, chunks.dropFirst()).contains(where: { $0.start + $0.length != $1.start }) { return "a hole" }
    if layout.tokenCount != positions.count { return "the lengths do not sum to L" }
    return nil
  }

  @Test(arguments: SamplerRegistry.names)
  func layoutsKeepTheInvariants(name: String) throws {
    let sampler = try #require(SamplerRegistry.all.first { $0.name == name })
    var random = RandomStream(seed: 42)
    // Each window of the balanced sampler is a fit of its own, so it is tried with fewer windows and more seeds.
    let seeds = name == BalancedSampler.name ? 20 : 1
    for _ in 0..<4000 / seeds {
      var request = Request.random(&random)
      let failing = (0..<seeds).lazy.map { _ in random.next() }.first { seed in
        request.seed = seed
        return fault(sampler, request) != nil
      }
      guard let failing else { continue }
      request.seed = failing
      // Shrink to the smallest request that still fails.
      while let simpler = request.smaller.first(where: { fault(sampler, $0) != nil }) { request = simpler }
      Issue.record("\(name): \(fault(sampler, request) ?? "") for \(request)")
      return
    }
  }

  @Test(arguments: SamplerRegistry.names)
  func theSameSeedDrawsTheSameLayout(name: String) throws {
    let settings = SamplerSettings(window: try TokenWindow(training: 128, target: 512), chunkCount: 3)
    let sampler = try SamplerRegistry.sampler(named: name, settings)
    #expect(sampler.layout(seed: 5, example: 9) == sampler.layout(seed: 5, example: 9))
    let different = Set((0..<20).map { sampler.layout(seed: 5, example: $0) }).count
    // Without sentences and without a script there is one chunk to place.
    let fixed = ["contiguous", "full", "scripted", "pose-equal-sentences"]
    #expect(fixed.contains(name) ? different == 1 : different > 10)
  }

  @Test func contentRules() throws {
    let window = try TokenWindow(training: 64, target: 512)
    for example in 0..<200 {
      let continuous = try SkipWiseSampler(SamplerSettings(window: window, chunkCount: 4, content: .continuous))
        .layout(seed: 1, example: example)
      #expect(continuous.chunks.allSatisfy { $0.contentOffset == 0 })
      let aligned = try SkipWiseSampler(SamplerSettings(window: window, chunkCount: 4, content: .aligned))
        .layout(seed: 1, example: example)
      #expect(aligned.chunks.allSatisfy { $0.contentOffset == $0.skipBias })
      #expect(aligned.textIndices == aligned.positions)
    }
  }

  @Test func impossibleRequestsAreRefusedWithTheirNumbers() throws {
    #expect(throws: PositionError.targetBelowWindow(window: 10, target: 9)) {
      try TokenWindow(training: 10, target: 9)
    }
    #expect(throws: PositionError.windowTooShort(window: 0)) { try TokenWindow(training: 0, target: 9) }
    let window = try TokenWindow(training: 10, target: 90)
    for chunks in [0, 11, -3] {
      #expect(throws: PositionError.chunkCountOutOfRange(chunks: chunks, window: 10)) {
        try SkipWiseSampler(SamplerSettings(window: window, chunkCount: chunks))
      }
    }
    #expect(throws: PositionError.textTooShort(tokens: 89, needed: 90, rule: "content aligned")) {
      try SkipWiseSampler(SamplerSettings(window: window, content: .aligned, textLength: 89))
    }
    #expect(throws: PositionError.textTooShort(tokens: 9, needed: 10, rule: "content random")) {
      try SkipWiseSampler(SamplerSettings(window: window, content: .random, textLength: 9))
    }
  }

  /// 50,000 draws of N = 2 against the rule: l_0 uniform in 1 … L−1, u_1 and v_1 uniform in their ranges.
  @Test func lengthsAndBiasesAreUniform() throws {
    let sampler = try SkipWiseSampler(
      SamplerSettings(window: try TokenWindow(training: 21, target: 121), content: .random, textLength: 81))
    var lengths = [Int](repeating: 0, count: 20)
    var biases = [Int](repeating: 0, count: 101)
    var contents = [Int](repeating: 0, count: 61)
    for example in 0..<50_000 {
      let chunks = sampler.layout(seed: 3, example: example).chunks
      lengths[chunks[0].length - 1] += 1
      biases[chunks[1].skipBias] += 1
      contents[chunks[1].contentOffset] += 1
    }
    // Quantiles of the chi-square distribution at 0.999 for 19, 100 and 60 degrees of freedom.
    #expect(chiSquare(lengths) < 43.8)
    #expect(chiSquare(biases) < 149.4)
    #expect(chiSquare(contents) < 99.6)
  }

  /// Eq. 4 chains the draws: the second bias lies on average three quarters of the way.
  @Test func laterBiasesFollowTheChain() throws {
    let sampler = try SkipWiseSampler(
      SamplerSettings(window: try TokenWindow(training: 32, target: 1032), chunkCount: 4))
    var sums = [0.0, 0.0, 0.0]
    for example in 0..<20_000 {
      for (index, chunk) in sampler.layout(seed: 4, example: example).chunks.dropFirst().enumerated() {
        sums[index] += Double(chunk.skipBias)
      }
    }
    for (sum, share) in zip(sums, [0.5, 0.75, 0.875]) { #expect(abs(sum / 20_000 / 1000 - share) < 0.01) }
  }

  /// Sequential split: the first length is uniform in 1 … L−N+1, the second in what leaves one token.
  @Test func sequentialSplitFollowsItsRule() throws {
    var settings = SamplerSettings(window: try TokenWindow(training: 12, target: 40), chunkCount: 3)
    settings.split = .sequential
    let sampler = try SkipWiseSampler(settings)
    var first = [Int](repeating: 0, count: 10)
    for example in 0..<50_000 { first[sampler.layout(seed: 6, example: example).chunks[0].length - 1] += 1 }
    #expect(chiSquare(first) < 27.9)
  }

  /// Sorted biases are order statistics: the first of two uniform draws lies at a third, the second at two thirds.
  @Test func sortedBiasesAreOrderStatistics() throws {
    var settings = SamplerSettings(window: try TokenWindow(training: 32, target: 1032), chunkCount: 3)
    settings.biases = .sorted
    let sampler = try SkipWiseSampler(settings)
    var sums = [0.0, 0.0]
    for example in 0..<20_000 {
      for (index, chunk) in sampler.layout(seed: 4, example: example).chunks.dropFirst().enumerated() {
        sums[index] += Double(chunk.skipBias)
      }
    }
    #expect(abs(sums[0] / 20_000_000 - 1.0 / 3) < 0.01 && abs(sums[1] / 20_000_000 - 2.0 / 3) < 0.01)
  }

  /// The published code's rule: l_0 uniform in 1 … ⌊(L+1)/2⌋, the text cut to five windows.
  @Test func referenceSplitFollowsItsRule() throws {
    let sampler = try ReferenceSkipWiseSampler(
      SamplerSettings(window: try TokenWindow(training: 21, target: 500), textLength: 500))
    var first = [Int](repeating: 0, count: 11)
    var farthest = 0
    for example in 0..<50_000 {
      let chunks = sampler.layout(seed: 6, example: example).chunks
      first[chunks[0].length - 1] += 1
      farthest = max(farthest, chunks[1].tokens.upperBound)
    }
    #expect(chiSquare(first) < 29.6)
    #expect(farthest == 5 * 21)
  }

  /// CREAM's head and tail stand at the ends of the target window; the middle between them.
  @Test func creamPutsHeadAndTailAtTheEnds() throws {
    let sampler = try ContinuityRelativitySampler(
      SamplerSettings(window: try TokenWindow(training: 300, target: 2400)))
    var ends = Set<Int>()
    for example in 0..<500 {
      let chunks = sampler.layout(seed: 6, example: example).chunks
      #expect(chunks.count == 3 && chunks[0].length == chunks[2].length)
      #expect(chunks[2].positions.upperBound == 2400)
      ends.insert(chunks[0].length)
    }
    #expect(ends == [32, 100])
    #expect(
      throws: PositionError.invalidSetting(name: "8·T/L for cream", value: "64", expected: "below the window, 64")
    ) {
      try ContinuityRelativitySampler(SamplerSettings(window: TokenWindow(training: 64, target: 512)))
    }
  }

  /// LongRecipe keeps sentences whole: chunks after the prefix end where sentences end.
  @Test func sentencesStayWhole() throws {
    var settings = SamplerSettings(window: try TokenWindow(training: 100, target: 900))
    settings.sentenceEnds = [20, 45, 70, 90, 130]
    for example in 0..<300 {
      let recipe = try SentenceSkipSampler(settings).layout(seed: 1, example: example).chunks
      #expect(recipe.dropFirst().dropLast().allSatisfy { settings.sentenceEnds.contains($0.start + $0.length) })
      let equal = SentenceChunkSampler(settings).layout(seed: 1, example: example).chunks
      #expect(equal.map(\.length) == [20, 25, 25, 20, 10])
    }
  }

  @Test(arguments: [
    ([Chunk(start: 0, length: 9, skipBias: 0)], "the sum of the lengths is 9; it must be the window, 10"),
    ([Chunk(start: 0, length: 10, skipBias: 81)], "the bias of chunk 1 is 81; it must be 0 to 80"),
    ([Chunk(start: 1, length: 10, skipBias: 0)], "the start of chunk 1 is 1; it must be 0"),
    (
      [Chunk(start: 0, length: 4, skipBias: 7), Chunk(start: 4, length: 6, skipBias: 6)],
      "the bias of chunk 2 is 6; it must be 7 to 80"
    ),
    ([Chunk(start: 0, length: 0, skipBias: 0)], "the length of chunk 1 is 0; it must be at least 1"),
    (
      [Chunk(start: 0, length: 10, skipBias: 0, contentOffset: 81)],
      "the content offset of chunk 1 is 81; it must be 0 to 80"
    ),
  ])
  func scriptsAreChecked(script: [Chunk], sentence: String) throws {
    var settings = SamplerSettings(window: try TokenWindow(training: 10, target: 90))
    settings.script = script
    let error = #expect(throws: PositionError.self) { try ScriptedSampler(settings) }
    #expect(error?.description == sentence)
  }

  @Test func randomPositionsAreUniform() throws {
    let sampler = RandomPositionSampler(SamplerSettings(window: try TokenWindow(training: 10, target: 50)))
    var counts = [Int](repeating: 0, count: 50)
    for example in 0..<50_000 {
      for position in sampler.layout(seed: 1, example: example).positions { counts[position] += 1 }
    }
    // Draws without replacement vary less than independent ones, so the bound for 49 degrees of freedom is safe.
    #expect(chiSquare(counts) < 85.4)
  }

  private func chiSquare(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }
}
