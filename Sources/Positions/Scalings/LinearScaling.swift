/// Positional interpolation: θ_i / s (Chen et al. 2023).
public struct LinearScaling: RotaryScaling {
  public static let name = "linear"
  public static let summary = "positional interpolation: every frequency divided by s (Chen et al. 2023)"

  public let settings: ScalingSettings

  public init(_ settings: ScalingSettings) throws(PositionError) {
    self.settings = try settings.checked()
  }

  public func frequencies(length: Int) -> RotaryFrequencies {
    RotaryFrequencies(inverse: settings.plainFrequencies(base: settings.base).map { $0 / settings.factor })
  }
}
