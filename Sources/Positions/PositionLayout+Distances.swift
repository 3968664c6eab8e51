extension PositionLayout {
  /// The relative distances between any two tokens of the example, as sorted ranges that do not touch.
  public var distances: [ClosedRange<Int>] {
    switch arrangement {
    // Every pair of chunks is a range: with many of them it is quicker to mark positions.
    case .chunks(let chunks) where chunks.count > 64: Self.marked(positions)
    case .chunks(let chunks): Self.merged(Self.ranges(between: chunks))
    case .scattered(let positions): Self.marked(positions)
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
    words.withUnsafeBufferPointer { words in
      met.withUnsafeMutableBufferPointer { met in
        for position in positions {
          let (skipped, shift) = ((position - first) / 64, UInt64((position - first) % 64))
          // Shifts that wrap need no branch: by 64 − 0 a word moves out altogether, in two steps.
          for word in skipped..<words.count - 1 {
            met[word - skipped] |= words[word] &>> shift | (words[word + 1] << 1) &<< (63 - shift)
          }
        }
      }
    }
    return runs(of: met, from: 1)
  }

  /// The runs of set bits from a place on, as ranges.
  private static func runs(of words: [UInt64], from first: Int) -> [ClosedRange<Int>] {
    /// The next bit that is set, or that is not; nil where there is none.
    func next(_ wanted: Bool, from place: Int) -> Int? {
      var index = place / 64
      guard index < words.count else { return nil }
      let shift = UInt64(place % 64)
      var word = ((wanted ? words[index] : ~words[index]) >> shift) << shift
      while word == 0 {
        index += 1
        guard index < words.count else { return nil }
        word = wanted ? words[index] : ~words[index]
      }
      return index * 64 + word.trailingZeroBitCount
    }
    var ranges: [ClosedRange<Int>] = []
    var place = first
    while let start = next(true, from: place) {
      let end = next(false, from: start) ?? words.count * 64
      ranges.append(start...end - 1)
      place = end
    }
    return ranges
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
