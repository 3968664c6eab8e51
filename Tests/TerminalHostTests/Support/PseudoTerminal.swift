import Canvas
import Foundation

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
    case system(String, Int32)
    case missed(String, screen: String)

    var description: String {
      switch self {
      case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
      case .missed(let what, let screen): "never saw \(what); the screen shows:\n\(screen)"
      }
    }
  }

  /// Generous, because only a failing test waits this long.
  static let patience = Duration.seconds(60)

  // Macros of <asm/ioctls.h> and <spawn.h> that do not import.
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430
  private static let spawnInNewSession: Int32 = 0x80

  private(set) var screen: VirtualScreen
  /// All bytes the program wrote.
  private(set) var output: [UInt8] = []
  /// The terminal's modes before the program started.
  let initialModes: Modes

  private let master: Int32
  /// Kept open so that what the program wrote last can be read after its end.
  private let slave: Int32
  private var process: pid_t = 0
  private var ending: Ending?
  private var isHungUp = false

  /// Starts a program: a path, or the name of an executable built beside the tests.
  init(
    _ program: String, arguments: [String] = [], environment: [String: String] = [:], size: Size = Size(80, 24)
  ) throws {
    screen = VirtualScreen(size: size)
    // What posix_openpt, unlockpt and ptsname do, which glibc hides from Swift behind a feature macro.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var lock: Int32 = 0
    var number: UInt32 = 0
    guard master >= 0, ioctl(master, Self.setLock, &lock) == 0, ioctl(master, Self.getNumber, &number) == 0 else {
      throw Failure.system("open /dev/ptmx", errno)
    }
    let path = "/dev/pts/\(number)"
    slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard slave >= 0 else { throw Failure.system("open \(path)", errno) }
    initialModes = Modes(of: slave)
    setWindowSize(size)

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // Opened by the leader of a new session: it becomes the controlling terminal.
    posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    let flags = Self.spawnInNewSession | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)

    let executable = program.contains("/") ? program : Self.productPath(program)
    var variables = [
      "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": NSTemporaryDirectory(),
    ]
    for name in ["TERMINFO", "TERMINFO_DIRS", "LD_LIBRARY_PATH"] {
      variables[name] = ProcessInfo.processInfo.environment[name]
    }
    variables.merge(environment) { $1 }
    var argv = ([executable] + arguments).map { strdup($0) } + [nil]
    var envp = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { for string in argv + envp { free(string) } }
    let code = posix_spawn(&process, executable, &actions, &attributes, &argv, &envp)
    guard code == 0 else { throw Failure.system("posix_spawn \(executable)", code) }
  }

  deinit {
    if ending == nil && process > 0 {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    hangUp()
    close(slave)
  }

  /// The path of an executable of this package.
  static func productPath(_ name: String) -> String {
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return tests.deletingLastPathComponent().appendingPathComponent(name).path
  }

  // MARK: Acting on it

  /// Sends text as if typed; `"\r"` is Enter, `"\u{1B}"` Escape.
  func type(_ text: String) { type(bytes: Array(text.utf8)) }

  func type(bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Gives the window another size; the kernel tells the program by SIGWINCH.
  func resize(to size: Size) {
    read(for: .zero)
    screen.resize(to: size)
    setWindowSize(size)
  }

  /// Sends a signal to the program alone.
  func send(signal: Int32) { kill(process, signal) }

  /// Sends a signal to the program that a shell runs in the foreground.
  func sendToForeground(signal: Int32) { kill(-tcgetpgrp(master), signal) }

  /// Takes the terminal away, as a closed window or a lost connection does.
  func hangUp() {
    guard !isHungUp else { return }
    isHungUp = true
    close(master)
  }

  private func setWindowSize(_ size: Size) {
    var window = winsize(ws_row: UInt16(size.rows), ws_col: UInt16(size.columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &window)
  }

  // MARK: Watching it

  /// How many synchronized frames the program has shown.
  var frameCount: Int {
    String(decoding: output, as: UTF8.self).split(separator: "\u{1B}[?2026h", omittingEmptySubsequences: false).count
      - 1
  }

  /// The terminal's modes now.
  var modes: Modes { Modes(of: slave) }

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
      var status: Int32 = 0
      if ending == nil, waitpid(process, &status, WNOHANG) == process {
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
    guard !isHungUp else { return false }
    var descriptor = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, milliseconds) > 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = Foundation.read(master, &buffer, buffer.count)
    guard count > 0 else { return false }
    output += buffer.prefix(count)
    screen.feed(buffer.prefix(count))
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
      (input, output, control, local) = (modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag)
    }

    /// Whether typed characters come singly, without the terminal's own handling.
    var isRaw: Bool { local & UInt32(ICANON | ECHO | ISIG) == 0 }
  }
}
