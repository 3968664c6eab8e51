/// What a sampler's examples teach about each relative distance 1 … T−1; index d is distance d, index 0 is unused.
public struct DistanceProfile: Equatable, Sendable {
  /// P(d): the probability that an example contains a pair at distance d (Figure 5 of the PoSE paper).
  public var coverage: [Double]
  /// The expected number of pairs at distance d in an example.
  public var pairMass: [Double]
  /// The same over pairs whose later token is asked for a prediction: all but the window's last token.
  public var supervisedMass: [Double]
  /// Of `coverage`, where it was estimated by drawing.
  public var standardError: [Double]?
  /// Examples drawn; nil where everything is exact.
  public var samples: Int?

  /// Half the summed difference of two masses, each scaled to one: 0 is equal, 1 disjoint (total variation).
  public func distance(to mass: [Double]) -> Double {
    let (own, other) = (pairMass.dropFirst().reduce(0, +), mass.dropFirst().reduce(0, +))
    guard own > 0, other > 0 else { return 1 }
    return zip(pairMass, mass).dropFirst().reduce(0) { $0 + abs($1.0 / own - $1.1 / other) } / 2
  }
}
