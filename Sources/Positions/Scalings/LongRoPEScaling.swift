import Foundation

/// LongRoPE: a divisor for each pair, 1/(f_i·b^(2i/d)), with one list up to the original window and another beyond; cos and
/// sin times √(1 + ln s / ln L0) (Ding et al. 2024).
public struct LongRoPEScaling: RotaryScaling {
  public static let name = "longrope"
  public static let summary = "LongRoPE: a searched divisor for each pair (Ding et al. 2024)"
  public static let dependsOnLength = true

  public let settings: ScalingSettings

  public init(_ settings: ScalingSettings) throws(PositionError) {
    self.settings = try settings.checked()
    for (name, factors) in [("short_factor", settings.shortFactors), ("long_factor", settings.longFactors)] {
      guard let factors else { continue }
      guard factors.count == settings.headDimension / 2, factors.allSatisfy({ $0 > 0 && $0.isFinite }) else {
        throw .invalidSetting(
          name: name, value: "a list of \(factors.count)", expected: "\(settings.headDimension / 2) numbers above 0")
      }
    }
    guard settings.attentionFactor ?? 1 > 0 else {
      throw .invalidSetting(name: "attention_factor", value: "\(settings.attentionFactor ?? 0)", expected: "above 0")
    }
  }

  public func frequencies(length: Int) -> RotaryFrequencies {
    // Without a searched list every pair is divided by s, which is linear interpolation.
    let uniform = Array(repeating: settings.factor, count: settings.headDimension / 2)
    let isLong = length > settings.originalWindow
    let factors = isLong ? settings.longFactors ?? uniform : settings.shortFactors ?? uniform
    return RotaryFrequencies(
      inverse: zip(settings.plainFrequencies(base: settings.base), factors).map { $0 / $1 },
      attentionFactor: settings.attentionFactor ?? temperature)
  }

  private var temperature: Double {
    guard settings.factor > 1, settings.originalWindow > 1 else { return 1 }
    return (1 + log(settings.factor) / log(Double(settings.originalWindow))).squareRoot()
  }
}
