import Foundation
import Positions

/// `coverage`: what a sampler's examples teach about each relative distance.
struct CoverageVerb: Verb {
  static let name = "coverage"
  static let summary = "coverage, pair mass and supervised-token mass by relative distance"
  static let example = "skipwise coverage --sampler pose --window 256 --target 2048 --chunks 2"
  static let options: [Option] =
    SamplerOptions.shared + [
      .value("method", "KIND", "exact or monte-carlo (default: exact where there is a closed form)"),
      .value("samples", "K", "examples to draw for monte-carlo (default: 100000)"),
      .flag("json", "one JSON object with every distance"),
    ]

  private struct Result: Encodable {
    var sampler: String
    var window: Int
    var target: Int
    var chunks: Int
    var method: String
    var coverage: [Double]
    var pairMass: [Double]
    var supervisedMass: [Double]
    var samples: Int?
    var standardError: [Double]?
  }

  private let sampler: any PositionSampler
  private let seed: UInt64
  private let isExact: Bool
  private let samples: Int
  private let chunks: Int
  private let wantsJSON: Bool

  /// Every distance has a row of numbers.
  private static let longest = 1 << 24

  init(_ arguments: Arguments) throws {
    sampler = try SamplerOptions.sampler(arguments)
    let target = sampler.window.target
    guard (2...Self.longest).contains(target) else {
      throw UsageError("--target is \(target); coverage needs 2 to \(Self.longest)")
    }
    seed = try arguments.seed() ?? 0
    samples = try arguments.integer("samples", in: 1...1_000_000_000) ?? 100_000
    chunks = try arguments.integer("chunks", in: 1...Self.longest) ?? 2
    wantsJSON = arguments.has("json")
    let method = try arguments.choice("method", of: ["exact", "monte-carlo"])
    let hasClosedForm = sampler is any ExactlyCovered && sampler.exactProfile != nil
    guard method != "exact" || hasClosedForm else {
      throw UsageError(
        "\(sampler.name) with these settings has no closed form for coverage; use --method monte-carlo")
    }
    isExact = method.map { $0 == "exact" } ?? hasClosedForm
  }

  func run() throws {
    let profile = try isExact ? sampler.exactProfile ?? drawn() : drawn()
    guard wantsJSON else { return describe(profile) }
    try Output.json(
      Result(
        sampler: sampler.name, window: sampler.window.training, target: sampler.window.target, chunks: chunks,
        method: isExact ? "exact" : "monte-carlo", coverage: Array(profile.coverage.dropFirst()),
        pairMass: Array(profile.pairMass.dropFirst()), supervisedMass: Array(profile.supervisedMass.dropFirst()),
        samples: profile.samples, standardError: profile.standardError.map { Array($0.dropFirst()) }))
  }

  private func drawn() throws -> DistanceProfile {
    Interrupt.listen()
    var estimate = CoverageEstimate(sampler, seed: seed)
    while estimate.samples < samples, !Interrupt.isRequested {
      estimate.draw(min(5000, samples - estimate.samples))
      Output.progress("\(estimate.samples.formatted()) of \(samples.formatted()) examples")
    }
    Output.endProgress()
    return estimate.profile
  }

  /// A table of sixteen distances and how even the pair mass is.
  private func describe(_ profile: DistanceProfile) {
    let target = sampler.window.target
    let kind = profile.samples.map { "\($0.formatted()) examples drawn" } ?? "exact"
    Output.line("\(sampler.name)  L \(sampler.window.training)  T \(target)  \(kind)")
    Output.line("  distance  coverage  ± error     pairs  supervised")
    let rows = min(16, target - 1)
    for row in 0..<rows {
      let distance = rows == 1 ? 1 : 1 + row * (target - 2) / (rows - 1)
      let error = profile.standardError.map { String(format: "%.6f", $0[distance]) } ?? "   exact"
      Output.line(
        String(format: "%10d  %.6f", distance, profile.coverage[distance]) + "  \(error)"
          + String(format: "  %9.4f  %9.4f", profile.pairMass[distance], profile.supervisedMass[distance]))
    }
    let even = [Double](repeating: 1, count: target)
    Output.line(String(format: "pair mass is %.3f away from even (0 even, 1 disjoint)", profile.distance(to: even)))
  }
}
