import Glibc

/// Float32 storage with one owner, 64-byte aligned and zeroed when made.
///
/// The only place where the module's memory is allocated; everything else works on pointers into it.
final class FloatBuffer {
  let count: Int
  let base: UnsafeMutablePointer<Float>

  init(count: Int) {
    self.count = count
    let bytes = max(count, 16) * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    base = raw.bindMemory(to: Float.self, capacity: max(count, 16))
    base.initialize(repeating: 0, count: max(count, 16))
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  func clear() { memset(base, 0, count * MemoryLayout<Float>.stride) }

  func copy(from other: FloatBuffer) {
    precondition(other.count == count)
    base.update(from: other.base, count: count)
  }

  var floats: UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: base, count: count) }
}

/// Hands out consecutive, 64-byte aligned stretches of a buffer that is not allocated yet.
struct BufferPlan {
  private(set) var count = 0

  /// The offset of a new stretch of `length` floats.
  mutating func reserve(_ length: Int) -> Int {
    let offset = count
    count += Self.rounded(length)
    return offset
  }

  /// A length that ends where the next stretch may begin.
  static func rounded(_ length: Int) -> Int { (length + 15) & ~15 }
}
