import CNcurses
import Canvas
import Glibc

/// The terminal while the screens have it: modes, alternate screen, mouse and paste reports, and the way back.
///
/// Whatever ends the process (the normal end, a signal, a crash, `exit`) the terminal is left as it was found.
@MainActor
final class TerminalSession {
  let type: TerminalType
  private let savedModes: termios
  private let reportsMouse: Bool
  private let log: StandardErrorLog?

  /// Takes the terminal over.
  init(type: TerminalType, mouse: Bool, log logPath: String?) throws(TerminalHostError) {
    self.type = type
    reportsMouse = mouse
    var modes = termios()
    guard tcgetattr(STDIN_FILENO, &modes) == 0 else { throw .notATerminal(stream: "standard input") }
    savedModes = modes
    // A size in the environment would win over the terminal's own and never change.
    unsetenv("LINES")
    unsetenv("COLUMNS")
    guard cn_start(type.name) else { throw .unknownTerminal(type: type.name) }
    log = logPath.flatMap(StandardErrorLog.init(path:))
    guardAgainstCrashes()
    requestReports()
  }

  /// Gives the terminal back for good.
  func end() {
    releaseReports()
    cn_end()
    restoreModes()
    ts_unguard()
    log?.end()
  }

  /// Gives the terminal to the shell, stops until somebody continues the process, and takes the terminal again.
  func suspend() {
    leave()
    ts_unguard()
    ts_stop()
    guardAgainstCrashes()
    enter()
  }

  /// Takes the terminal again after the process was stopped without a chance to give it back.
  func reclaim() {
    leave()
    enter()
  }

  /// The size the terminal has now; nil where it does not say.
  nonisolated static func currentSize() -> Size? {
    var window = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else { return nil }
    return Size(Int(window.ws_col), Int(window.ws_row))
  }

  private func leave() {
    releaseReports()
    cn_leave()
    restoreModes()
  }

  private func enter() {
    cn_enter()
    requestReports()
  }

  private func restoreModes() {
    var modes = savedModes
    while tcsetattr(STDIN_FILENO, TCSADRAIN, &modes) != 0 && errno == EINTR {}
  }

  // MARK: Reports

  /// The Linux console shows the text of a title instead of taking it.
  var setsTitle: Bool { type.facts.speaksControlSequences && !type.name.hasPrefix("linux") }

  private func requestReports() {
    guard type.facts.speaksControlSequences else { return }
    // Title kept on the terminal's stack; bracketed paste, focus; mouse buttons, drags, moves, in SGR encoding.
    var sequence = setsTitle ? "\u{1B}[22;2t" : ""
    sequence += "\u{1B}[?2004h\u{1B}[?1004h"
    if reportsMouse { sequence += "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1003h\u{1B}[?1006h" }
    TerminalOutput.write(sequence)
  }

  private func releaseReports() {
    TerminalOutput.write(releaseSequence)
  }

  private var releaseSequence: String {
    guard type.facts.speaksControlSequences else { return "" }
    var sequence = "\u{1B}[?2026l"
    if reportsMouse { sequence += "\u{1B}[?1006l\u{1B}[?1003l\u{1B}[?1002l\u{1B}[?1000l" }
    sequence += "\u{1B}[?1004l\u{1B}[?2004l"
    if setsTitle { sequence += "\u{1B}[23;2t" }
    return sequence
  }

  // MARK: Crashes

  private func guardAgainstCrashes() {
    var restore = [CChar](repeating: 0, count: 512)
    let length = cn_restore_sequence(&restore, restore.count)
    let sequence = releaseSequence.utf8.map { CChar(bitPattern: $0) } + restore.prefix(length)
    let message = log.map { "\nskipwise ended unexpectedly; its messages are in \($0.path)\n" }
    sequence.withUnsafeBufferPointer { bytes in
      (message ?? "").withCString { text in
        var crashGuard = TSCrashGuard(
          modes: savedModes, sequence: bytes.baseAddress, sequenceLength: bytes.count,
          standardError: log?.original ?? -1, message: message == nil ? nil : text,
          chainsHandlers: Backtraces.areUnattended)
        ts_guard(&crashGuard)
      }
    }
  }
}

/// The Swift runtime's own report of a crash.
enum Backtraces {
  /// Whether the runtime may write one after the terminal is restored. By default it asks questions on the terminal,
  /// which a shell that waits for its prompt cannot have; `SWIFT_BACKTRACE=interactive=no` asks for the report alone.
  static var areUnattended: Bool {
    guard let setting = getenv("SWIFT_BACKTRACE") else { return false }
    return String(cString: setting).split(separator: ",").contains("interactive=no")
  }
}
