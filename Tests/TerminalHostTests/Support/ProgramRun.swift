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
  ///   - preparation: what a shell does before the program takes its place; what it then is, the program inherits.
  ///   - meanwhile: what is done while it runs, with its number.
  init(
    _ arguments: [String], environment: [String: String] = [:], killedAfter: Duration? = nil,
    standardOutput: FileHandle? = nil, errorsTo standardError: FileHandle? = nil, after preparation: String = ":",
    meanwhile: (pid_t) throws -> Void = { _ in }
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let program = PseudoTerminal.productPath("skipwise")
    process.arguments = ["-c", "\(preparation); exec \"$@\"", "sh", program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Results into a file: a pipe that nobody reads while the program runs would fill up and stop it. Messages into a pipe
    // with room for more than there are: a full disk, or a limit on file sizes, must not swallow what is said of it.
    let results = FileManager.default.temporaryDirectory.appendingPathComponent("results-\(UUID().uuidString)")
    try Data().write(to: results)
    defer { try? FileManager.default.removeItem(at: results) }
    let errors = Pipe()
    // F_SETPIPE_SZ of fcntl(2), which the Glibc module leaves out.
    _ = fcntl(errors.fileHandleForWriting.fileDescriptor, 1031, 1 << 20)
    process.standardOutput = try standardOutput ?? FileHandle(forWritingTo: results)
    process.standardError = standardError ?? errors
    try process.run()
    do {
      try meanwhile(process.processIdentifier)
    } catch {
      kill(process.processIdentifier, SIGKILL)
      throw error
    }
    if let killedAfter {
      let end = ContinuousClock.now + killedAfter
      while process.isRunning, ContinuousClock.now < end { usleep(500) }
      kill(process.processIdentifier, SIGKILL)
    }
    process.waitUntilExit()
    output = String(decoding: try Data(contentsOf: results), as: UTF8.self)
    if standardError != nil { try errors.fileHandleForWriting.close() }
    self.standardError = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    wasKilled = process.terminationReason == .uncaughtSignal
    status = process.terminationStatus
  }
}

/// Waits for something to become so.
///
/// - Throws: `Missed` if it does not within a time that only failing tests wait for.
func wait(for what: String, _ condition: () throws -> Bool) throws {
  let deadline = ContinuousClock.now + PseudoTerminal.patience
  while try !condition() {
    guard ContinuousClock.now < deadline else { throw Missed(what: what) }
    usleep(500)
  }
}

struct Missed: Error {
  let what: String
}
