/// Products of a matrix with one vector: a token at a time, limited by how fast the weights come from memory.
enum MatrixVector {
  /// y = W·x, or y += W·x, with W: [outputs, inputs].
  ///
  /// Four rows at a time share the loads of x and keep as many streams of weights going.
  static func times(
    _ weights: Matrix, _ x: UnsafeMutablePointer<Float>, into y: UnsafeMutablePointer<Float>, adding: Bool = false
  ) {
    let inputs = weights.columns
    var row = 0
    while row &+ 4 <= weights.rows {
      let (a, b, c, d) = (weights.row(row), weights.row(row &+ 1), weights.row(row &+ 2), weights.row(row &+ 3))
      var (sa, sb, sc, sd) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
      var index = 0
      while index &+ 8 <= inputs {
        let value = x.vector(index)
        sa = sa.addingProduct(a.vector(index), value)
        sb = sb.addingProduct(b.vector(index), value)
        sc = sc.addingProduct(c.vector(index), value)
        sd = sd.addingProduct(d.vector(index), value)
        index &+= 8
      }
      var (ta, tb, tc, td) = (sa.total, sb.total, sc.total, sd.total)
      while index < inputs {
        ta += a[index] * x[index]
        tb += b[index] * x[index]
        tc += c[index] * x[index]
        td += d[index] * x[index]
        index &+= 1
      }
      y[row] = (adding ? y[row] : 0) + ta
      y[row &+ 1] = (adding ? y[row &+ 1] : 0) + tb
      y[row &+ 2] = (adding ? y[row &+ 2] : 0) + tc
      y[row &+ 3] = (adding ? y[row &+ 3] : 0) + td
      row &+= 4
    }
    while row < weights.rows {
      y[row] = (adding ? y[row] : 0) + dotProduct(weights.row(row), x, inputs)
      row &+= 1
    }
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
}
