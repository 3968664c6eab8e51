import Foundation
import Positions

/// `coverage`: what a sampler's examples teach about each relative distance.
struct CoverageVerb: Verb {
  static let name = "coverage"
  static let summary = "coverage, pair mass and supervised-token mass by relative distance"
  static let example = "skipwise coverage --sampler pose --window 256 --target 2048 --chunks 2"
  static let options: [Option] =
    SamplerOptions.shared + [
      .choice(
        "method", "KIND", of: ["exact", "monte-carlo"], default: "exact where there is a closed form"),
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
    var pairMassStandardError: [Double]?
    var supervisedMassStandardError: [Double]?
    var wanted: [Double]?
    var distanceToWanted: Double
  }

  private let sampler: any PositionSampler
  private let settings: SamplerSettings
  private let seam: SeamRule
  private let seed: UInt64
  private let isExact: Bool
  private let samples: Int
  private let chunks: Int
  private let wantsJSON: Bool

  /// Every distance has a row of numbers.
  private static let longest = 1 << 24

  init(_ arguments: Arguments) throws {
    sampler = try SamplerOptions.sampler(arguments)
    settings = try SamplerOptions.settings(arguments)
    seam = try SamplerOptions.seam(arguments)
    let target = sampler.window.target
    guard (2...Self.longest).contains(target) else {
      throw UsageError("--target is \(target); coverage needs 2 to \(Self.longest)")
    }
    seed = try arguments.seed() ?? 0
    samples = try arguments.integer("samples", in: 1...1_000_000_000) ?? 100_000
    chunks = try arguments.integer("chunks", in: 1...Self.longest) ?? 2
    wantsJSON = arguments.has("json")
    let method = try arguments.choice("method")
    let hasClosedForm = sampler.exactProfile(seam: seam) != nil
    guard method != "exact" || hasClosedForm else {
      throw UsageError(
        "\(sampler.name) with these settings has no closed form for coverage; use --method monte-carlo")
    }
    isExact = method.map { $0 == "exact" } ?? hasClosedForm
  }

  func run() throws {
    let profile = try isExact ? sampler.exactProfile(seam: seam) ?? drawn() : drawn()
    guard wantsJSON else { return describe(profile) }
    try Output.json(
      Result(
        sampler: sampler.name, window: sampler.window.training, target: sampler.window.target, chunks: chunks,
        method: isExact ? "exact" : "monte-carlo", coverage: Array(profile.coverage.dropFirst()),
        pairMass: Array(profile.pairMass.dropFirst()), supervisedMass: Array(profile.supervisedMass.dropFirst()),
        samples: profile.samples, standardError: errors(.coverage, profile),
        pairMassStandardError: errors(.pairMass, profile),
        supervisedMassStandardError: errors(.supervisedMass, profile),
        wanted: settings.wantedMass.isEmpty ? nil : settings.wantedMass,
        distanceToWanted: profile.distance(to: settings.wantedMass)))
  }

  private func errors(_ measure: DistanceMeasure, _ profile: DistanceProfile) -> [Double]? {
    profile.standardErrors[measure].map { Array($0.dropFirst()) }
  }

  private func drawn() throws -> DistanceProfile {
    Interrupt.listen()
    var estimate = CoverageEstimate(seam: seam)
    // Batches of equal size, enough of them for the spread of their means.
    let batch = max(1, min(5000, samples / 20))
    while estimate.samples < samples, !Interrupt.isRequested {
      estimate.draw(min(batch, samples - estimate.samples), from: sampler, seed: seed)
      Output.progress("\(estimate.samples.formatted()) of \(samples.formatted()) examples")
    }
    Output.endProgress()
    return estimate.profile.with(sampler.knownMasses)
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
      let error = profile.standardErrors[.coverage].map { String(format: "%.6f", $0[distance]) } ?? "   exact"
      Output.line(
        String(format: "%10d  %.6f", distance, profile.coverage[distance]) + "  \(error)"
          + String(format: "  %9.4f  %9.4f", profile.pairMass[distance], profile.supervisedMass[distance]))
    }
    let goal = settings.wantedMass.isEmpty ? "even" : "what is wanted"
    Output.line(
      String(
        format: "pair mass is %.3f away from %@ (0 equal, 1 disjoint)", profile.distance(to: settings.wantedMass), goal)
        + poseBeside)
  }

  /// The same figure of PoSE with two chunks, the measure for everything that wants to do better.
  private var poseBeside: String {
    var two = settings
    two.chunkCount = 2
    let isPose = sampler.name == SkipWiseSampler.name && settings.chunkCount == 2
    guard !isPose, let pose = try? SkipWiseSampler(two), let profile = pose.exactProfile() else { return "" }
    return String(format: "; pose with two chunks: %.3f", profile.distance(to: settings.wantedMass))
  }
}
