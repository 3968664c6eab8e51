import Foundation
import Synchronization

/// How fast OpenBLAS multiplies matrices on this machine, the measure that the engine's figures stand beside.
public enum ProductPeak {
  /// A product c = a·b or c = a·bᵀ with c: [rows, columns].
  public struct Shape: Sendable {
    public var rows: Int
    public var columns: Int
    public var inner: Int
    public var isTransposed: Bool

    public init(rows: Int, columns: Int, inner: Int, isTransposed: Bool = false) {
      (self.rows, self.columns, self.inner, self.isTransposed) = (rows, columns, inner, isTransposed)
    }

    /// Large enough for the peak, small enough for the second-level cache.
    public static let peak = Shape(rows: 512, columns: 512, inner: 512)
  }

  private static let known = Mutex<[Int: Double]>([:])

  /// The peak of `threads` threads, measured once.
  public static func remembered(threads: Int) -> Double {
    if let peak = known.withLock({ $0[threads] }) { return peak }
    let peak = measured(threads: threads)
    known.withLock { $0[threads] = peak }
    return peak
  }

  /// GFLOP/s of single-threaded products on `threads` threads at once, the best of a few short runs.
  public static func measured(threads: Int, shape: Shape = .peak) -> Double {
    let (m, n, k) = (shape.rows, shape.columns, shape.inner)
    let buffers = (0..<threads).map { _ in FloatBuffer(count: m * k + k * n + m * n) }
    for buffer in buffers {
      for index in 0..<m * k + k * n { buffer.base[index] = Float(index % 17) * 0.01 }
    }
    let team = WorkerTeam(count: threads)
    let work = 2 * Double(m) * Double(n) * Double(k)
    // About 20 ms a run.
    let repeats = max(1, Int(1.8e9 / work))
    return (0..<5).reduce(0.0) { best, _ in
      let start = ContinuousClock.now
      team.run(threads) { index, _ in
        let a = Matrix(buffers[index].base, m, k)
        let b = buffers[index].base + m * k
        let c = Matrix(b + k * n, m, n)
        for _ in 0..<repeats {
          if shape.isTransposed {
            MatrixProduct.timesTransposed(a, Matrix(b, n, k), into: c)
          } else {
            MatrixProduct.times(a, Matrix(b, k, n), into: c)
          }
        }
      }
      return max(best, work * Double(repeats * threads) / start.duration(to: .now).inSeconds / 1e9)
    }
  }
}

extension Duration {
  /// Seconds with their fraction.
  public var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
