import Positions
import Testing

@testable import FineTuning

/// When a run is told that it goes nowhere.
@Suite struct DivergenceTests {
  private func diverges(_ losses: some Sequence<Double>) -> DivergenceWatch.Divergence? {
    var watch = DivergenceWatch()
    do throws(DivergenceWatch.Divergence) {
      for (index, loss) in losses.enumerated() { try watch.take(loss, step: index + 1) }
      return nil
    } catch {
      return error
    }
  }

  /// A loss that falls, plateaus, jumps up for a few steps, or begins high, as after interpolation, is let be.
  @Test func ordinaryRunsGoOn() {
    #expect(diverges((0..<500).map { 5 / Double(1 + $0) + 0.5 }) == nil)
    #expect(diverges((0..<500).map { $0 % 50 == 7 ? 9 : 1 }) == nil)
    #expect(diverges((0..<100).map { $0 < 3 ? 12 : 1.5 }) == nil)
    #expect(diverges([Double](repeating: 8, count: 300)) == nil)
  }

  @Test func aLossThatRunsAwayIsNamed() throws {
    let divergence = try #require(diverges((0..<200).map { $0 < 50 ? 1 : 1 + Double($0 - 50) * 0.2 }))
    #expect((75...100).contains(divergence.step) && abs(divergence.best - 1) < 0.1 && divergence.now > 4)
    #expect(divergence.description.contains("lower the learning rate"))
  }

  /// Noise alone never does.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func noiseIsNotDivergence(seed: UInt64) {
    var random = RandomStream(seed: seed)
    #expect(diverges((0..<3000).map { _ in 1 + random.normal().magnitude }) == nil)
  }
}
