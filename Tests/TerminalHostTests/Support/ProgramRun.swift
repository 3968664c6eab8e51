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
    let errors = Pipe()
    process.standardError = standardError ?? errors
    // A file and no pipe: nobody has to empty it while the messages are read.
    let results = FileManager.default.temporaryDirectory.appendingPathComponent("results-\(UUID().uuidString)")
    try Data().write(to: results)
    defer { try? FileManager.default.removeItem(at: results) }
    process.standardOutput = try standardOutput ?? FileHandle(forWritingTo: results)
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
    if standardError != nil { try errors.fileHandleForWriting.close() }
    self.standardError = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    output = String(decoding: try Data(contentsOf: results), as: UTF8.self)
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
