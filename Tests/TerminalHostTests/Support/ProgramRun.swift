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
  init(
    _ arguments: [String], environment: [String: String] = [:], killedAfter: Duration? = nil,
    standardOutput: FileHandle? = nil, errorsTo standardError: FileHandle? = nil, ignoresSIGPIPE: Bool = false
  ) throws {
    let program = PseudoTerminal.productPath("skipwise")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ignoresSIGPIPE ? "/bin/sh" : program)
    process.arguments = (ignoresSIGPIPE ? ["-c", "trap '' PIPE; exec \"$@\"", "sh", program] : []) + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let errors = Pipe()
    process.standardError = standardError ?? errors
    // A file and no pipe: nobody has to empty it while the messages are read.
    let results = FileManager.default.temporaryDirectory.appendingPathComponent("results-\(UUID().uuidString)")
    try Data().write(to: results)
    defer { try? FileManager.default.removeItem(at: results) }
    process.standardOutput = try standardOutput ?? FileHandle(forWritingTo: results)
    try process.run()
    if let killedAfter {
      let end = ContinuousClock.now + killedAfter
      while process.isRunning, ContinuousClock.now < end { usleep(500) }
      kill(process.processIdentifier, SIGKILL)
    }
    if standardError != nil { try errors.fileHandleForWriting.close() }
    self.standardError = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    output = String(decoding: try Data(contentsOf: results), as: UTF8.self)
    wasKilled = process.terminationReason == .uncaughtSignal
    status = process.terminationStatus
  }
}
