import Foundation

/// A program of this package run to its end, or to its killing.
struct ProgramRun {
  let status: Int32
  let standardError: String
  let wasKilled: Bool

  /// - Parameter killedAfter: sends SIGKILL after this time, unless it has ended by then.
  init(_ arguments: [String], environment: [String: String] = [:], killedAfter: Duration? = nil) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: PseudoTerminal.productPath("skipwise"))
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    if let killedAfter {
      let end = ContinuousClock.now + killedAfter
      while process.isRunning, ContinuousClock.now < end { usleep(500) }
      kill(process.processIdentifier, SIGKILL)
    }
    standardError = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    wasKilled = process.terminationReason == .uncaughtSignal
    status = process.terminationStatus
  }
}
