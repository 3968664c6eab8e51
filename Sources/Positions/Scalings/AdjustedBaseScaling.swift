/// ABF: a larger base (Xiong et al. 2023), by default 50 times the original one.
public struct AdjustedBaseScaling: RotaryScaling {
  public static let name = "abf"
  public static let summary = "adjusted base frequency: a larger base (Xiong et al. 2023)"

  public let settings: ScalingSettings

  public init(_ settings: ScalingSettings) throws(PositionError) {
    self.settings = try settings.checked()
    if let base = settings.adjustedBase, base <= 1 || !base.isFinite {
      throw .invalidSetting(name: "adjusted base", value: "\(base)", expected: "above 1")
    }
  }

  /// Xiong et al. took 500,000 in the place of 10,000.
  private static let usualGrowth = 50.0

  public func frequencies(length: Int) -> RotaryFrequencies {
    RotaryFrequencies(
      inverse: settings.plainFrequencies(base: settings.adjustedBase ?? settings.base * Self.usualGrowth))
  }
}
