import Foundation

extension ScalingSettings {
  /// θ_i of plain RoPE with base b: b^(−2i/d) for i = 0 … d/2 − 1.
  func plainFrequencies(base: Double) -> [Double] {
    (0..<headDimension / 2).map { pow(base, -2 * Double($0) / Double(headDimension)) }
  }

  /// Checks what every scaling reads.
  func checked() throws(PositionError) -> ScalingSettings {
    guard base > 1, base.isFinite else {
      throw .invalidSetting(name: "base", value: "\(base)", expected: "above 1")
    }
    guard headDimension >= 2, headDimension % 2 == 0 else {
      throw .invalidSetting(name: "head size", value: "\(headDimension)", expected: "even and at least 2")
    }
    guard originalWindow >= 1 else {
      throw .invalidSetting(name: "original window", value: "\(originalWindow)", expected: "at least 1")
    }
    guard factor >= 1, factor.isFinite else {
      throw .invalidSetting(name: "factor", value: "\(factor)", expected: "at least 1")
    }
    return self
  }
}
