import FineTuning
import Foundation
import TerminalHost
import Transformer

/// All that `doctor` looks at. Each diagnosis is made of what the program itself would use.
enum Examination {
  @MainActor
  static func diagnoses() -> [Diagnosis] {
    let environment = ProcessInfo.processInfo.environment
    let condition = TerminalCondition.detected()
    return [.ok("version", version)]
      + TerminalExamination(condition: condition, environment: environment).diagnoses
      + MachineExamination.current.diagnoses
      + FileExamination.diagnoses
  }

  private static var version: String {
    let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return Skipwise.version + (program.map { ", \($0)" } ?? "")
  }
}
