import COpenBLAS
import CSystem
import Foundation

/// What the engine asks of the machine it runs on.
public enum Processor {
  /// Cores that this process may use.
  public static var coreCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Keeps OpenBLAS to the calling thread. COpenBLAS says so when the program is loaded; every other thread says it once for
  /// itself, since where OpenBLAS is built on OpenMP the number belongs to the thread.
  static func useSingleThreadedBLAS() { openblas_set_num_threads(1) }

  /// The processor's own name; nil where the system does not tell.
  public static var name: String? {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
    return lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last.map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  /// Bytes of memory that new work can have without swapping; nil where the system does not tell.
  public static var availableMemory: Int? {
    let lines = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8))?.split(separator: "\n") ?? []
    let words = lines.first { $0.hasPrefix("MemAvailable:") }?.split(separator: " ") ?? []
    return words.count > 1 ? Int(words[1]).map { $0 << 10 } : nil
  }

  /// Threads that one call into OpenBLAS uses.
  public static var blasThreadCount: Int { Int(openblas_get_num_threads()) }

  /// Whether OpenBLAS is built without threads, so that it computes for one at a time.
  public static var blasIsSerial: Bool { openblas_get_parallel() == OPENBLAS_SEQUENTIAL }

  /// OpenBLAS' version and the kernels it chose for this processor: another family sums in another order.
  public static var blasName: String { String(cString: openblas_get_config()) }
}
