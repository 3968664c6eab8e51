import Positions
import Testing

@testable import FineTuning

/// Choosing the next token.
@Suite struct TokenSamplingTests {
  private let logits: [Float] = [0, 2, 1, -5]

  private func shares(_ sampling: TokenSampling) -> [Double] {
    var random = RandomStream(seed: 4)
    var counts = [0.0, 0, 0, 0]
    for _ in 0..<20_000 { counts[Int(sampling.next(logits, using: &random))] += 1 / 20_000.0 }
    return counts
  }

  @Test func zeroTakesTheMostLikely() { #expect(abs(shares(TokenSampling())[1] - 1) < 1e-9) }

  /// e^0, e^2, e^1, e^−5 over their sum.
  @Test func oneDrawsAsTheModelSays() {
    let drawn = shares(TokenSampling(temperature: 1))
    for (share, expected) in zip(drawn, [0.0900, 0.6649, 0.2446, 0.0006]) { #expect(abs(share - expected) < 0.012) }
  }

  @Test func theTopIsDrawnFromAlone() {
    let drawn = shares(TokenSampling(temperature: 5, topCount: 2))
    #expect(drawn[0] == 0 && drawn[3] == 0 && drawn[2] > 0.4)
  }
}
