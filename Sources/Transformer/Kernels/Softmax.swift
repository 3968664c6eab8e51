/// Softmax of a row of attention scores or logits.
enum Softmax {
  /// The largest of `count` values.
  @inline(__always)
  static func largest(_ row: UnsafeMutablePointer<Float>, _ count: Int) -> Float {
    var best = -Float.infinity
    var index = 0
    if count >= 8 {
      var vector = row.vector(0)
      index = 8
      while index &+ 8 <= count {
        let next = row.vector(index)
        vector = vector.replacing(with: next, where: next .> vector)
        index &+= 8
      }
      best = vector.largest
    }
    while index < count {
      best = row[index] > best ? row[index] : best
      index &+= 1
    }
    return best
  }

  /// The index of the largest of `count` values, the first where several are as large.
  static func likeliest(_ row: UnsafeMutablePointer<Float>, _ count: Int) -> Int {
    let best = largest(row, count)
    return (0..<count).first { row[$0] == best } ?? 0
  }

  /// Replaces the row by e^(x − shift) and returns the sum.
  @inline(__always)
  static func exponentiate(_ row: UnsafeMutablePointer<Float>, _ count: Int, minus shift: Float) -> Float {
    let offset = Vector(repeating: shift)
    var sums = Vector.zero
    var index = 0
    while index &+ 8 <= count {
      let value = exponential(row.vector(index) - offset)
      row.store(value, index)
      sums += value
      index &+= 8
    }
    var sum = sums.total
    while index < count {
      row[index] = exponential(Vector(repeating: row[index] - shift))[0]
      sum += row[index]
      index &+= 1
    }
    return sum
  }

  @inline(__always)
  static func scale(_ row: UnsafeMutablePointer<Float>, _ count: Int, by factor: Float) {
    var index = 0
    while index &+ 8 <= count {
      row.store(row.vector(index) * factor, index)
      index &+= 8
    }
    while index < count {
      row[index] *= factor
      index &+= 1
    }
  }
}
