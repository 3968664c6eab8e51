/// The values of a curve with the least and greatest of every aligned run of 2, 4, 8 … of them, so that the extremes
/// of any stretch are found in a time that grows with the logarithm of its length.
///
/// Appending takes constant time on average. `nan` stands for a value that is not there.
public struct MinMaxPyramid: Hashable, Sendable {
  /// The least and the greatest of some values.
  public struct Extremes: Hashable, Sendable {
    public var least: Double
    public var greatest: Double

    mutating func include(_ other: Extremes) {
      least = min(least, other.least)
      greatest = max(greatest, other.greatest)
    }

    /// Of no values at all.
    static let none = Extremes(least: .infinity, greatest: -.infinity)
    var isNone: Bool { least > greatest }
  }

  /// The values as they came.
  public private(set) var values: [Double] = []
  /// Entry `k` of level `i` covers the values `k·2^(i+1) ..< (k+1)·2^(i+1)`; only whole runs have an entry.
  private var levels: [[Extremes]] = []

  public init() {}

  public init(_ values: some Sequence<Double>) {
    for value in values { append(value) }
  }

  public var count: Int { values.count }

  /// Adds the next value.
  public mutating func append(_ value: Double) {
    values.append(value)
    var finished = values.count
    var level = 0
    while finished.isMultiple(of: 2) {
      finished /= 2
      var pair = entry(level, 2 * finished - 2)
      pair.include(entry(level, 2 * finished - 1))
      if level == levels.count { levels.append([]) }
      levels[level].append(pair)
      level += 1
    }
  }

  /// The extremes of the values in `range`, which is cut to those there are; `nil` if none of them is a number.
  public func extremes(in range: Range<Int>) -> Extremes? {
    var (low, high) = (max(range.lowerBound, 0), min(range.upperBound, values.count))
    var found = Extremes.none
    var level = 0
    while low < high {
      if !low.isMultiple(of: 2) {
        found.include(entry(level, low))
        low += 1
      }
      if low < high && !high.isMultiple(of: 2) {
        high -= 1
        found.include(entry(level, high))
      }
      (low, high) = (low / 2, high / 2)
      level += 1
    }
    return found.isNone ? nil : found
  }

  private func entry(_ level: Int, _ index: Int) -> Extremes {
    guard level == 0 else { return levels[level - 1][index] }
    let value = values[index]
    return value.isNaN ? .none : Extremes(least: value, greatest: value)
  }
}
