import Foundation
import Testing

@testable import Positions

/// Frequencies against their formulas, written out once more.
@Suite struct ScalingTests {
  static let dimensions = [16, 32, 64, 128]
  static let factors = [1.0, 2, 7.5, 16, 64]

  private func settings(_ dimension: Int, _ factor: Double) -> ScalingSettings {
    ScalingSettings(base: 10_000, headDimension: dimension, originalWindow: 2048, factor: factor)
  }

  private func expectFrequencies(
    _ scaling: any RotaryScaling, _ formula: (_ i: Double, _ d: Double, _ s: Double) -> Double
  ) {
    let (d, s) = (scaling.settings.headDimension, scaling.settings.factor)
    let frequencies = scaling.frequencies.inverse
    #expect(frequencies.count == d / 2)
    for (index, frequency) in frequencies.enumerated() {
      let expected = formula(Double(index), Double(d), s)
      #expect(abs(frequency - expected) <= 1e-12 * expected, "\(scaling.name) d \(d) s \(s) pair \(index)")
    }
  }

  @Test(arguments: dimensions, factors)
  func staticScalings(dimension: Int, factor: Double) throws {
    let settings = settings(dimension, factor)
    expectFrequencies(try UnscaledRotary(settings)) { i, d, _ in pow(10_000, -2 * i / d) }
    expectFrequencies(try LinearScaling(settings)) { i, d, s in pow(10_000, -2 * i / d) / s }
    expectFrequencies(try NTKScaling(settings)) { i, d, s in pow(10_000 * pow(s, d / (d - 2)), -2 * i / d) }
    expectFrequencies(try YaRNScaling(settings)) { i, d, s in
      let kept = Self.kept(i, d)
      return pow(10_000, -2 * i / d) * ((1 - kept) / s + kept)
    }
    expectFrequencies(try RevisedYaRNScaling(settings)) { i, d, s in
      let kept = Self.kept(i, d)
      return pow(10_000, -2 * i / d) / ((1 - kept) * s + kept)
    }
    expectFrequencies(try Llama3Scaling(settings)) { i, d, s in
      let frequency = pow(10_000, -2 * i / d)
      let share = min(max((2048 * frequency / (2 * .pi) - 1) / 3, 0), 1)
      return frequency * (share + (1 - share) / s)
    }
    let temperature = 0.1 * log(factor) + 1
    #expect(try YaRNScaling(settings).frequencies.attentionFactor == temperature)
    #expect(try LinearScaling(settings).frequencies.attentionFactor == 1)
  }

  /// Dynamic NTK stays plain inside the original window and is NTK of the length's own factor beyond it; LongRoPE changes
  /// lists there.
  @Test func scalingsThatDependOnTheLength() throws {
    var settings = settings(64, 1)
    let dynamic = try DynamicNTKScaling(settings)
    #expect(dynamic.frequencies(length: 2048) == (try UnscaledRotary(settings).frequencies))
    settings.factor = 4
    let ntk = try NTKScaling(settings).frequencies.inverse
    settings.factor = 1
    for (mine, its) in zip(try DynamicNTKScaling(settings).frequencies(length: 8192).inverse, ntk) {
      #expect(abs(mine - its) < 1e-12 * its)
    }
    settings.factor = 8
    settings.shortFactors = Array(repeating: 1, count: 32)
    settings.longFactors = (0..<32).map { 1 + Double($0) }
    let long = try LongRoPEScaling(settings)
    let plain = try UnscaledRotary(settings).frequencies.inverse
    #expect(long.frequencies(length: 2048).inverse == plain)
    #expect(long.frequencies(length: 2049).inverse == plain.enumerated().map { $1 / (1 + Double($0)) })
    #expect(abs(long.frequencies.attentionFactor - (1 + log(8) / log(2048)).squareRoot()) < 1e-15)
    settings.longFactors = [1, 2]
    #expect(throws: PositionError.self) { try LongRoPEScaling(settings) }
  }

  @Test func anAdjustedBaseIsTakenAsItIs() throws {
    var settings = settings(64, 8)
    settings.adjustedBase = 500_000
    expectFrequencies(try AdjustedBaseScaling(settings)) { i, d, _ in pow(500_000, -2 * i / d) }
    settings.adjustedBase = 0.5
    #expect(throws: PositionError.self) { try AdjustedBaseScaling(settings) }
  }

  /// YaRN's γ for L0 = 2,048 and b = 10,000, beta 32 and 1.
  private static func kept(_ i: Double, _ d: Double) -> Double {
    func pair(_ turns: Double) -> Double { d * log(2048 / (turns * 2 * .pi)) / (2 * log(10_000)) }
    let low = max(floor(pair(32)), 0)
    let high = min(ceil(pair(1)), d - 1)
    return 1 - min(max((i - low) / (high == low ? 0.001 : high - low), 0), 1)
  }

  /// Figures of the literature: YaRN's temperature at 8 × is 1.208, and NTK's slowest pair is stretched by exactly s.
  @Test func knownFigures() throws {
    #expect(abs(try YaRNScaling(settings(128, 8)).frequencies.attentionFactor - 1.208) < 5e-4)
    let plain = try UnscaledRotary(settings(128, 8)).frequencies.inverse
    let ntk = try NTKScaling(settings(128, 8)).frequencies.inverse
    #expect(ntk[0] == plain[0])
    #expect(abs(plain[63] / ntk[63] - 8) < 1e-9)
    // In 2,048 tokens pair 0 turns 326 times, and 23 of 64 pairs never complete a turn.
    #expect(Int((plain[0] * 2048 / (2 * .pi)).rounded()) == 326)
    #expect(plain.filter { $0 * 2048 < 2 * .pi }.count == 23)
  }

  @Test(arguments: ScalingRegistry.names)
  func impossibleSettingsAreRefused(name: String) {
    let impossible = [
      ScalingSettings(base: 1, headDimension: 16, originalWindow: 128),
      ScalingSettings(base: .nan, headDimension: 16, originalWindow: 128),
      ScalingSettings(headDimension: 15, originalWindow: 128), ScalingSettings(headDimension: 0, originalWindow: 128),
      ScalingSettings(headDimension: 16, originalWindow: 0),
      ScalingSettings(headDimension: 16, originalWindow: 128, factor: 0.5),
      ScalingSettings(headDimension: 16, originalWindow: 128, factor: .infinity),
    ]
    for settings in impossible {
      #expect(throws: PositionError.self) { try ScalingRegistry.scaling(named: name, settings) }
    }
  }

  @Test(arguments: ScalingRegistry.names)
  func everyFrequencyIsPositiveAndFinite(name: String) throws {
    for dimension in [4, 16, 130] {
      for factor in [1.0, 3, 256] {
        let scaling = try ScalingRegistry.scaling(named: name, settings(dimension, factor))
        #expect(scaling.frequencies.inverse.allSatisfy { $0 > 0 && $0.isFinite })
      }
    }
  }
}
