/// Samplers whose coverage and masses are known in closed form or by summation.
public protocol ExactlyCovered: PositionSampler {
  /// Nil where there is no closed form for these settings.
  func exactProfile(seam: SeamRule) -> DistanceProfile?
}

extension PositionSampler {
  /// Everything in closed form; nil where there is none.
  public func exactProfile(seam: SeamRule = .kept) -> DistanceProfile? {
    (self as? any ExactlyCovered)?.exactProfile(seam: seam)
  }
}

extension ScriptedSampler: ExactlyCovered {
  /// Every example is the same one.
  public func exactProfile(seam: SeamRule) -> DistanceProfile? {
    var estimate = CoverageEstimate(seam: seam)
    estimate.add(layout(seed: 0, example: 0))
    var profile = estimate.profile
    (profile.samples, profile.standardErrors) = (nil, [:])
    return profile
  }
}

extension ContiguousSampler: ExactlyCovered {
  public func exactProfile(seam: SeamRule) -> DistanceProfile? { .neighbours(window.training, target: window.target) }
}

extension FullSampler: ExactlyCovered {
  public func exactProfile(seam: SeamRule) -> DistanceProfile? { .neighbours(window.target, target: window.target) }
}

extension SkipWiseSampler: ExactlyCovered {
  /// N = 1 and N = 2, where sequential split and sorted biases are the same as the default.
  public func exactProfile(seam: SeamRule) -> DistanceProfile? {
    switch chunkCount {
    case 1: .neighbours(window.training, target: window.target)
    case 2:
      .twoChunks(
        window, firstLength: Array(repeating: 1 / Double(window.training - 1), count: window.training - 1), seam: seam)
    default: nil
    }
  }
}

extension ReferenceSkipWiseSampler: ExactlyCovered {
  public func exactProfile(seam: SeamRule) -> DistanceProfile? {
    let longest = min(longestFirst, window.training - 1)
    return .twoChunks(
      window, firstLength: (1..<window.training).map { $0 <= longest ? 1 / Double(longest) : 0 }, seam: seam)
  }
}

extension EqualChunkSampler: ExactlyCovered {
  public func exactProfile(seam: SeamRule) -> DistanceProfile? {
    switch chunkCount {
    case 1: .neighbours(window.training, target: window.target)
    case 2:
      .twoChunks(window, firstLength: (1..<window.training).map { $0 == window.training / 2 ? 1 : 0 }, seam: seam)
    default: nil
    }
  }
}

extension DistanceProfile {
  /// `length` neighbouring tokens: L − d pairs at distance d.
  static func neighbours(_ length: Int, target: Int) -> DistanceProfile {
    let distances = 0..<target
    return DistanceProfile(
      coverage: distances.map { $0 >= 1 && $0 < length ? 1 : 0 },
      pairMass: distances.map { $0 >= 1 ? Double(max(0, length - $0)) : 0 },
      supervisedMass: distances.map { $0 >= 1 ? Double(max(0, length - 1 - $0)) : 0 })
  }

  /// Two chunks whose cut l_0 and bias u_1 are independent, u_1 uniform in 0 … T−L.
  ///
  /// P(d) = A + B − A·B with A(d) = P(max(l_0, L−l_0) > d), a pair inside a chunk, and B(d) the share of biases that bring
  /// some pair across the cut to distance d: those in d−L+1 … d−1.
  ///
  /// - Parameter firstLength: probabilities of l_0 = 1 … L−1.
  static func twoChunks(_ window: TokenWindow, firstLength: [Double], seam: SeamRule) -> DistanceProfile {
    let (length, target) = (window.training, window.target)
    let biases = Double(window.largestSkipBias + 1)
    var profile = DistanceProfile(
      coverage: Array(repeating: 0, count: target), pairMass: Array(repeating: 0, count: target),
      supervisedMass: Array(repeating: 0, count: target))

    // P(n tokens in the longer chunk, in the first, in the second), index n.
    var longer = [Double](repeating: 0, count: length + 1)
    var first = longer
    var second = longer
    for (index, probability) in firstLength.enumerated() {
      longer[max(index + 1, length - index - 1)] += probability
      first[index + 1] += probability
      second[length - index - 1] += probability
    }
    let inside = Survival(longer)
    let insideFirst = Survival(first)
    let insideSecond = Survival(second)

    // Pairs across the cut by their distance e in the window, before the skip.
    let crossing = crossings(length, firstLength)
    let crossingSums = prefixSums(crossing)
    // The last token meets the first chunk's tokens at distances L−l_0 … L−1 before the skip.
    let lastSums = prefixSums((0..<length).map { $0 == 0 ? 0 : 1 - insideSecond.beyond($0) })
    let within = pairsInside(length, firstLength)

    for distance in 1..<max(target, 1) {
      // Sums of probabilities can end a rounding above 1.
      let a = distance < length ? min(inside.beyond(distance), 1) : 0
      let reaching = min(window.largestSkipBias, distance - 1) - max(0, distance - length + 1) + 1
      let b = Double(max(0, reaching)) / biases
      profile.coverage[distance] = a + b - a * b
      // e = d − u runs over what biases 0 … T−L leave of 1 … L−1.
      let (low, high) = (max(1, distance - window.largestSkipBias), min(length - 1, distance))
      let across = high >= low ? (crossingSums[high + 1] - crossingSums[low]) / biases : 0
      let last = high >= low ? (lastSums[high + 1] - lastSums[low]) / biases : 0
      let near = distance < length ? within[distance] : 0
      var lastNear = distance < length ? insideSecond.beyond(distance) : 0
      if seam == .masked, distance < length { lastNear += insideFirst.beyond(distance) }
      profile.pairMass[distance] = near + across
      profile.supervisedMass[distance] = near + across - lastNear - last
    }
    return profile
  }

  /// P(n > d) of a distribution over 0 … L.
  private struct Survival {
    private let tail: [Double]

    init(_ probabilities: [Double]) {
      var tail = [Double](repeating: 0, count: probabilities.count + 1)
      for index in probabilities.indices.reversed() { tail[index] = tail[index + 1] + probabilities[index] }
      self.tail = tail
    }

    func beyond(_ value: Int) -> Double { value + 1 < tail.count ? tail[value + 1] : 0 }
  }

  /// Σ of the first n values, at index n.
  private static func prefixSums(_ values: [Double]) -> [Double] {
    var sums = [0.0]
    sums.reserveCapacity(values.count + 1)
    for value in values { sums.append((sums.last ?? 0) + value) }
    return sums
  }

  /// Expected pairs of neighbouring tokens at distance e that a cut separates, for e = 0 … L−1.
  ///
  /// A cut behind token l separates min(l, L−e) − max(0, l−e) of them, a trapezoid in l; so the sum over l is taken from
  /// prefix sums of the cut's distribution and its first moment.
  private static func crossings(_ length: Int, _ firstLength: [Double]) -> [Double] {
    let mass = prefixSums([0] + firstLength)
    let moment = prefixSums([0] + firstLength.enumerated().map { Double($0.offset + 1) * $0.element })
    return (0..<length).map { distance in
      guard distance > 0 else { return 0 }
      // Rising while l ≤ both e and L−e, level in between, falling behind both.
      let (low, high) = (min(distance, length - distance), max(distance, length - distance))
      let rising = moment[low + 1]
      let level = Double(low) * (mass[high + 1] - mass[low + 1])
      let falling = Double(length) * (mass[length] - mass[high + 1]) - (moment[length] - moment[high + 1])
      return rising + level + falling
    }
  }

  /// Expected pairs inside the two chunks at distance d, for d = 0 … L−1.
  private static func pairsInside(_ length: Int, _ firstLength: [Double]) -> [Double] {
    let crossing = crossings(length, firstLength)
    // Every pair of the window is inside a chunk or across the cut.
    return (0..<length).map { $0 == 0 ? 0 : Double(length - $0) - crossing[$0] }
  }
}
