/// Coverage and masses by drawing examples, a few at a time, so that a screen can fill as it runs.
///
/// The standard errors of the masses come from the spread of the means of batches: with n_b examples in batch b,
/// Σ n_b (m_b − m)² / (B − 1) estimates the variance of one example.
public struct CoverageEstimate: Equatable, Sendable {
  private let seam: SeamRule
  private var coverage = DistanceTally()
  /// Examples since the last batch was closed.
  private var open: MassTally
  private var batches = 0
  private var pairs = Moments()
  private var supervised = Moments()

  /// Σ n_b m_b and Σ n_b m_b² by distance.
  private struct Moments: Equatable, Sendable {
    var sums: [Double] = []
    var squares: [Double] = []

    mutating func add(_ means: [Double], count: Double) {
      if sums.isEmpty {
        sums = Array(repeating: 0, count: means.count)
        squares = sums
      }
      for (distance, mean) in means.enumerated() {
        sums[distance] += count * mean
        squares[distance] += count * mean * mean
      }
    }

    func means(of count: Double) -> [Double] { sums.map { $0 / count } }

    func standardErrors(of count: Double, batches: Int) -> [Double] {
      zip(sums, squares).map { sum, square in
        (max(0, square - sum * sum / count) / Double(batches - 1) / count).squareRoot()
      }
    }
  }

  public init(seam: SeamRule = .kept) {
    self.seam = seam
    open = MassTally(seam: seam)
  }

  /// Examples so far.
  public var samples: Int { coverage.examples }

  /// - Parameter distances: the layout's, where they are known already.
  public mutating func add(_ layout: PositionLayout, distances: [ClosedRange<Int>]? = nil) {
    coverage.add(distances ?? layout.distances, target: layout.window.target)
    open.add(layout)
  }

  /// Draws the next `count` examples, those that a run with this seed would draw, and closes them as a batch.
  public mutating func draw(_ count: Int, from layout: (_ example: Int) throws -> PositionLayout) rethrows {
    for example in samples..<samples + count { add(try layout(example)) }
    closeBatch()
  }

  private mutating func closeBatch() {
    guard open.examples > 0 else { return }
    let count = Double(open.examples)
    pairs.add(open.pairMass, count: count)
    supervised.add(open.supervisedMass, count: count)
    batches += 1
    open = MassTally(seam: seam)
  }

  /// What the examples so far tell of one measure, while none of them is in a batch.
  public func means(_ measure: DistanceMeasure) -> [Double] {
    switch measure {
    case .coverage: coverage.shares
    case .pairMass: open.pairMass
    case .supervisedMass: open.supervisedMass
    }
  }

  /// What the examples so far tell.
  public var profile: DistanceProfile {
    var closed = self
    closed.closeBatch()
    let count = Double(max(samples, 1))
    let shares = coverage.shares
    var profile = DistanceProfile(
      coverage: shares, pairMass: closed.pairs.means(of: count), supervisedMass: closed.supervised.means(of: count),
      samples: samples)
    profile.standardErrors[.coverage] = shares.map { ($0 * (1 - $0) / count).squareRoot() }
    if closed.batches >= 2 {
      profile.standardErrors[.pairMass] = closed.pairs.standardErrors(of: count, batches: closed.batches)
      profile.standardErrors[.supervisedMass] = closed.supervised.standardErrors(of: count, batches: closed.batches)
    }
    return profile
  }
}

extension CoverageEstimate {
  /// Draws the next examples of a sampler.
  public mutating func draw(_ count: Int, from sampler: any PositionSampler, seed: UInt64) {
    draw(count) { sampler.layout(seed: seed, example: $0) }
  }
}
