import FineTuning
import Foundation
import Positions

/// `rope`: the rotary frequencies that a scaling gives.
struct RopeVerb: Verb {
  static let name = "rope"
  static let summary = "frequencies, wavelengths and attention factor of a rotary scaling"
  static let example = "skipwise rope --scaling yarn --head-dim 32 --window 128 --target 1024"
  static let options: [Option] = [
    .choice("scaling", "NAME", of: ScalingRegistry.names, default: UnscaledRotary.name),
    .value("base", "B", "RoPE base, theta (default: 10000)"),
    .value("head-dim", "D", "size of a head, even (default: 32)"),
    .value("window", "L", "original window in tokens (default: 128)"),
    .value("target", "T", "target window in tokens (default: 8 × L)"),
    .value("beta-fast", "TURNS", "yarn: pairs that turn more often keep their frequency (default: 32)"),
    .value("beta-slow", "TURNS", "yarn: pairs that turn less often are interpolated (default: 1)"),
    .value("attention-factor", "A", "yarn: the factor on cos and sin (default: 0.1 ln s + 1)"),
    .value("low-freq-factor", "F", "llama3 (default: 1)"),
    .value("high-freq-factor", "F", "llama3 (default: 4)"),
    .flag("json", "one JSON object"),
  ]

  private struct Result: Encodable {
    var scaling: String
    var base: Double
    var headDim: Int
    var inverseFrequencies: [Double]
    var wavelengths: [Double]
    var attentionFactor: Double
  }

  private let scaling: any RotaryScaling
  private let target: Int
  private let wantsJSON: Bool

  init(_ arguments: Arguments) throws {
    let window = try arguments.integer("window", in: 1...Int(Int32.max)) ?? 128
    target = try arguments.integer("target", in: window...Int.max) ?? 8 * window
    var settings = ScalingSettings(
      base: try arguments.number("base", above: 1) ?? 10_000,
      headDimension: try arguments.integer("head-dim", in: 2...65_536) ?? 32, originalWindow: window,
      factor: Double(target) / Double(window))
    settings.betaFast = try arguments.number("beta-fast", above: 0)
    settings.betaSlow = try arguments.number("beta-slow", above: 0)
    settings.attentionFactor = try arguments.number("attention-factor", above: 0)
    settings.lowFrequencyFactor = try arguments.number("low-freq-factor", above: 0)
    settings.highFrequencyFactor = try arguments.number("high-freq-factor", above: 0)
    scaling = try ScalingRegistry.scaling(named: arguments.string("scaling") ?? UnscaledRotary.name, settings)
    wantsJSON = arguments.has("json")
  }

  func run() throws {
    let frequencies = scaling.frequencies(length: target)
    if wantsJSON {
      return try Output.json(
        Result(
          scaling: scaling.name, base: scaling.settings.base, headDim: scaling.settings.headDimension,
          inverseFrequencies: frequencies.inverse, wavelengths: frequencies.wavelengths,
          attentionFactor: frequencies.attentionFactor))
    }
    Output.line("\(scaling.name)  base \(scaling.settings.base)  attention factor \(frequencies.attentionFactor)")
    Output.line("pair  radians a position      wavelength  turns in \(target)")
    for (pair, (frequency, wavelength)) in zip(frequencies.inverse, frequencies.wavelengths).enumerated() {
      let turns = Double(target) / wavelength
      Output.line(String(format: "%4d  %20.12g  %14.6g  %.4g", pair, frequency, wavelength, turns))
    }
  }
}
