import COpenBLAS
import Synchronization

/// Matrix products on OpenBLAS. Views may be strided: heads are columns of the fused projection and need no copy.
enum MatrixProduct {
  /// c = α·a·bᵀ + β·c with a: [m, k], b: [n, k], c: [m, n]. A linear layer: weights are stored [outputs, inputs].
  @inline(__always)
  static func timesTransposed(_ a: Matrix, _ b: Matrix, into c: Matrix, alpha: Float = 1, beta: Float = 0) {
    assert(a.columns == b.columns && c.rows == a.rows && c.columns == b.rows)
    product(CblasNoTrans, CblasTrans, a, b, c, inner: a.columns, alpha, beta)
  }

  /// c = α·a·b + β·c with a: [m, k], b: [k, n], c: [m, n]. The gradient of a linear layer's input.
  @inline(__always)
  static func times(_ a: Matrix, _ b: Matrix, into c: Matrix, alpha: Float = 1, beta: Float = 0) {
    assert(a.columns == b.rows && c.rows == a.rows && c.columns == b.columns)
    product(CblasNoTrans, CblasNoTrans, a, b, c, inner: a.columns, alpha, beta)
  }

  /// c = α·aᵀ·b + β·c with a: [k, m], b: [k, n], c: [m, n]. The gradient of a linear layer's weights.
  @inline(__always)
  static func transposedTimes(_ a: Matrix, _ b: Matrix, into c: Matrix, alpha: Float = 1, beta: Float = 0) {
    assert(a.rows == b.rows && c.rows == a.columns && c.columns == b.columns)
    product(CblasTrans, CblasNoTrans, a, b, c, inner: a.rows, alpha, beta)
  }

  @inline(__always)
  private static func product(
    _ transposeA: CBLAS_TRANSPOSE, _ transposeB: CBLAS_TRANSPOSE, _ a: Matrix, _ b: Matrix, _ c: Matrix, inner: Int,
    _ alpha: Float, _ beta: Float
  ) {
    func multiply() {
      cblas_sgemm(
        CblasRowMajor, transposeA, transposeB, blasint(c.rows), blasint(c.columns), blasint(inner), alpha,
        a.base, blasint(a.stride), b.base, blasint(b.stride), beta, c.base, blasint(c.stride))
    }
    if takesTurns { turn.withLock { _ in multiply() } } else { multiply() }
  }

  /// A serial build of OpenBLAS hands out its buffers without a lock: two threads at once would multiply in the same one.
  private static let takesTurns = Processor.blasIsSerial
  private static let turn = Mutex(())
}
