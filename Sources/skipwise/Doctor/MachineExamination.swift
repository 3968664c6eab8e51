import FineTuning
import Transformer

/// What computes: processor, OpenBLAS, memory.
struct MachineExamination {
  var processorName: String?
  var coreCount: Int
  var blasName: String
  var blasThreadCount: Int
  var blasIsSerial: Bool
  /// Bytes; nil where the system does not tell.
  var availableMemory: Int?

  static var current: MachineExamination {
    MachineExamination(
      processorName: Processor.name, coreCount: Processor.coreCount, blasName: Processor.blasName,
      blasThreadCount: Processor.blasThreadCount, blasIsSerial: Processor.blasIsSerial,
      availableMemory: Processor.availableMemory)
  }

  var diagnoses: [Diagnosis] { [processor, cores, blas, memory] }

  private var processor: Diagnosis {
    let name = processorName ?? "unnamed"
    // One without them has been refused when the program was loaded.
    #if arch(x86_64)
      return .ok("processor", "\(name), with AVX2 and FMA")
    #else
      return .ok("processor", name)
    #endif
  }

  private var cores: Diagnosis {
    guard coreCount > 1 else {
      return .improvable("cores", "1", "Training deals a batch to two lanes; with a second core they run side by side.")
    }
    return .ok("cores", "\(coreCount)")
  }

  private var blas: Diagnosis {
    let found = "\(blasName), \(blasThreadCount) thread\(blasThreadCount == 1 ? "" : "s") a call"
    guard blasThreadCount == 1 else {
      return .broken(
        "BLAS", found, "Results are the same for any number of threads only where OpenBLAS itself uses one.")
    }
    guard !blasIsSerial || coreCount == 1 else {
      return .improvable(
        "BLAS", found,
        "It is a serial build, so threads wait for each other's products; libopenblas0-pthread lets them run side by side."
      )
    }
    return .ok("BLAS", found)
  }

  /// What a run with the shipped models takes, with room for its texts and evaluations.
  private static let comfortableMemory = 512 << 20

  private var memory: Diagnosis {
    guard let availableMemory else {
      return .improvable("memory", "unknown", "The system has no /proc/meminfo, so nothing can be said.")
    }
    let found = "\(availableMemory >> 20) MB free"
    guard availableMemory >= Self.comfortableMemory else {
      return .improvable(
        "memory", found,
        "Training and evaluating the shipped models is comfortable with \(Self.comfortableMemory >> 20) MB.")
    }
    return .ok("memory", found)
  }
}
