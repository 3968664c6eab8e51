import Foundation
import Positions

/// How the next token is chosen from the model's logits.
public struct TokenSampling: Equatable, Sendable {
  /// Logits are divided by it; 0 takes the most likely token.
  public var temperature: Double
  /// Only so many of the most likely tokens are drawn from; 0 takes all.
  public var topCount: Int

  public init(temperature: Double = 0, topCount: Int = 0) {
    self.temperature = temperature
    self.topCount = topCount
  }

  /// The next token.
  ///
  /// - Parameter logits: [vocabulary].
  public func next(_ logits: some Collection<Float>, using random: inout RandomStream) -> Int32 {
    let ranked = logits.enumerated().map { (token: Int32($0.offset), logit: Double($0.element)) }
    guard temperature > 0 else { return ranked.max { $0.logit < $1.logit }?.token ?? 0 }
    let sorted = ranked.sorted { $0.logit > $1.logit }
    let kept = topCount > 0 ? Array(sorted.prefix(topCount)) : sorted
    let most = kept.first?.logit ?? 0
    let weights = kept.map { exp(($0.logit - most) / temperature) }
    var left = random.unit() * weights.reduce(0, +)
    for (candidate, weight) in zip(kept, weights) {
      left -= weight
      if left < 0 { return candidate.token }
    }
    return kept.last?.token ?? 0
  }
}
