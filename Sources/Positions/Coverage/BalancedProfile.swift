extension BalancedSampler: ExactlyCovered {
  /// Summed over the cuts of the design, each with its own distribution of biases.
  public func exactProfile(seam: SeamRule) -> DistanceProfile? {
    let (length, target) = (window.training, window.target)
    let nothing = [Double](repeating: 0, count: target)
    var profile = DistanceProfile(coverage: nothing, pairMass: nothing, supervisedMass: nothing)
    for (cut, biases) in design.biasesByCut {
      profile.add(cut: cut, length: length, biases: biases, seam: seam)
    }
    return profile
  }
}

extension DistanceProfile {
  /// Adds the examples with a given cut into two chunks.
  ///
  /// - Parameter biases: the probability of the cut together with each bias 0 … T−L.
  fileprivate mutating func add(cut: Int, length: Int, biases: [Double], seam: SeamRule) {
    var sums = [0.0]
    for probability in biases { sums.append((sums.last ?? 0) + probability) }
    /// P(the cut, and a bias in a range).
    func probability(_ low: Int, _ high: Int) -> Double {
      let (first, last) = (max(low, 0), min(high, biases.count - 1))
      return last >= first ? sums[last + 1] - sums[first] : 0
    }
    func bias(_ value: Int) -> Double { biases.indices.contains(value) ? biases[value] : 0 }
    let (weight, rest) = (probability(0, biases.count - 1), length - cut)
    // Pairs across the cut form a trapezoid over distances, moved by the bias: its second differences are four steps.
    var (slope, across) = (0.0, 0.0)
    for distance in 1..<max(coverage.count, 1) {
      let base = distance - 1
      slope += bias(base) - bias(base - cut) - bias(base - rest) + bias(base - length)
      across += slope
      let reaching = probability(distance - length + 1, distance - 1)
      coverage[distance] += distance < max(cut, rest) ? weight : reaching
      let pairs = max(0, across) + weight * Double(max(0, cut - distance) + max(0, rest - distance))
      pairMass[distance] += pairs
      // The window's last token meets its own chunk once at each distance, and the first chunk across the skip.
      var muted = probability(distance - length + 1, distance - rest)
      if distance < rest { muted += weight }
      if seam == .masked, distance < cut { muted += weight }
      supervisedMass[distance] += max(0, pairs - muted)
    }
  }
}
