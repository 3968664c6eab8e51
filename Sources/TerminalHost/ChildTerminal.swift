import Canvas
import Foundation

/// A program on a terminal of its own, as a terminal emulator starts it: what measures or tests the workbench types into it and
/// reads what it writes.
public final class ChildTerminal {
  public struct Failure: Error, CustomStringConvertible {
    public let call: String
    public let code: Int32
    public var description: String { "\(call): \(String(cString: strerror(code)))" }
  }

  // Macros of <asm/ioctls.h> and <spawn.h> that do not import.
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430
  private static let spawnInNewSession: Int32 = 0x80

  /// The emulator's end.
  public let master: Int32
  /// The program's end, kept open so that what it wrote last can be read after its end.
  public let slave: Int32
  public private(set) var process: pid_t = 0
  /// The terminal's modes before the program started.
  public private(set) var initialModes = termios()
  private var isHungUp = false

  /// - Parameters:
  ///   - environment: all of it.
  /// - Throws: `Failure` where the system refuses.
  public init(_ executable: String, arguments: [String], environment: [String: String], size: Size) throws(Failure) {
    // What posix_openpt, unlockpt and ptsname do, which glibc hides from Swift behind a feature macro.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var lock: Int32 = 0
    var number: UInt32 = 0
    guard master >= 0, ioctl(master, Self.setLock, &lock) == 0, ioctl(master, Self.getNumber, &number) == 0 else {
      throw Failure(call: "open /dev/ptmx", code: errno)
    }
    let path = "/dev/pts/\(number)"
    slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard slave >= 0 else { throw Failure(call: "open \(path)", code: errno) }
    resize(to: size)
    tcgetattr(slave, &initialModes)

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

    var argv = ([executable] + arguments).map { strdup($0) } + [nil]
    var envp = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for string in argv + envp { free(string) } }
    let code = posix_spawn(&process, executable, &actions, &attributes, &argv, &envp)
    guard code == 0 else { throw Failure(call: "posix_spawn \(executable)", code: code) }
  }

  /// Ends the program if it still runs.
  deinit {
    if process > 0 {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    hangUp()
    close(slave)
  }

  /// Sends bytes as if typed.
  public func type(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Gives the window another size; the kernel tells the program by SIGWINCH.
  public func resize(to size: Size) {
    var window = winsize(ws_row: UInt16(size.rows), ws_col: UInt16(size.columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &window)
  }

  /// What the program wrote, as soon as there is something; empty if nothing came in time.
  public func read(milliseconds: Int32) -> [UInt8] {
    guard !isHungUp else { return [] }
    var descriptor = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, milliseconds) > 0 else { return [] }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = Foundation.read(master, &buffer, buffer.count)
    return count > 0 ? Array(buffer.prefix(count)) : []
  }

  /// Takes the terminal away, as a closed window or a lost connection does.
  public func hangUp() {
    guard !isHungUp else { return }
    isHungUp = true
    close(master)
  }

  /// The status of `waitpid` once the program has ended; nil before.
  public func takeStatus() -> Int32? {
    var status: Int32 = 0
    guard process > 0, waitpid(process, &status, WNOHANG) == process else { return nil }
    process = 0
    return status
  }
}
