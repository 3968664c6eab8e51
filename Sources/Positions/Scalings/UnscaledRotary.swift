/// Plain RoPE: θ_i = b^(−2i/d) (Su et al. 2021).
public struct UnscaledRotary: RotaryScaling {
  public static let name = "none"
  public static let summary = "plain RoPE, no scaling"

  public let settings: ScalingSettings

  public init(_ settings: ScalingSettings) throws(PositionError) {
    self.settings = try settings.checked()
  }

  public func frequencies(length: Int) -> RotaryFrequencies {
    RotaryFrequencies(inverse: settings.plainFrequencies(base: settings.base))
  }
}
