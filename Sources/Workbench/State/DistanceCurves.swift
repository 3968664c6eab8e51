import Canvas
import Positions

/// A profile made ready to be drawn: the extremes of any stretch of a curve are found without reading all of it.
public struct DistanceCurves: Equatable, Sendable {
  public let profile: DistanceProfile
  private let pyramids: [DistanceMeasure: MinMaxPyramid]

  public init(_ profile: DistanceProfile) {
    self.profile = profile
    pyramids = Dictionary(
      uniqueKeysWithValues: DistanceMeasure.allCases.map { ($0, MinMaxPyramid(profile[$0])) })
  }

  /// The value at a distance; nil where the curve has none.
  public func value(_ measure: DistanceMeasure, at distance: Int) -> Double? {
    let values = profile[measure]
    return values.indices.contains(distance) ? values[distance] : nil
  }

  /// The least and greatest value over a range of distances.
  public func extremes(_ measure: DistanceMeasure, in range: Range<Int>) -> MinMaxPyramid.Extremes? {
    pyramids[measure]?.extremes(in: range)
  }
}

/// Curves kept to be compared with.
public struct Pin: Equatable, Sendable {
  /// What is drawn in, such as `pose N 2`.
  public let label: String
  public let window: TokenWindow
  public let curves: DistanceCurves
}
