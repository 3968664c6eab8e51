import Foundation

/// How fast one core reads memory: the measure that generation, which reads every weight for every token, stands beside.
public enum ReadBandwidth {
  /// Gigabytes a second, the best of a few passes over a block that is read from its start to its end.
  ///
  /// - Parameter bytes: the block's size, which decides whether a cache holds it.
  public static func measured(bytes: Int) -> Double {
    // Whole turns of eight vectors.
    let count = max(64, bytes / MemoryLayout<Float>.stride / 64 * 64)
    let buffer = FloatBuffer(count: count)
    for index in 0..<count { buffer.base[index] = 1 }
    // About 100 MB a pass, so that a small block is not over before the clock has moved.
    let repeats = max(1, 25_000_000 / count)
    var best = 0.0
    var sum: Float = 0
    for _ in 0..<7 {
      let start = ContinuousClock.now
      for _ in 0..<repeats { sum = total(buffer.base, count, from: sum) }
      let read = Double(count * MemoryLayout<Float>.stride * repeats)
      best = max(best, read / start.duration(to: .now).inSeconds / 1e9)
    }
    // Each pass starts from the last one's sum and the last one is used, so that no read can be left out.
    return sum.isFinite ? best : 0
  }

  /// Eight sums side by side: enough for the additions never to wait for each other.
  @inline(never)
  private static func total(_ values: UnsafeMutablePointer<Float>, _ count: Int, from sum: Float) -> Float {
    var (a, b, c, d) = (Vector(repeating: sum * 0.125), Vector.zero, Vector.zero, Vector.zero)
    var (e, f, g, h) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
    var index = 0
    while index < count {
      a += values.vector(index)
      b += values.vector(index &+ 8)
      c += values.vector(index &+ 16)
      d += values.vector(index &+ 24)
      e += values.vector(index &+ 32)
      f += values.vector(index &+ 40)
      g += values.vector(index &+ 48)
      h += values.vector(index &+ 56)
      index &+= 64
    }
    return ((a + b) + (c + d) + (e + f) + (g + h)).total
  }
}
