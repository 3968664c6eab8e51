import Foundation

/// Dynamic NTK: the base grows with the length read, b' = b·(s·n/M − (s−1))^(d/(d−2)) with n = max(length, M) and M the
/// original window.
///
/// Here the length is the largest position + 1, so it moves with the skips.
public struct DynamicNTKScaling: RotaryScaling {
  public static let name = "dynamic"
  public static let summary = "dynamic NTK: a base that grows with the length read"
  public static let dependsOnLength = true

  public let settings: ScalingSettings

  public init(_ settings: ScalingSettings) throws(PositionError) {
    self.settings = try NTKScaling(settings).settings
  }

  public func frequencies(length: Int) -> RotaryFrequencies {
    let dimension = Double(settings.headDimension)
    let ratio = Double(max(length, settings.originalWindow)) / Double(settings.originalWindow)
    let growth = settings.factor * ratio - (settings.factor - 1)
    let base = settings.base * pow(growth, dimension / (dimension - 2))
    return RotaryFrequencies(inverse: settings.plainFrequencies(base: base))
  }
}
