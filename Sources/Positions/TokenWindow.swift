/// The two lengths that everything in PoSE is about, already checked against each other.
///
/// The model is trained on `training` tokens at a time (the paper's Lc) and shall read `target` tokens (Lt).
public struct TokenWindow: Hashable, Sendable {
  /// Tokens in one training example, L ≥ 1.
  public let training: Int
  /// Tokens that the model shall read, T ≥ L.
  public let target: Int

  /// - Throws: `PositionError.windowTooShort` or `PositionError.targetBelowWindow`.
  public init(training: Int, target: Int) throws(PositionError) {
    guard training >= 1 else { throw .windowTooShort(window: training) }
    guard target >= training else { throw .targetBelowWindow(window: training, target: target) }
    self.training = training
    self.target = target
  }

  /// The extension factor s = T / L.
  public var factor: Double { Double(target) / Double(training) }

  /// The largest skip bias that keeps the last token inside the target window, T − L.
  public var largestSkipBias: Int { target - training }
}
