import Positions

/// Figure 5 of the PoSE paper: how likely an example is to contain a pair at each relative distance, for the original window,
/// PoSE with two and three chunks, and RandPos.
public struct CoverageFigure: Equatable, Sendable {
  /// One curve of the figure.
  public struct Series: Equatable, Sendable {
    /// What the figure calls it.
    public let name: String
    public let sampler: String
    /// N; 1 where the sampler does not cut.
    public let chunks: Int
    /// P(d), index d for distance d; index 0 is unused.
    public var coverage: [Double]
    /// Nil where P(d) is exact.
    public var standardError: [Double]?
    /// Examples drawn; nil where P(d) is exact.
    public var samples: Int?
  }

  public let window: TokenWindow
  public let series: [Series]

  /// - Parameters:
  ///   - samples: examples drawn where there is no closed form.
  ///   - progress: told how many of all draws are done; returns whether to go on.
  /// - Throws: `PositionError.chunkCountOutOfRange` for a window below three tokens.
  public init(
    _ window: TokenWindow, samples: Int, seed: UInt64, progress: (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) throws(PositionError) {
    self.window = window
    let curves = [
      ("original", ContiguousSampler.name, 1), ("2 chunks", SkipWiseSampler.name, 2),
      ("3 chunks", SkipWiseSampler.name, 3), ("RandPos", RandomPositionSampler.name, 1),
    ]
    var series: [Series] = []
    var drawnBefore = 0
    for (name, sampler, chunks) in curves {
      let made = try SamplerRegistry.sampler(named: sampler, SamplerSettings(window: window, chunkCount: chunks))
      if let exact = made.exactProfile() {
        series.append(Series(name: name, sampler: sampler, chunks: chunks, coverage: exact.coverage))
        continue
      }
      var tally = DistanceTally()
      while tally.examples < samples {
        tally.add(made.layout(seed: seed, example: tally.examples))
        if tally.examples % 50 == 0, !progress(drawnBefore + tally.examples, 2 * samples) { break }
      }
      drawnBefore += samples
      let count = Double(max(tally.examples, 1))
      series.append(
        Series(
          name: name, sampler: sampler, chunks: chunks, coverage: tally.shares,
          standardError: tally.shares.map { ($0 * (1 - $0) / count).squareRoot() }, samples: tally.examples))
    }
    self.series = series
  }

  /// What the figure is there to show, each with whether the curves bear it out.
  public var findings: [Finding] {
    let beyond = window.training..<window.target
    guard !beyond.isEmpty, series.count == 4 else { return [] }
    let (original, two, three, random) = (
      series[0].coverage, series[1].coverage, series[2].coverage, series[3].coverage
    )
    func share(_ higher: [Double], _ lower: [Double]) -> Double {
      Double(beyond.filter { higher[$0] >= lower[$0] }.count) / Double(beyond.count)
    }
    return [
      Finding("the original window meets no distance from L on", beyond.allSatisfy { original[$0] == 0 }),
      Finding("two chunks meet every distance below T", beyond.allSatisfy { two[$0] > 0 }),
      Finding(
        "three chunks meet far distances more often than two (at \(Int(100 * share(three, two))) % of them)",
        share(three, two) > 0.5
      ),
      Finding("RandPos meets them most often (at \(Int(100 * share(random, three))) %)", share(random, three) > 0.9),
    ]
  }
}
