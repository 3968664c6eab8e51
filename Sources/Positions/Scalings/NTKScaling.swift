import Foundation

/// NTK-aware scaling: the base grows to b·s^(d/(d−2)), so that the slowest pair is stretched by s and the fastest not at
/// all (bloc97 2023; the static form that PoSE's authors ran).
public struct NTKScaling: RotaryScaling {
  public static let name = "ntk"
  public static let summary = "NTK-aware: a base of b·s^(d/(d−2)) stretches slow pairs and keeps fast ones"

  public let settings: ScalingSettings

  public init(_ settings: ScalingSettings) throws(PositionError) {
    self.settings = try settings.checked()
    guard settings.headDimension > 2 else {
      throw .invalidSetting(name: "head size", value: "\(settings.headDimension)", expected: "above 2 for ntk")
    }
  }

  public func frequencies(length: Int) -> RotaryFrequencies {
    let dimension = Double(settings.headDimension)
    let base = settings.base * pow(settings.factor, dimension / (dimension - 2))
    return RotaryFrequencies(inverse: settings.plainFrequencies(base: base))
  }
}
