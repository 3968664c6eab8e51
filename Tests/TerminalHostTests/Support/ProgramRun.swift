import Foundation

/// A program of this package run to its end, or to its killing.
struct ProgramRun {
  let status: Int32
  /// What it wrote on standard output, where that was not led elsewhere.
  let output: String
  let standardError: String
  let wasKilled: Bool

  /// - Parameters:
  ///   - killedAfter: sends SIGKILL after this time, unless it has ended by then.
  ///   - standardOutput: where its results go instead of into `output`.
  ///   - errorsTo: where its messages go instead of into `standardError`.
  ///   - ignoresSIGPIPE: started as by a parent that ignores the signal, which is inherited.
  ///   - memoryLimit: bytes of address space that it may have; more is refused to it by the system.
  init(
    _ arguments: [String], environment: [String: String] = [:], killedAfter: Duration? = nil,
    standardOutput: FileHandle? = nil, errorsTo standardError: FileHandle? = nil, ignoresSIGPIPE: Bool = false,
    memoryLimit: Int? = nil
  ) throws {
    let program = PseudoTerminal.productPath("skipwise")
    let limits = (ignoresSIGPIPE ? "trap '' PIPE; " : "") + (memoryLimit.map { "ulimit -v \($0 >> 10); " } ?? "")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", limits + "exec \"$0\" \"$@\"", program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Into files: a pipe that nobody reads while the program runs would fill up and stop it.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func sink(_ name: String) throws -> (URL, FileHandle) {
      let url = folder.appendingPathComponent(name)
      try Data().write(to: url)
      return (url, try FileHandle(forWritingTo: url))
    }
    let (results, errors) = (try sink("output"), try sink("errors"))
    process.standardOutput = standardOutput ?? results.1
    process.standardError = standardError ?? errors.1
    try process.run()
    if let killedAfter {
      let end = ContinuousClock.now + killedAfter
      while process.isRunning, ContinuousClock.now < end { usleep(500) }
      kill(process.processIdentifier, SIGKILL)
    }
    process.waitUntilExit()
    output = String(decoding: try Data(contentsOf: results.0), as: UTF8.self)
    self.standardError = String(decoding: try Data(contentsOf: errors.0), as: UTF8.self)
    wasKilled = process.terminationReason == .uncaughtSignal
    status = process.terminationStatus
  }
}
