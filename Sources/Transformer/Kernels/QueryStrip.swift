import Glibc

/// Sixteen queries of one head side by side in the lanes of two registers: their scores with a key are one row, so that the
/// largest score, the exponentials and their sums of all sixteen are taken at once.
struct QueryStrip {
  static let width = StripProduct.width

  /// The first query's token.
  let first: Int
  /// Queries that there are, 1 … 16; the other lanes hold zeros.
  let count: Int

  /// The strips of a panel.
  static func strips(_ panel: Range<Int>) -> Int { (panel.count + width - 1) / width }

  init(_ index: Int, of panel: Range<Int>) {
    first = panel.lowerBound + index * Self.width
    count = min(Self.width, panel.upperBound - first)
  }

  /// Keys of `start ..< end` that one of the queries may see.
  func visibleKeys(from start: Int, to end: Int) -> Int { max(0, min(end, first + count) - start) }

  /// Writes rows of a matrix as columns, times a factor: [d, 16].
  func gather(_ rows: Matrix, times factor: Float = 1, into strip: UnsafeMutablePointer<Float>) {
    let d = rows.columns
    for lane in 0..<Self.width {
      if lane < count {
        let row = rows.row(first + lane)
        for index in 0..<d { strip[index * Self.width + lane] = row[index] * factor }
      } else {
        for index in 0..<d { strip[index * Self.width + lane] = 0 }
      }
    }
  }

  /// Writes columns back as rows, each times its lane's factor.
  func scatter(_ strip: UnsafeMutablePointer<Float>, times factors: (Vector, Vector), into rows: Matrix) {
    let d = rows.columns
    for index in 0..<d {
      let line = strip + index * Self.width
      line.store(line.vector(0) * factors.0, 0)
      line.store(line.vector(8) * factors.1, 8)
    }
    for lane in 0..<count {
      let row = rows.row(first + lane)
      for index in 0..<d { row[index] = strip[index * Self.width + lane] }
    }
  }

  /// Which lanes may not see a key: those whose query comes before it.
  @inline(__always)
  func hidden(from key: Int) -> (SIMDMask<SIMD8<Int32>>, SIMDMask<SIMD8<Int32>>) {
    let limit = SIMD8<Int32>(repeating: Int32(truncatingIfNeeded: key &- first))
    let lanes = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7)
    return (lanes .< limit, (lanes &+ 8) .< limit)
  }
}
