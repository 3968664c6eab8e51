import Testing

@testable import Positions

/// Relative distances of layouts against counting every pair.
@Suite struct DistanceTests {
  private func counted(_ positions: [Int]) -> Set<Int> {
    var isMet = [Bool](repeating: false, count: (positions.last ?? 0) + 1)
    for later in positions.indices {
      for earlier in 0..<later { isMet[positions[later] - positions[earlier]] = true }
    }
    return Set(isMet.indices.filter { isMet[$0] })
  }

  @Test(arguments: SamplerRegistry.names)
  func rangesHoldExactlyTheDistancesOfPairs(name: String) throws {
    for example in 0..<80 {
      let (window, target, chunks) = (1 + example % 40, 40 + example * 3, 1 + example % 5)
      let settings = SamplerSettings(
        window: try TokenWindow(training: window, target: target), chunkCount: min(chunks, window))
      // What a sampler refuses has no layout.
      guard name != BalancedSampler.name || example % 20 == 5,
        let layout = try? SamplerRegistry.sampler(named: name, settings).layout(seed: 2, example: example)
      else { continue }
      let ranges = layout.distances
      #expect(Set(ranges.flatMap { Array($0) }) == counted(layout.positions))
      #expect(ranges.allSatisfy { $0.lowerBound >= 1 && $0.upperBound < target })
    }
  }

  /// Figure 1 of the PoSE paper, row 1: chunks of 512 and 1,536 tokens, u_1 = 6,048.
  @Test func distancesOfThePapersFigure() throws {
    let layout = PositionLayout(
      window: try TokenWindow(training: 2048, target: 8192),
      arrangement: .chunks([
        Chunk(start: 0, length: 512, skipBias: 0), Chunk(start: 512, length: 1536, skipBias: 6048),
      ]))
    #expect(layout.distances == [1...1535, 6049...8095])
    #expect(layout.distances.reduce(0) { $0 + $1.count } == 3582)
  }

  @Test func tallyCountsExamplesNotPairs() throws {
    let sampler = try SkipWiseSampler(
      SamplerSettings(window: try TokenWindow(training: 16, target: 100), chunkCount: 3))
    var tally = DistanceTally()
    var counts = [Int](repeating: 0, count: 100)
    for example in 0..<50 {
      let layout = sampler.layout(seed: 1, example: example)
      tally.add(layout)
      for distance in counted(layout.positions) { counts[distance] += 1 }
    }
    #expect(tally.examples == 50)
    #expect(tally.shares == counts.map { Double($0) / 50 })
  }

  /// P(d) for N = 2 in closed form, L = 256, T = 2,048, against 20,000 draws.
  @Test func drawsComeOutAsTheClosedForm() throws {
    let sampler = try SkipWiseSampler(SamplerSettings(window: try TokenWindow(training: 256, target: 2048)))
    var tally = DistanceTally()
    for example in 0..<20_000 { tally.add(sampler.layout(seed: 8, example: example)) }
    let shares = tally.shares
    for (distance, expected) in [
      (128, 0.996358), (256, 0.142220), (1792, 0.142220), (2000, 0.026771), (2047, 0.000558),
    ] {
      // Four standard errors.
      let tolerance = 4 * (expected * (1 - expected) / 20_000).squareRoot() + 1e-6
      #expect(abs(shares[distance] - expected) < tolerance, "distance \(distance): \(shares[distance])")
    }
  }
}
