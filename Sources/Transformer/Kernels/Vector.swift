/// Eight floats, one AVX register.
typealias Vector = SIMD8<Float>

extension UnsafeMutablePointer<Float> {
  @inline(__always)
  func vector(_ index: Int) -> Vector {
    UnsafeRawPointer(self + index).loadUnaligned(as: Vector.self)
  }

  @inline(__always)
  func store(_ value: Vector, _ index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: value, as: Vector.self)
  }
}

extension Vector {
  /// The sum of the eight lanes, by halves: the same order on every machine.
  @inline(__always)
  var total: Float {
    let four = lowHalf + highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }

  /// The largest of the eight lanes.
  @inline(__always)
  var largest: Float {
    let four = lowHalf.replacing(with: highHalf, where: highHalf .> lowHalf)
    let two = four.lowHalf.replacing(with: four.highHalf, where: four.highHalf .> four.lowHalf)
    return two.x > two.y ? two.x : two.y
  }
}

/// Σ aᵢ·bᵢ over `count` floats, in four independent chains of fused multiply-adds.
@inline(__always)
func dotProduct(_ a: UnsafeMutablePointer<Float>, _ b: UnsafeMutablePointer<Float>, _ count: Int) -> Float {
  var first = Vector.zero
  var second = Vector.zero
  var index = 0
  while index &+ 16 <= count {
    first = first.addingProduct(a.vector(index), b.vector(index))
    second = second.addingProduct(a.vector(index &+ 8), b.vector(index &+ 8))
    index &+= 16
  }
  var sum = (first + second).total
  while index < count {
    sum += a[index] * b[index]
    index &+= 1
  }
  return sum
}
