import Foundation

extension PositionSampler {
  /// Masses in closed form or by summation where set coverage has to be drawn.
  public var knownMasses: [DistanceMeasure: [Double]] {
    switch self {
    case is RandomPositionSampler:
      [
        .pairMass: DistanceProfile.scatteredPairMass(window),
        .supervisedMass: DistanceProfile.scatteredSupervisedMass(window),
      ]
    case let sampler as SkipWiseSampler: sampler.threeChunkPairMass.map { [.pairMass: $0] } ?? [:]
    default: [:]
    }
  }
}

extension DistanceProfile {
  /// The profile with some masses exact, though its coverage had to be drawn.
  public func with(_ known: [DistanceMeasure: [Double]]) -> DistanceProfile {
    var profile = self
    profile.pairMass = known[.pairMass] ?? pairMass
    profile.supervisedMass = known[.supervisedMass] ?? supervisedMass
    for measure in known.keys { profile.standardErrors[measure] = nil }
    return profile
  }
}

extension SkipWiseSampler {
  /// By summation, for N = 3 with the default split and biases.
  fileprivate var threeChunkPairMass: [Double]? {
    chunkCount == 3 && split == .uniform && biases == .chained && window.training >= 3
      ? DistanceProfile.threeChunkPairMass(window) : nil
  }
}

/// Masses that are known where set coverage is not.
extension DistanceProfile {
  /// RandPos: of the (T−d) places for a pair at distance d each is taken with probability L(L−1)/(T(T−1)).
  static func scatteredPairMass(_ window: TokenWindow) -> [Double] {
    let (length, target) = (Double(window.training), Double(window.target))
    guard target > 1 else { return [0] }
    let share = length * (length - 1) / (target * (target - 1))
    return (0..<window.target).map { $0 == 0 ? 0 : (target - Double($0)) * share }
  }

  /// RandPos without the pairs of the last token: it sits at p with a fellow at p−d in C(p−1, L−2) of the C(T, L) sets, and
  /// Σ_(p = d)^(T−1) C(p−1, L−2) = C(T−1, L−1) − C(d−1, L−1), so it has L/T − C(d−1, L−1)/C(T, L) pairs at distance d.
  static func scatteredSupervisedMass(_ window: TokenWindow) -> [Double] {
    let (length, target) = (window.training, window.target)
    func logChoose(_ n: Int, _ k: Int) -> Double {
      lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
    }
    let sets = logChoose(target, length)
    var mass = scatteredPairMass(window)
    for distance in 1..<max(target, 1) {
      let missing = distance >= length ? exp(logChoose(distance - 1, length - 1) - sets) : 0
      mass[distance] = max(0, mass[distance] - (Double(length) / Double(target) - missing))
    }
    return mass
  }

  /// PoSE with N = 3, uniform cuts and chained biases, by summation.
  ///
  /// A pair of neighbouring tokens at distance e has e gaps between its tokens; the two cuts fall into two of the L−1 gaps.
  /// u_1 is uniform in 0 … M with M = T−L, u_2 in u_1 … M; so u_2 − u_1 = k has probability Σ_(m ≥ k) 1/((m+1)(M+1)), and
  /// u_2 = v has Σ_(u ≤ v) 1/((M−u+1)(M+1)).
  static func threeChunkPairMass(_ window: TokenWindow) -> [Double] {
    let (length, target, limit) = (window.training, window.target, window.largestSkipBias)
    guard length >= 3 else { return [] }
    let ways = Double((length - 1) * (length - 2) / 2)
    let count = Double(limit + 1)
    var tail = [Double](repeating: 0, count: limit + 2)
    for m in (0...limit).reversed() { tail[m] = tail[m + 1] + 1 / (Double(m + 1) * count) }
    let first = [Double](repeating: 1 / count, count: limit + 1)
    let second = Array(tail.prefix(limit + 1))
    let both = (0...limit).map { tail[limit - $0] }

    var mass = [Double](repeating: 0, count: target)
    for e in 1..<length {
      let (pairs, gaps) = (Double(length - e), Double(e))
      let outside = Double(length - 1 - e)
      mass[e] += pairs * outside * (outside - 1) / 2 / ways
      // One cut between the tokens, the other before or behind the pair: on average half the outer gaps each.
      let one = pairs * gaps * outside / 2 / ways
      let two = pairs * gaps * (gaps - 1) / 2 / ways
      mass.withUnsafeMutableBufferPointer { mass in
        for bias in 0...limit { mass[e + bias] += one * (first[bias] + second[bias]) + two * both[bias] }
      }
    }
    return mass
  }
}
