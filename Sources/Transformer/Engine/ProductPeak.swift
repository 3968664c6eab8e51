import Foundation

/// How fast OpenBLAS multiplies matrices on this machine, the measure that the engine's figures stand beside.
public enum ProductPeak {
  /// Rows and columns of the matrices: large enough for the peak, small enough for the second-level cache.
  private static let size = 512

  /// GFLOP/s of single-threaded products on `threads` threads at once, the best of a few short runs.
  public static func measured(threads: Int) -> Double {
    let count = size * size
    let buffers = (0..<threads).map { _ in FloatBuffer(count: 3 * count) }
    for buffer in buffers {
      for index in 0..<2 * count { buffer.base[index] = Float(index % 17) * 0.01 }
    }
    let team = WorkerTeam(count: threads)
    let repeats = 12
    let flops = 2 * Double(size) * Double(size) * Double(size) * Double(repeats * threads)
    return (0..<5).reduce(0.0) { best, _ in
      let start = ContinuousClock.now
      team.run(threads) { index in
        let base = buffers[index].base
        let (a, b) = (Matrix(base, size, size), Matrix(base + count, size, size))
        for _ in 0..<repeats { MatrixProduct.times(a, b, into: Matrix(base + 2 * count, size, size)) }
      }
      return max(best, flops / start.duration(to: .now).inSeconds / 1e9)
    }
  }
}

extension Duration {
  /// Seconds with their fraction.
  public var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
