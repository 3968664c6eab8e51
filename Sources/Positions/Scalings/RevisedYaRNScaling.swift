/// YaRN with the ramp applied to wavelengths instead of frequencies, θ_i / ((1−γ_i)·s + γ_i): what PoSE's authors ran
/// for Llama and Baichuan.
public struct RevisedYaRNScaling: RotaryScaling {
  public static let name = "yarn-revised"
  public static let summary = "YaRN blending wavelengths, not frequencies: what the PoSE paper ran for Llama"

  public let settings: ScalingSettings
  private let ramp: YaRNRamp

  public init(_ settings: ScalingSettings) throws(PositionError) {
    self.settings = settings
    ramp = try YaRNRamp(settings)
  }

  public func frequencies(length: Int) -> RotaryFrequencies {
    let plain = settings.plainFrequencies(base: settings.base)
    return RotaryFrequencies(
      inverse: zip(plain, ramp.kept).map { $0 / ((1 - $1) * settings.factor + $1) },
      attentionFactor: ramp.attentionFactor)
  }
}
