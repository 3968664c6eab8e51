import Canvas
import Foundation
import TerminalHost

/// A program running on a pseudo-terminal, with what it shows, for tests of whole programs.
///
/// ```swift
/// let terminal = try PseudoTerminal("skipwise", size: Size(120, 36))
/// terminal.type("2")
/// try terminal.waitFor("the training screen") { $0.contains("Train") }
/// ```
final class PseudoTerminal {
  enum Ending: Equatable {
    case exited(Int32)
    case killed(by: Int32)
  }

  enum Failure: Error, CustomStringConvertible {
    case missed(String, screen: String)

    var description: String {
      switch self {
      case .missed(let what, let screen): "never saw \(what); the screen shows:\n\(screen)"
      }
    }
  }

  /// Generous, because only a failing test waits this long.
  static let patience = Duration.seconds(60)

  private(set) var screen: VirtualScreen
  /// All bytes the program wrote.
  private(set) var output: [UInt8] = []
  /// The terminal's modes before the program started.
  let initialModes: Modes

  private let child: ChildTerminal
  private let process: pid_t
  private var ending: Ending?

  /// Starts a program: a path, or the name of an executable built beside the tests.
  init(
    _ program: String, arguments: [String] = [], environment: [String: String] = [:], size: Size = Size(80, 24)
  ) throws {
    screen = VirtualScreen(size: size)
    let executable = program.contains("/") ? program : Self.productPath(program)
    var variables = [
      "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": NSTemporaryDirectory(),
    ]
    for name in ["TERMINFO", "TERMINFO_DIRS", "LD_LIBRARY_PATH"] {
      variables[name] = ProcessInfo.processInfo.environment[name]
    }
    variables.merge(environment) { $1 }
    child = try ChildTerminal(executable, arguments: arguments, environment: variables, size: size)
    process = child.process
    initialModes = Modes(of: child.initialModes)
  }

  /// The path of an executable of this package.
  static func productPath(_ name: String) -> String {
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return tests.deletingLastPathComponent().appendingPathComponent(name).path
  }

  // MARK: Acting on it

  /// Sends text as if typed; `"\r"` is Enter, `"\u{1B}"` Escape.
  func type(_ text: String) { type(bytes: Array(text.utf8)) }

  func type(bytes: [UInt8]) { child.type(bytes) }

  /// Gives the window another size; the kernel tells the program by SIGWINCH.
  func resize(to size: Size) {
    read(for: .zero)
    screen.resize(to: size)
    child.resize(to: size)
  }

  /// Sends a signal to the program alone.
  func send(signal: Int32) { kill(process, signal) }

  /// Sends a signal to the program that a shell runs in the foreground.
  func sendToForeground(signal: Int32) { kill(-tcgetpgrp(child.master), signal) }

  /// Takes the terminal away, as a closed window or a lost connection does.
  func hangUp() { child.hangUp() }

  // MARK: Watching it

  /// How many synchronized frames the program has shown.
  var frameCount: Int {
    String(decoding: output, as: UTF8.self).split(separator: "\u{1B}[?2026h", omittingEmptySubsequences: false).count
      - 1
  }

  /// The terminal's modes now.
  var modes: Modes { Modes(of: child.slave) }

  /// Reads until the screen satisfies a condition.
  func waitFor(_ what: String, _ condition: (VirtualScreen) -> Bool) throws {
    try wait(what) { condition(screen) }
  }

  /// Reads until a text is on the screen.
  func waitFor(text: String) throws {
    try waitFor("'\(text)'") { $0.contains(text) }
  }

  /// Reads until the program has ended, and all it wrote.
  @discardableResult
  func waitForEnd() throws -> Ending {
    try wait("the end of the program") {
      if ending == nil, let status = child.takeStatus() {
        ending = status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .killed(by: status & 0x7F)
      }
      return ending != nil
    }
    read(for: .zero)
    return ending ?? .exited(-1)
  }

  /// Reads for a time, and returns how many bytes came.
  @discardableResult
  func read(for duration: Duration) -> Int {
    let start = output.count
    let deadline = ContinuousClock.now + duration
    repeat {} while readOnce(milliseconds: duration == .zero ? 0 : 10) || ContinuousClock.now < deadline
    return output.count - start
  }

  private func wait(_ what: String, until condition: () -> Bool) throws {
    let deadline = ContinuousClock.now + Self.patience
    while !condition() {
      guard ContinuousClock.now < deadline else { throw Failure.missed(what, screen: screen.text) }
      _ = readOnce(milliseconds: 10)
    }
  }

  /// Takes in what is there; returns whether there was anything.
  private func readOnce(milliseconds: Int32) -> Bool {
    let bytes = child.read(milliseconds: milliseconds)
    guard !bytes.isEmpty else { return false }
    output += bytes
    screen.feed(bytes[...])
    return true
  }
}

extension PseudoTerminal {
  /// What `tcgetattr` says, to compare before and after.
  struct Modes: Equatable {
    let input: UInt32
    let output: UInt32
    let control: UInt32
    let local: UInt32

    init(of descriptor: Int32) {
      var modes = termios()
      tcgetattr(descriptor, &modes)
      self.init(of: modes)
    }

    init(of modes: termios) {
      (input, output, control, local) = (modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag)
    }

    /// Whether typed characters come singly, without the terminal's own handling.
    var isRaw: Bool { local & UInt32(ICANON | ECHO | ISIG) == 0 }
  }
}
