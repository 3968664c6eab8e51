import COpenBLAS
import CSystem
import Foundation

/// What the engine asks of the machine it runs on.
public enum Processor {
  /// Whether this processor has the instructions that the kernels are compiled for.
  public static var supportsKernels: Bool { skipwise_processor_supports_kernels() }

  /// Cores that this process may use.
  public static var coreCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Keeps OpenBLAS to the calling thread. First thing in main: its own threads would take a lock a call, spin after each one
  /// and change the order of sums with their number.
  public static func useSingleThreadedBLAS() { openblas_set_num_threads(1) }

  /// OpenBLAS' version and the kernels it chose for this processor: another family sums in another order.
  public static var blasName: String { String(cString: openblas_get_config()) }
}
