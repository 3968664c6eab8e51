import Foundation

/// A program of this package run to its end, or to its killing.
struct ProgramRun {
  let status: Int32
  let standardOutput: String
  let standardError: String
  let wasKilled: Bool

  /// - Parameters:
  ///   - killedAfter: sends SIGKILL after this time, unless it has ended by then.
  ///   - memoryLimit: bytes of address space that it may have; more is refused to it by the system.
  init(
    _ arguments: [String], environment: [String: String] = [:], killedAfter: Duration? = nil, memoryLimit: Int? = nil
  ) throws {
    let process = Process()
    let program = PseudoTerminal.productPath("skipwise")
    if let memoryLimit {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "ulimit -v \(memoryLimit >> 10); exec \"$0\" \"$@\"", program] + arguments
    } else {
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = arguments
    }
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
    let (output, errors) = (try sink("output"), try sink("errors"))
    process.standardOutput = output.1
    process.standardError = errors.1
    try process.run()
    if let killedAfter {
      let end = ContinuousClock.now + killedAfter
      while process.isRunning, ContinuousClock.now < end { usleep(500) }
      kill(process.processIdentifier, SIGKILL)
    }
    process.waitUntilExit()
    standardOutput = String(decoding: try Data(contentsOf: output.0), as: UTF8.self)
    standardError = String(decoding: try Data(contentsOf: errors.0), as: UTF8.self)
    wasKilled = process.terminationReason == .uncaughtSignal
    status = process.terminationStatus
  }
}
