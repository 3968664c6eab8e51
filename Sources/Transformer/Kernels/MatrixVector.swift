import CSystem

/// Products of a matrix with one vector: a token at a time, limited by how fast the weights come from memory.
enum MatrixVector {
  /// y = W·x, or y += W·x, with W: [outputs, inputs].
  ///
  /// Row after row, so that the weights are read in the order in which they lie: the processor fetches ahead along one stream
  /// and starts again at every jump. Weights are asked for well before their turn, which brings the pace from four fifths to all
  /// of what a plain sum of them takes.
  static func times(
    _ weights: Matrix, _ x: UnsafeMutablePointer<Float>, into y: UnsafeMutablePointer<Float>, adding: Bool = false
  ) {
    for row in 0..<weights.rows {
      let sum = longDotProduct(weights.row(row), x, weights.columns)
      y[row] = adding ? y[row] + sum : sum
    }
  }

  /// Floats between what is multiplied and what is asked for: a little more than memory takes to answer.
  private static let distance = 1536

  /// Four sums side by side: enough for the loads, not the additions, to set the pace.
  @inline(__always)
  private static func longDotProduct(
    _ a: UnsafeMutablePointer<Float>, _ b: UnsafeMutablePointer<Float>, _ count: Int
  ) -> Float {
    var (p, q, r, s) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
    var index = 0
    while index &+ 32 <= count {
      // Behind the last row this asks for memory that is not there, which does nothing.
      skipwise_prefetch(a + (index &+ distance))
      skipwise_prefetch(a + (index &+ distance &+ 16))
      p = p.addingProduct(a.vector(index), b.vector(index))
      q = q.addingProduct(a.vector(index &+ 8), b.vector(index &+ 8))
      r = r.addingProduct(a.vector(index &+ 16), b.vector(index &+ 16))
      s = s.addingProduct(a.vector(index &+ 24), b.vector(index &+ 24))
      index &+= 32
    }
    var sum = ((p + q) + (r + s)).total
    while index < count {
      sum += a[index] * b[index]
      index &+= 1
    }
    return sum
  }

  /// y += a·x over `count` floats.
  @inline(__always)
  static func add(
    _ x: UnsafeMutablePointer<Float>, times factor: Float, _ count: Int, to y: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index &+ 8 <= count {
      y.store(y.vector(index).addingProduct(x.vector(index), Vector(repeating: factor)), index)
      index &+= 8
    }
    while index < count {
      y[index] += x[index] * factor
      index &+= 1
    }
  }

  /// y = Σ factors[row]·(row of x) over `rows` rows that lie `stride` floats apart: a mean of values by their weights.
  ///
  /// A block of columns stays in registers while all rows pass.
  static func weightedSum(
    _ x: UnsafeMutablePointer<Float>, stride: Int, rows: Int, columns: Int, factors: UnsafeMutablePointer<Float>,
    times scale: Float, into y: UnsafeMutablePointer<Float>
  ) {
    var column = 0
    while column &+ 32 <= columns {
      var (p, q, r, s) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
      for row in 0..<rows {
        let factor = Vector(repeating: factors[row])
        let line = x + (row &* stride &+ column)
        p = p.addingProduct(line.vector(0), factor)
        q = q.addingProduct(line.vector(8), factor)
        r = r.addingProduct(line.vector(16), factor)
        s = s.addingProduct(line.vector(24), factor)
      }
      y.store(p * scale, column)
      y.store(q * scale, column &+ 8)
      y.store(r * scale, column &+ 16)
      y.store(s * scale, column &+ 24)
      column &+= 32
    }
    while column < columns {
      var sum: Float = 0
      for row in 0..<rows { sum += factors[row] * x[row &* stride &+ column] }
      y[column] = sum * scale
      column &+= 1
    }
  }
}
