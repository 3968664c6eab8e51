import Foundation

/// Plain RoPE: θ_i = b^(−2i/d) (Su et al. 2021).
public struct UnscaledRotary: RotaryScaling {
  public static let name = "none"
  public static let summary = "plain RoPE, no scaling"

  public let settings: ScalingSettings

  public init(_ settings: ScalingSettings) throws(PositionError) {
    self.settings = settings
  }

  public func frequencies(length: Int) -> RotaryFrequencies {
    let dimension = Double(settings.headDimension)
    return RotaryFrequencies(
      inverse: (0..<settings.headDimension / 2).map { pow(settings.base, -2 * Double($0) / dimension) })
  }
}
