/// Llama 3.1's scaling: pairs with long wavelengths are interpolated, short ones kept, with a blend in between.
public struct Llama3Scaling: RotaryScaling {
  public static let name = "llama3"
  public static let summary = "Llama 3.1: interpolates long wavelengths, keeps short ones, blends between"

  public let settings: ScalingSettings
  private let low: Double
  private let high: Double

  public init(_ settings: ScalingSettings) throws(PositionError) {
    self.settings = try settings.checked()
    low = settings.lowFrequencyFactor ?? 1
    high = settings.highFrequencyFactor ?? 4
    guard low > 0, high > low, high.isFinite else {
      throw .invalidSetting(name: "high_freq_factor", value: "\(high)", expected: "above low_freq_factor, \(low)")
    }
  }

  public func frequencies(length: Int) -> RotaryFrequencies {
    let original = Double(settings.originalWindow)
    return RotaryFrequencies(
      inverse: settings.plainFrequencies(base: settings.base).map { frequency in
        let wavelength = 2 * Double.pi / frequency
        if wavelength < original / high { return frequency }
        if wavelength > original / low { return frequency / settings.factor }
        let kept = (original / wavelength - low) / (high - low)
        return (1 - kept) * frequency / settings.factor + kept * frequency
      })
  }
}
