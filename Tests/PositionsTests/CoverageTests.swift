import Foundation
import Testing

@testable import Positions

/// Coverage and masses: closed forms against every possible draw, and draws against closed forms.
@Suite struct CoverageTests {
  /// The profile from all cuts and biases of two chunks, each pair of tokens counted.
  private func enumerated(_ window: TokenWindow, cuts: [Int], seam: SeamRule) -> DistanceProfile {
    let target = window.target
    var met = [Double](repeating: 0, count: target)
    var pairs = met
    var supervised = met
    var draws = 0.0
    for cut in cuts {
      for bias in 0...window.largestSkipBias {
        let positions = PositionLayout(
          window: window, lengths: [cut, window.training - cut], biases: [0, bias]
        ).positions
        draws += 1
        var seen = Set<Int>()
        for later in positions.indices {
          for earlier in 0..<later {
            let distance = positions[later] - positions[earlier]
            pairs[distance] += 1
            let isSeam = seam == .masked && later == cut - 1
            if later < positions.count - 1, !isSeam { supervised[distance] += 1 }
            seen.insert(distance)
          }
        }
        for distance in seen { met[distance] += 1 }
      }
    }
    return DistanceProfile(
      coverage: met.map { $0 / draws }, pairMass: pairs.map { $0 / draws },
      supervisedMass: supervised.map { $0 / draws })
  }

  private func expectEqual(
    _ a: DistanceProfile?, _ b: DistanceProfile, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let a = try #require(a, sourceLocation: sourceLocation)
    for (mine, its) in [(a.coverage, b.coverage), (a.pairMass, b.pairMass), (a.supervisedMass, b.supervisedMass)] {
      #expect(mine.count == its.count, sourceLocation: sourceLocation)
      let worst = zip(mine, its).map { abs($0 - $1) }.max() ?? 0
      #expect(worst < 1e-9, sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [(2, 2), (2, 9), (5, 5), (7, 30), (12, 19), (9, 60)])
  func twoChunksAgreeWithEveryDraw(length: Int, target: Int) throws {
    let window = try TokenWindow(training: length, target: target)
    let settings = SamplerSettings(window: window)
    for seam in [SeamRule.kept, .masked] {
      try expectEqual(
        SkipWiseSampler(settings).exactProfile(seam: seam),
        enumerated(window, cuts: Array(1..<length), seam: seam))
      try expectEqual(
        ReferenceSkipWiseSampler(settings).exactProfile(seam: seam),
        enumerated(window, cuts: Array(1...min((length + 1) / 2, length - 1)), seam: seam))
      try expectEqual(
        EqualChunkSampler(settings).exactProfile(seam: seam), enumerated(window, cuts: [length / 2], seam: seam))
    }
  }

  /// What is known of RandPos and of the balanced sampler, within five standard errors of 40,000 draws.
  @Test(arguments: ["balanced", "pose", "randpos"], [SeamRule.kept, .masked])
  func drawsLieWithinTheirStandardErrors(name: String, seam: SeamRule) throws {
    var settings = SamplerSettings(window: try TokenWindow(training: 24, target: 150))
    settings.wantedMass = [1, 2, 3]
    let sampler = try SamplerRegistry.sampler(named: name, settings)
    var estimate = CoverageEstimate(seam: seam)
    for _ in 0..<40 { estimate.draw(1000, from: sampler, seed: 9) }
    let drawn = estimate.profile
    let known = sampler.exactProfile(seam: seam) ?? drawn.with(sampler.knownMasses)
    #expect(known.standardErrors[.pairMass] == nil && known.standardErrors[.supervisedMass] == nil)
    for measure in DistanceMeasure.allCases {
      let errors = try #require(drawn.standardErrors[measure])
      var farthest = 0.0
      for distance in 1..<150 {
        let difference = abs(drawn[measure][distance] - known[measure][distance])
        farthest = max(farthest, difference / max(errors[distance], 1e-4))
      }
      #expect(farthest < 5, "\(measure)")
    }
    let errors = try #require(drawn.standardErrors[.pairMass])
    #expect(errors[1...].allSatisfy { $0 < 0.2 } && errors[20] > 0)
  }

  @Test(arguments: ["contiguous", "full", "pose"])
  func oneChunkIsAllOrNothing(name: String) throws {
    let settings = SamplerSettings(window: try TokenWindow(training: 8, target: 20), chunkCount: 1)
    let sampler = try SamplerRegistry.sampler(named: name, settings)
    var estimate = CoverageEstimate()
    estimate.draw(1, from: sampler, seed: 0)
    try expectEqual(sampler.exactProfile(), estimate.profile)
  }

  /// The paper's setting of Figure 5 in small: L = 256, T = 2,048, N = 2.
  @Test func knownProbabilities() throws {
    let profile = try #require(
      SkipWiseSampler(SamplerSettings(window: TokenWindow(training: 256, target: 2048))).exactProfile())
    for (distance, expected) in [
      (128, 0.996358), (256, 0.142220), (1792, 0.142220), (2000, 0.026771), (2047, 0.000558),
    ] {
      #expect(abs(profile.coverage[distance] - expected) < 5e-7)
    }
    // Every example has L(L−1)/2 pairs, and all but those of the last token are asked for.
    let (pairs, supervised) = (profile.pairMass.reduce(0, +), profile.supervisedMass.reduce(0, +))
    #expect(abs(pairs - 32_640) < 1e-6)
    #expect(abs(supervised - 32_385) < 1e-6)
  }

  @Test func drawsAgreeWithClosedForms() throws {
    let window = try TokenWindow(training: 40, target: 300)
    for name in ["pose", "pose-reference", "pose-equal"] {
      let sampler = try SamplerRegistry.sampler(named: name, SamplerSettings(window: window))
      let exact = try #require(sampler.exactProfile())
      var (coverage, mass) = (DistanceTally(), MassTally())
      for example in 0..<20_000 {
        let layout = sampler.layout(seed: 12, example: example)
        coverage.add(layout)
        mass.add(layout)
      }
      let shares = coverage.shares
      for distance in 1..<300 {
        let p = exact.coverage[distance]
        #expect(abs(shares[distance] - p) < 5 * (p * (1 - p) / 20_000).squareRoot() + 1e-3)
      }
      for (mine, drawn) in [(exact.pairMass, mass.pairMass), (exact.supervisedMass, mass.supervisedMass)] {
        let difference = zip(mine, drawn).reduce(0) { $0 + abs($1.0 - $1.1) }
        let total: Double = mine.reduce(0, +)
        #expect(difference < 0.04 * total)
      }
    }
  }

  /// Three chunks by summation, against every pair of cuts and every pair of biases.
  @Test(arguments: [(3, 3), (4, 9), (6, 14)])
  func threeChunkPairMassAgreesWithEveryDraw(length: Int, target: Int) throws {
    let window = try TokenWindow(training: length, target: target)
    let limit = window.largestSkipBias
    var expected = [Double](repeating: 0, count: target)
    let ways = Double((length - 1) * (length - 2) / 2)
    for first in 1..<length - 1 {
      for second in first + 1..<length {
        for u1 in 0...limit {
          for u2 in u1...limit {
            let weight = 1 / (ways * Double(limit + 1) * Double(limit - u1 + 1))
            let positions = PositionLayout(
              window: window, lengths: [first, second - first, length - second], biases: [0, u1, u2]
            ).positions
            for later in positions.indices {
              for earlier in 0..<later { expected[positions[later] - positions[earlier]] += weight }
            }
          }
        }
      }
    }
    let sampler = try SkipWiseSampler(SamplerSettings(window: window, chunkCount: 3))
    let mass = try #require(sampler.knownMasses[.pairMass])
    #expect((zip(mass, expected).map { abs($0 - $1) }.max() ?? 1) < 1e-9)
  }

  @Test func scatteredPairMassIsItsFormula() throws {
    let sampler = RandomPositionSampler(SamplerSettings(window: try TokenWindow(training: 12, target: 60)))
    let exact = try #require(sampler.knownMasses[.pairMass])
    var tally = MassTally()
    for example in 0..<20_000 { tally.add(sampler.layout(seed: 3, example: example)) }
    let drawn = tally.pairMass
    for distance in 1..<60 { #expect(abs(drawn[distance] - exact[distance]) < 0.05) }
    #expect(abs(exact.reduce(0, +) - 66) < 1e-9)
  }

  /// Each tally against counting every pair, for every sampler.
  @Test(arguments: SamplerRegistry.names)
  func massTallyCountsPairs(name: String) throws {
    var settings = SamplerSettings(window: try TokenWindow(training: 40, target: 150), chunkCount: 4)
    settings.sentenceEnds = [7, 20, 33]
    let sampler = try SamplerRegistry.sampler(named: name, settings)
    var tally = MassTally()
    var (pairs, supervised) = ([Double](repeating: 0, count: 150), [Double](repeating: 0, count: 150))
    for example in 0..<40 {
      let layout = sampler.layout(seed: 3, example: example)
      tally.add(layout)
      let positions = layout.positions
      for later in positions.indices {
        for earlier in 0..<later {
          pairs[positions[later] - positions[earlier]] += 1.0 / 40
          if later < positions.count - 1 { supervised[positions[later] - positions[earlier]] += 1.0 / 40 }
        }
      }
    }
    #expect((zip(tally.pairMass, pairs).map { abs($0 - $1) }.max() ?? 1) < 1e-9)
    #expect((zip(tally.supervisedMass, supervised).map { abs($0 - $1) }.max() ?? 1) < 1e-9)
  }

  /// The balanced sampler comes closer to an even mass than PoSE, and meets the last distance tens of times as often.
  @Test func balancedComesCloserToWhatIsAsked() throws {
    let window = try TokenWindow(training: 64, target: 512)
    let pose = try #require(SkipWiseSampler(SamplerSettings(window: window)).exactProfile())
    var estimate = CoverageEstimate()
    estimate.draw(20_000, from: try BalancedSampler(SamplerSettings(window: window)), seed: 1)
    let balanced = estimate.profile
    #expect(balanced.distance(to: []) < 0.8 * pose.distance(to: []))
    #expect(balanced.coverage[511] > 20 * pose.coverage[511])

    // Asked for the far half alone, it puts more pairs there.
    var settings = SamplerSettings(window: window)
    settings.wantedMass = [0, 1]
    var far = CoverageEstimate()
    far.draw(20_000, from: try BalancedSampler(settings), seed: 1)
    func farShare(_ mass: [Double]) -> Double { mass[256...].reduce(0, +) / mass.reduce(0, +) }
    #expect(farShare(far.profile.pairMass) > farShare(balanced.pairMass) + 0.1)
    settings.wantedMass = [-1]
    #expect(throws: PositionError.self) { try BalancedSampler(settings) }
  }
}
