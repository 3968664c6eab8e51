/// A row-major view of float32 memory: `rows × columns`, rows `stride` floats apart. It owns nothing.
struct Matrix {
  var base: UnsafeMutablePointer<Float>
  var rows: Int
  var columns: Int
  var stride: Int

  init(_ base: UnsafeMutablePointer<Float>, _ rows: Int, _ columns: Int, stride: Int? = nil) {
    self.base = base
    self.rows = rows
    self.columns = columns
    self.stride = stride ?? columns
    assert(self.stride >= columns && rows >= 0)
  }

  @inline(__always)
  func row(_ index: Int) -> UnsafeMutablePointer<Float> {
    assert(index >= 0 && index < rows)
    return base + index * stride
  }

  func rows(_ first: Int, _ count: Int) -> Matrix {
    assert(first >= 0 && first + count <= rows)
    return Matrix(base + first * stride, count, columns, stride: stride)
  }

  func columns(_ first: Int, _ count: Int) -> Matrix {
    assert(first >= 0 && first + count <= columns)
    return Matrix(base + first, rows, count, stride: stride)
  }
}
