import Canvas
import FineTuning

/// The numbers of every step, so kept that a curve of a million steps is drawn as fast as one of a few thousand.
struct RunCurves: Equatable, Sendable {
  private(set) var loss = MinMaxPyramid()
  /// The loss as an exponential moving average.
  private(set) var smoothedLoss = MinMaxPyramid()
  private(set) var rate = MinMaxPyramid()
  /// The gradient's norm, where a logarithmic axis has a place for it.
  private(set) var gradient = MinMaxPyramid()

  private var steps: [Int] = []
  private var average: MovingAverage

  /// Points that a curve is drawn with at most: more than any terminal has dots in a row.
  private static let pointLimit = 4096

  /// - Parameter weight: of the average so far against a new loss; 0 keeps the raw curve.
  init(_ records: [StepRecord] = [], smoothing weight: Double) {
    average = MovingAverage(weight: weight)
    append(records)
  }

  mutating func append(_ records: [StepRecord]) {
    for record in records {
      steps.append(record.step)
      loss.append(record.loss)
      rate.append(record.lr)
      gradient.append(record.gradNorm > 0 && record.gradNorm.isFinite ? record.gradNorm : .nan)
      smoothedLoss.append(average.take(record.loss))
    }
  }

  /// The extremes of a curve over some steps; nil where it has none.
  func extremes(_ curve: MinMaxPyramid, in shown: ClosedRange<Int>) -> MinMaxPyramid.Extremes? {
    curve.extremes(in: indices(of: shown))
  }

  /// A curve over some steps: all its points, or where they are too many the extremes of each stretch of them, which is what
  /// a plot shows of those that fall on one column.
  func points(_ curve: MinMaxPyramid, in shown: ClosedRange<Int>) -> [(x: Double, y: Double)] {
    let range = indices(of: shown)
    guard range.count > Self.pointLimit else { return range.map { (Double(steps[$0]), curve.values[$0]) } }
    let stretches = Self.pointLimit / 2
    return (0..<stretches).flatMap { stretch in
      let start = range.lowerBound + range.count * stretch / stretches
      let end = range.lowerBound + range.count * (stretch + 1) / stretches
      guard let found = curve.extremes(in: start..<end) else { return [(x: Double, y: Double)]() }
      let x = Double(steps[(start + end) / 2])
      return [(x, found.least), (x, found.greatest)]
    }
  }

  private func indices(of shown: ClosedRange<Int>) -> Range<Int> {
    first(from: shown.lowerBound)..<first(from: shown.upperBound + 1)
  }

  /// The index of the first step that is not before `step`.
  private func first(from step: Int) -> Int {
    var (low, high) = (0, steps.count)
    while low < high {
      let middle = (low + high) / 2
      if steps[middle] < step { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
