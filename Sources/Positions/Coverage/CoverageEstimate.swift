/// Coverage and masses by drawing examples, a few at a time, so that a screen can fill as it runs.
public struct CoverageEstimate: Sendable {
  private let sampler: any PositionSampler
  private let seed: UInt64
  private var coverage = DistanceTally()
  private var mass = MassTally()

  public init(_ sampler: any PositionSampler, seed: UInt64) {
    self.sampler = sampler
    self.seed = seed
  }

  /// Examples drawn so far.
  public var samples: Int { coverage.examples }

  /// Draws the next `count` examples, those that a run with this seed would draw.
  public mutating func draw(_ count: Int) {
    for example in samples..<samples + count {
      let layout = sampler.layout(seed: seed, example: example)
      coverage.add(layout)
      mass.add(layout)
    }
  }

  /// What the examples so far tell; masses are exact where they are known.
  public var profile: DistanceProfile {
    let shares = coverage.shares
    let count = Double(max(samples, 1))
    var profile = DistanceProfile(
      coverage: shares, pairMass: mass.pairMass, supervisedMass: mass.supervisedMass,
      standardError: shares.map { ($0 * (1 - $0) / count).squareRoot() }, samples: samples)
    if let exact = sampler.exactPairMass { profile.pairMass = exact }
    return profile
  }
}

extension PositionSampler {
  /// Everything in closed form; nil where there is none.
  public var exactProfile: DistanceProfile? { (self as? any ExactlyCovered)?.exactProfile }

  /// The expected pairs at each distance, where they are known.
  public var exactPairMass: [Double]? {
    if let profile = exactProfile { return profile.pairMass }
    switch self {
    case is RandomPositionSampler: return DistanceProfile.scatteredPairMass(window)
    case let sampler as SkipWiseSampler: return sampler.threeChunkPairMass
    default: return nil
    }
  }
}

extension SkipWiseSampler {
  /// By summation, for N = 3 with the default split and biases.
  var threeChunkPairMass: [Double]? {
    chunkCount == 3 && split == .uniform && biases == .chained && window.training >= 3
      ? DistanceProfile.threeChunkPairMass(window) : nil
  }
}
