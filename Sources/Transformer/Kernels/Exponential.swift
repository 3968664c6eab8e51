/// e^x in eight lanes, within one unit in the last place over −87.3 … 88; outside it is clamped.
///
/// e^x = 2^k · e^r with k = round(x / ln 2) and |r| ≤ ln 2 / 2. k is taken by adding 1.5·2²³, which leaves it in the low
/// bits of the sum: rounding and conversion instructions would be slow calls here. The polynomial is a Chebyshev fit of
/// (e^r − 1 − r) / r², error 6.5e-8 of a term that is at most 0.12, in Horner's form from end to end: other orders of the
/// same products are taken apart into single lanes by the compiler, at three times the time.
@inline(__always)
func exponential(_ x: Vector) -> Vector {
  let magic = Vector(repeating: 12_582_912)
  var clamped = x.replacing(with: Vector(repeating: -87.3), where: x .< Vector(repeating: -87.3))
  clamped = clamped.replacing(with: Vector(repeating: 88), where: clamped .> Vector(repeating: 88))
  let shifted = magic.addingProduct(clamped, Vector(repeating: 1.442_695_04))
  let whole = shifted - magic
  // ln 2 in two parts: the first has few enough bits that its product with k is exact.
  var r = clamped.addingProduct(whole, Vector(repeating: -0.693_359_375))
  r = r.addingProduct(whole, Vector(repeating: 2.121_944_4e-4))
  var sum = Vector(repeating: 0.001_392_618_359)
  sum = Vector(repeating: 0.008_363_179_053).addingProduct(sum, r)
  sum = Vector(repeating: 0.041_666_554_62).addingProduct(sum, r)
  sum = Vector(repeating: 0.166_665_769_9).addingProduct(sum, r)
  sum = Vector(repeating: 0.5).addingProduct(sum, r)
  sum = Vector(repeating: 1).addingProduct(sum, r)
  sum = Vector(repeating: 1).addingProduct(sum, r)
  let exponent = unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &<< 23
  return unsafeBitCast(unsafeBitCast(sum, to: SIMD8<UInt32>.self) &+ exponent, to: Vector.self)
}

/// 1 / (1 + e^(−x)).
@inline(__always)
func sigmoid(_ x: Vector) -> Vector {
  Vector(repeating: 1) / (Vector(repeating: 1) + exponential(-x))
}
