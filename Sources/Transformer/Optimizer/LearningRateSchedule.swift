import Foundation

/// Linear warm-up, then constant or a cosine down to a floor.
public struct LearningRateSchedule: Hashable, Sendable {
  public enum Decay: String, CaseIterable, Sendable { case constant, cosine }

  public var peak: Double
  public var warmupSteps: Int
  public var totalSteps: Int
  public var decay: Decay
  /// What the cosine ends at, as a share of the peak.
  public var floor: Double

  public init(peak: Double, warmupSteps: Int, totalSteps: Int, decay: Decay = .cosine, floor: Double = 0.1) {
    self.peak = peak
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
    self.decay = decay
    self.floor = floor
  }

  /// The rate of a step, 1 for the first; past `totalSteps` it stays where it ended.
  public func rate(step: Int) -> Double {
    if step <= warmupSteps { return peak * Double(step) / Double(max(warmupSteps, 1)) }
    guard decay == .cosine else { return peak }
    let span = max(totalSteps - warmupSteps, 1)
    let progress = min(Double(step - warmupSteps) / Double(span), 1)
    return peak * (floor + (1 - floor) * 0.5 * (1 + cos(.pi * progress)))
  }
}
