/// C = B·A, or C += B·A, where A and C are sixteen columns wide: the small products of attention, which a general library
/// packs anew at every call.
///
/// A tile is up to six rows of C in twelve registers; each step loads one row of A and multiplies it by one value of every row
/// of B. B is read where it lies, its rows and its inner dimension any distance apart, so that a product with Bᵀ is the same call.
enum StripProduct {
  /// Columns of A and C: two registers.
  static let width = 16

  /// - Parameters:
  ///   - b: [rows, inner]; the value of row r and inner index i lies at `r·rowStep + i·innerStep`.
  ///   - a: [inner, 16], its rows `stride` floats apart.
  ///   - c: [rows, 16], its rows `cStride` floats apart.
  ///   - adding: add to what C holds; otherwise it is replaced.
  static func multiply(
    _ b: UnsafeMutablePointer<Float>, rowStep: Int, innerStep: Int, rows: Int, inner: Int,
    by a: UnsafeMutablePointer<Float>, stride: Int = width, into c: UnsafeMutablePointer<Float>, cStride: Int = width,
    adding: Bool = false
  ) {
    var row = 0
    while row < rows {
      let (values, target) = (b + row &* rowStep, c + row &* cStride)
      let left = rows &- row
      // Two tiles of four instead of six and two rows that would wait for their own sums.
      if left >= 6, left != 8 {
        six(values, rowStep, innerStep, inner, a, stride, target, cStride, adding)
        row &+= 6
      } else if left >= 4 {
        four(values, rowStep, innerStep, inner, a, stride, target, cStride, adding)
        row &+= 4
      } else {
        one(values, innerStep, inner, a, stride, target, adding)
        row &+= 1
      }
    }
  }

  @inline(__always)
  private static func put(
    _ low: Vector, _ high: Vector, at c: UnsafeMutablePointer<Float>, adding: Bool
  ) {
    c.store(adding ? c.vector(0) + low : low, 0)
    c.store(adding ? c.vector(8) + high : high, 8)
  }

  @inline(__always)
  private static func six(
    _ b: UnsafeMutablePointer<Float>, _ rowStep: Int, _ innerStep: Int, _ inner: Int, _ a: UnsafeMutablePointer<Float>,
    _ stride: Int, _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ adding: Bool
  ) {
    let (r0, r1, r2) = (b, b + rowStep, b + 2 &* rowStep)
    let (r3, r4, r5) = (b + 3 &* rowStep, b + 4 &* rowStep, b + 5 &* rowStep)
    var (l0, h0, l1, h1, l2, h2) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero, Vector.zero, Vector.zero)
    var (l3, h3, l4, h4, l5, h5) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero, Vector.zero, Vector.zero)
    var (line, index) = (a, 0)
    for _ in 0..<inner {
      let (low, high) = (line.vector(0), line.vector(8))
      var value = Vector(repeating: r0[index])
      (l0, h0) = (l0.addingProduct(low, value), h0.addingProduct(high, value))
      value = Vector(repeating: r1[index])
      (l1, h1) = (l1.addingProduct(low, value), h1.addingProduct(high, value))
      value = Vector(repeating: r2[index])
      (l2, h2) = (l2.addingProduct(low, value), h2.addingProduct(high, value))
      value = Vector(repeating: r3[index])
      (l3, h3) = (l3.addingProduct(low, value), h3.addingProduct(high, value))
      value = Vector(repeating: r4[index])
      (l4, h4) = (l4.addingProduct(low, value), h4.addingProduct(high, value))
      value = Vector(repeating: r5[index])
      (l5, h5) = (l5.addingProduct(low, value), h5.addingProduct(high, value))
      index &+= innerStep
      line += stride
    }
    put(l0, h0, at: c, adding: adding)
    put(l1, h1, at: c + cStride, adding: adding)
    put(l2, h2, at: c + 2 &* cStride, adding: adding)
    put(l3, h3, at: c + 3 &* cStride, adding: adding)
    put(l4, h4, at: c + 4 &* cStride, adding: adding)
    put(l5, h5, at: c + 5 &* cStride, adding: adding)
  }

  @inline(__always)
  private static func four(
    _ b: UnsafeMutablePointer<Float>, _ rowStep: Int, _ innerStep: Int, _ inner: Int, _ a: UnsafeMutablePointer<Float>,
    _ stride: Int, _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ adding: Bool
  ) {
    let (r0, r1, r2, r3) = (b, b + rowStep, b + 2 &* rowStep, b + 3 &* rowStep)
    var (l0, h0, l1, h1) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
    var (l2, h2, l3, h3) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
    var (line, index) = (a, 0)
    for _ in 0..<inner {
      let (low, high) = (line.vector(0), line.vector(8))
      var value = Vector(repeating: r0[index])
      (l0, h0) = (l0.addingProduct(low, value), h0.addingProduct(high, value))
      value = Vector(repeating: r1[index])
      (l1, h1) = (l1.addingProduct(low, value), h1.addingProduct(high, value))
      value = Vector(repeating: r2[index])
      (l2, h2) = (l2.addingProduct(low, value), h2.addingProduct(high, value))
      value = Vector(repeating: r3[index])
      (l3, h3) = (l3.addingProduct(low, value), h3.addingProduct(high, value))
      index &+= innerStep
      line += stride
    }
    put(l0, h0, at: c, adding: adding)
    put(l1, h1, at: c + cStride, adding: adding)
    put(l2, h2, at: c + 2 &* cStride, adding: adding)
    put(l3, h3, at: c + 3 &* cStride, adding: adding)
  }

  @inline(__always)
  private static func one(
    _ b: UnsafeMutablePointer<Float>, _ innerStep: Int, _ inner: Int, _ a: UnsafeMutablePointer<Float>, _ stride: Int,
    _ c: UnsafeMutablePointer<Float>, _ adding: Bool
  ) {
    var (low, high) = (Vector.zero, Vector.zero)
    var (line, index) = (a, 0)
    for _ in 0..<inner {
      let value = Vector(repeating: b[index])
      (low, high) = (low.addingProduct(line.vector(0), value), high.addingProduct(line.vector(8), value))
      index &+= innerStep
      line += stride
    }
    put(low, high, at: c, adding: adding)
  }
}
