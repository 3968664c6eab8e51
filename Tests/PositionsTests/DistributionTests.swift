import Foundation
import Testing

@testable import Positions

/// 50,000 draws of every rule at a fixed seed, against the probabilities that the rule gives (chi-square).
@Suite struct DistributionTests {
  private static let draws = 50_000

  /// Whether counts fit probabilities: the chi-square statistic stays below its 0.9999 quantile, by the approximation of
  /// Wilson and Hilferty (1931). Cells that expect few draws are taken together with the next ones.
  private func expectFit(
    _ counts: [Int: Int], _ probabilities: [Int: Double], _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let total = Double(counts.values.reduce(0, +))
    #expect(Set(counts.keys).isSubset(of: Set(probabilities.keys)), "\(what): a value that cannot be drawn")
    #expect(abs(probabilities.values.reduce(0, +) - 1) < 1e-9, "\(what): probabilities do not sum to 1")
    var cells: [(seen: Double, expected: Double)] = [(0, 0)]
    for value in probabilities.keys.sorted() {
      if let last = cells.last, last.expected >= 20 { cells.append((0, 0)) }
      cells[cells.count - 1].seen += Double(counts[value] ?? 0)
      cells[cells.count - 1].expected += total * (probabilities[value] ?? 0)
    }
    let statistic = cells.reduce(0) { sum, cell in
      cell.expected > 0 ? sum + (cell.seen - cell.expected) * (cell.seen - cell.expected) / cell.expected : sum
    }
    let freedom = Double(max(cells.count - 1, 1))
    let spread = 2 / (9 * freedom)
    let quantile = freedom * pow(1 - spread + 3.719 * spread.squareRoot(), 3)
    #expect(statistic < quantile, "\(what): \(statistic) of \(quantile)", sourceLocation: sourceLocation)
  }

  private func counts(_ sampler: any PositionSampler, _ value: ([Chunk]) -> Int?) -> [Int: Int] {
    var counts: [Int: Int] = [:]
    for example in 0..<Self.draws {
      guard let drawn = value(sampler.layout(seed: 21, example: example).chunks) else { continue }
      counts[drawn, default: 0] += 1
    }
    return counts
  }

  private func uniform(_ range: ClosedRange<Int>) -> [Int: Double] {
    Dictionary(uniqueKeysWithValues: range.map { ($0, 1 / Double(range.count)) })
  }

  private func choose(_ n: Int, _ k: Int) -> Double {
    k < 0 || n < k ? 0 : (0..<k).reduce(1.0) { $0 * Double(n - $1) / Double($1 + 1) }
  }

  /// u_2 of the chain: Σ over u_1 of 1/(M+1) · 1/(M−u_1+1).
  private func secondInChain(_ limit: Int) -> [Int: Double] {
    var probabilities: [Int: Double] = [:]
    for first in 0...limit {
      for second in first...limit {
        probabilities[second, default: 0] += 1 / Double(limit + 1) / Double(limit - first + 1)
      }
    }
    return probabilities
  }

  private func settings(_ length: Int, _ target: Int, chunks: Int = 3) throws -> SamplerSettings {
    SamplerSettings(window: try TokenWindow(training: length, target: target), chunkCount: chunks)
  }

  /// N = 3: sets of cuts equally likely, biases chained.
  @Test func pose() throws {
    let sampler = try SkipWiseSampler(settings(20, 80))
    let lengths = Dictionary(uniqueKeysWithValues: (1...18).map { ($0, choose(19 - $0, 1) / choose(19, 2)) })
    for chunk in 0..<3 { expectFit(counts(sampler) { $0[chunk].length }, lengths, "length \(chunk)") }
    expectFit(counts(sampler) { $0[1].skipBias }, uniform(0...60), "u_1")
    expectFit(counts(sampler) { $0[2].skipBias }, secondInChain(60), "u_2")
    expectFit(counts(sampler) { $0[2].contentOffset }, secondInChain(60), "v_2")
  }

  @Test func poseWithSequentialSplit() throws {
    var settings = try settings(20, 80)
    settings.split = .sequential
    let sampler = try SkipWiseSampler(settings)
    var second: [Int: Double] = [:]
    for first in 1...18 {
      for length in 1...19 - first { second[length, default: 0] += 1 / 18 / Double(19 - first) }
    }
    expectFit(counts(sampler) { $0[0].length }, uniform(1...18), "length 0")
    expectFit(counts(sampler) { $0[1].length }, second, "length 1")
  }

  @Test func poseWithSortedBiases() throws {
    var settings = try settings(20, 80)
    settings.biases = .sorted
    let sampler = try SkipWiseSampler(settings)
    func atLeast(_ value: Int) -> Double { pow(Double(61 - value) / 61, 2) }
    let least = Dictionary(uniqueKeysWithValues: (0...60).map { ($0, atLeast($0) - atLeast($0 + 1)) })
    let greatest = Dictionary(uniqueKeysWithValues: least.map { (60 - $0.key, $0.value) })
    expectFit(counts(sampler) { $0[1].skipBias }, least, "u_1")
    expectFit(counts(sampler) { $0[2].skipBias }, greatest, "u_2")
  }

  @Test func poseReference() throws {
    var settings = try settings(20, 80)
    settings.textLength = 200
    let sampler = try ReferenceSkipWiseSampler(settings)
    expectFit(counts(sampler) { $0[0].length }, uniform(1...10), "length 0")
    expectFit(counts(sampler) { $0[1].skipBias }, uniform(0...60), "u_1")
    expectFit(counts(sampler) { $0[1].contentOffset }, uniform(0...80), "v_1")
  }

  @Test func poseEqual() throws {
    let equal = try EqualChunkSampler(settings(20, 80))
    expectFit(counts(equal) { $0[1].length }, [6: 1], "length 1")
    expectFit(counts(equal) { $0[1].skipBias }, uniform(0...60), "u_1")
    expectFit(counts(equal) { $0[2].skipBias }, secondInChain(60), "u_2")
    var atSentences = try settings(20, 80)
    atSentences.sentenceEnds = [5, 12]
    let sentences = SentenceChunkSampler(atSentences)
    expectFit(counts(sentences) { $0[1].length }, [7: 1], "sentence 1")
    expectFit(counts(sentences) { $0[2].skipBias }, secondInChain(60), "u_2 of sentences")
  }

  /// The first position is the least of L draws without replacement; every position is as likely as any other.
  @Test func randPos() throws {
    let sampler = RandomPositionSampler(try settings(8, 60))
    var first: [Int: Int] = [:]
    var any: [Int: Int] = [:]
    for example in 0..<Self.draws {
      let positions = sampler.layout(seed: 5, example: example).positions
      first[positions[0], default: 0] += 1
      any[positions[example % 8], default: 0] += 1
    }
    let least = Dictionary(uniqueKeysWithValues: (0...52).map { ($0, choose(59 - $0, 7) / choose(60, 8)) })
    expectFit(first, least, "first position")
    expectFit(any, uniform(0...59), "any position")
  }

  /// A fair coin for the ends; the middle's last position by the truncated normal.
  @Test func cream() throws {
    // s = 4: α is 2 … 8, ends of 16 (4·s) or 32 (⌊L/3⌋) tokens.
    let sampler = try ContinuityRelativitySampler(settings(96, 384))
    expectFit(counts(sampler) { $0[0].length }, [32: 0.5, 16: 0.5], "head")
    func below(_ value: Double) -> Double { 0.5 * erfc(-(value - 5) / 3 / 2.0.squareRoot()) }
    for end in [16, 32] {
      let middle = 96 - 2 * end
      var last: [Int: Double] = [:]
      for alpha in 2...8 {
        // The floor of a draw that is clipped to 2 … 8: all below 3 is 2, and 8 is only met at the clip.
        let probability = (alpha == 8 ? 1 : below(Double(alpha + 1))) - (alpha == 2 ? 0 : below(Double(alpha)))
        let range = end + (middle - 1) * alpha / 2...alpha * 48 - end - 1
        for place in range { last[place, default: 0] += probability / Double(range.count) }
      }
      let drawn = counts(sampler) { $0[0].length == end ? $0[1].positions.upperBound - 1 : nil }
      expectFit(drawn, last, "middle's end with ends of \(end)")
    }
  }

  /// A uniform prefix, then n sorted distinct draws less their rank.
  @Test func longRecipe() throws {
    var settings = try settings(20, 80)
    settings.sentenceEnds = [12, 16]
    let sampler = try SentenceSkipSampler(settings)
    expectFit(counts(sampler) { $0[0].length }, uniform(1...10), "prefix")
    let first = Dictionary(uniqueKeysWithValues: (0...60).map { ($0, choose(62 - $0, 2) / choose(63, 3)) })
    expectFit(counts(sampler) { $0[1].skipBias }, first, "first sentence")
    let last = Dictionary(uniqueKeysWithValues: first.map { (60 - $0.key, $0.value) })
    expectFit(counts(sampler) { $0[3].skipBias }, last, "last sentence")
  }

  /// The balanced sampler draws cuts and biases as its design weights them.
  @Test func balanced() throws {
    let sampler = try BalancedSampler(settings(20, 80, chunks: 2))
    let design = sampler.design.biasesByCut
    let cuts = Dictionary(uniqueKeysWithValues: design.map { ($0.cut, $0.biases.reduce(0, +)) })
    let biases = Dictionary(
      uniqueKeysWithValues: (0...60).map { bias in (bias, design.reduce(0) { $0 + $1.biases[bias] }) })
    expectFit(counts(sampler) { $0[0].length }, cuts, "cut")
    expectFit(counts(sampler) { $0[1].skipBias }, biases, "u_1")
  }
}
