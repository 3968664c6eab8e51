/// What is asked of a relative distance.
public enum DistanceMeasure: String, CaseIterable, Sendable {
  /// P(d): the probability that an example contains a pair at distance d (Figure 5 of the PoSE paper).
  case coverage
  /// The expected number of pairs at distance d in an example.
  case pairMass
  /// The same over pairs whose later token is asked for a prediction: all but the window's last and, where seams are masked,
  /// the last of every chunk.
  case supervisedMass
}

/// What a sampler's examples teach about each relative distance 1 … T−1; index d is distance d, index 0 is unused.
public struct DistanceProfile: Equatable, Sendable {
  public var coverage: [Double]
  public var pairMass: [Double]
  public var supervisedMass: [Double]
  /// Standard errors of what was estimated by drawing; a measure without is exact.
  public var standardErrors: [DistanceMeasure: [Double]] = [:]
  /// Examples drawn; nil where everything is exact.
  public var samples: Int?

  public subscript(measure: DistanceMeasure) -> [Double] {
    switch measure {
    case .coverage: coverage
    case .pairMass: pairMass
    case .supervisedMass: supervisedMass
    }
  }

  /// Half the summed difference of the pair mass and a wanted one, each scaled to one: 0 is equal, 1 disjoint (total variation).
  ///
  /// - Parameter wanted: weights of equally long stretches of the distances, as in `SamplerSettings.wantedMass`.
  public func distance(to wanted: [Double]) -> Double {
    let goal = Self.spread(wanted, over: pairMass.count)
    let (own, other) = (pairMass.dropFirst().reduce(0, +), goal.reduce(0, +))
    guard own > 0, other > 0 else { return 1 }
    return zip(pairMass, goal).dropFirst().reduce(0) { $0 + abs($1.0 / own - $1.1 / other) } / 2
  }

  /// Weights of equally long stretches as a value for each distance below T; none is 1 everywhere.
  static func spread(_ weights: [Double], over target: Int) -> [Double] {
    (0..<target).map { distance in
      guard distance > 0 else { return 0 }
      return weights.isEmpty ? 1 : weights[(distance - 1) * weights.count / (target - 1)]
    }
  }
}
