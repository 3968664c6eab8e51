extension PositionLayout {
  /// The relative distances between any two tokens of the example, as sorted ranges that do not touch.
  public var distances: [ClosedRange<Int>] {
    switch arrangement {
    case .chunks(let chunks): Self.merged(Self.ranges(between: chunks))
    case .scattered(let positions): Self.merged(Self.marked(positions))
    }
  }

  /// Inside a chunk of length l: 1 … l−1. From a later chunk to an earlier one: from the nearest ends to the farthest.
  private static func ranges(between chunks: [Chunk]) -> [ClosedRange<Int>] {
    var ranges: [ClosedRange<Int>] = []
    if let longest = chunks.map(\.length).max(), longest > 1 { ranges.append(1...longest - 1) }
    for (index, later) in chunks.enumerated() {
      for earlier in chunks[..<index] {
        let (a, b) = (earlier.positions, later.positions)
        ranges.append(b.lowerBound - (a.upperBound - 1)...b.upperBound - 1 - a.lowerBound)
      }
    }
    return ranges
  }

  private static func marked(_ positions: [Int]) -> [ClosedRange<Int>] {
    guard let first = positions.first, let last = positions.last, last > first else { return [] }
    // A bit a position; shifted down by one position it holds the distances to all later ones, 64 at a time.
    var words = [UInt64](repeating: 0, count: (last - first) / 64 + 2)
    for position in positions { words[(position - first) / 64] |= 1 << UInt64((position - first) % 64) }
    var met = [UInt64](repeating: 0, count: words.count)
    for position in positions {
      let (skipped, shift) = ((position - first) / 64, UInt64((position - first) % 64))
      for word in skipped..<words.count - 1 {
        let high = shift == 0 ? 0 : words[word + 1] << (64 - shift)
        met[word - skipped] |= words[word] >> shift | high
      }
    }
    return (1...last - first).filter { met[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }.map { $0...$0 }
  }

  private static func merged(_ ranges: [ClosedRange<Int>]) -> [ClosedRange<Int>] {
    var merged: [ClosedRange<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }
}
