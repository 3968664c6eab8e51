/// How many of the examples drawn so far contain a pair of tokens at each relative distance.
public struct DistanceTally: Equatable, Sendable {
  /// Examples added.
  public private(set) var examples = 0
  /// Where the count changes: +1 at the first distance of a range, −1 behind its last.
  private var changes: [Int32] = []

  public init() {}

  public mutating func add(_ layout: PositionLayout) { add(layout.distances, target: layout.window.target) }

  /// Adds an example by its distances, ranges that do not touch below a target window.
  mutating func add(_ distances: [ClosedRange<Int>], target: Int) {
    if changes.count <= target { changes += Array(repeating: 0, count: target + 1 - changes.count) }
    for range in distances {
      changes[range.lowerBound] += 1
      changes[range.upperBound + 1] -= 1
    }
    examples += 1
  }

  /// The share of the examples that met each distance; index d is distance d below T, index 0 is unused.
  public var shares: [Double] {
    guard examples > 0 else { return [] }
    var count: Int32 = 0
    return changes.dropLast().map { change in
      count += change
      return Double(count) / Double(examples)
    }
  }
}
