/// Notices a loss that runs away: its moving average has left the best one that it had by more than the noise of batches
/// explains.
struct DivergenceWatch: Equatable, Sendable {
  /// The loss does not come back: it was about `best` and is about `now`, in nats.
  struct Divergence: Error, Equatable, CustomStringConvertible {
    let step: Int
    let best: Double
    let now: Double

    var description: String {
      "the loss diverges at step \(step): it was about \(rounded(best)) nats and is about \(rounded(now)); lower the "
        + "learning rate, raise the warm-up, or clip the gradient's norm"
    }

    private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
  }

  private var count = 0
  private var average = 0.0
  private var best = Double.infinity

  /// Steps that the average looks back, about.
  private static let memory = 20.0
  /// Nats above the best average that no noise of batches explains; a loss that doubles is allowed more.
  private static let tolerance = 2.0

  /// Takes in a step's loss.
  ///
  /// - Throws: `Divergence`.
  mutating func take(_ loss: Double, step: Int) throws(Divergence) {
    count += 1
    // The plain mean until there are enough steps for a moving one.
    average += (loss - average) / min(Double(count), Self.memory)
    guard Double(count) >= Self.memory else { return }
    best = min(best, average)
    if average > 2 * best + Self.tolerance { throw Divergence(step: step, best: best, now: average) }
  }
}
