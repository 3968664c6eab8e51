import Foundation

/// What `yarn` and `yarn-revised` share: which pairs are interpolated, and by how much (Peng et al. 2023, §3.2).
struct YaRNRamp {
  private let settings: ScalingSettings

  /// - Throws: `PositionError.invalidSetting` for a beta or an attention factor that cannot be used.
  init(_ settings: ScalingSettings) throws(PositionError) {
    self.settings = try settings.checked()
    for (name, value) in [
      ("beta_fast", settings.betaFast), ("beta_slow", settings.betaSlow),
      ("attention_factor", settings.attentionFactor),
    ] {
      if let value, value <= 0 || !value.isFinite {
        throw .invalidSetting(name: name, value: "\(value)", expected: "above 0")
      }
    }
  }

  /// γ_i: 1 keeps a pair's frequency, 0 interpolates it by s, in between it is blended.
  var kept: [Double] {
    let last = Double(settings.headDimension - 1)
    let low = max(pair(turning: settings.betaFast ?? 32).rounded(.down), 0)
    var high = min(pair(turning: settings.betaSlow ?? 1).rounded(.up), last)
    if high == low { high += 0.001 }
    return (0..<settings.headDimension / 2).map { index in
      1 - min(max((Double(index) - low) / (high - low), 0), 1)
    }
  }

  /// D(r): the pair that turns r times in the original window, d·ln(L0/(2πr)) / (2 ln b).
  private func pair(turning turns: Double) -> Double {
    Double(settings.headDimension) * log(Double(settings.originalWindow) / (2 * .pi * turns))
      / (2 * log(settings.base))
  }

  /// 0.1·ln s + 1, unless it is set.
  var attentionFactor: Double { settings.attentionFactor ?? (0.1 * log(settings.factor) + 1) }
}

/// YaRN: fast pairs keep their frequency, slow ones are interpolated, and a ramp blends the frequencies in between
/// (Peng et al. 2023).
public struct YaRNScaling: RotaryScaling {
  public static let name = "yarn"
  public static let summary = "YaRN: keeps fast pairs, interpolates slow ones, blends between (Peng et al. 2023)"

  public let settings: ScalingSettings
  private let ramp: YaRNRamp

  public init(_ settings: ScalingSettings) throws(PositionError) {
    self.settings = settings
    ramp = try YaRNRamp(settings)
  }

  public func frequencies(length: Int) -> RotaryFrequencies {
    let plain = settings.plainFrequencies(base: settings.base)
    return RotaryFrequencies(
      inverse: zip(plain, ramp.kept).map { (1 - $1) * $0 / settings.factor + $1 * $0 },
      attentionFactor: ramp.attentionFactor)
  }
}
