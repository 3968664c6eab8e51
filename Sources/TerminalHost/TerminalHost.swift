import CNcurses
import Canvas
import Foundation
import Workbench

/// Runs an application on the terminal.
public enum TerminalHost {
  /// How to run it.
  public struct Options: Sendable {
    /// Whether the terminal reports the mouse; without, its own text selection works as usual.
    public var usesMouse: Bool
    /// The file that takes standard error while the screen is up; nil leaves standard error alone.
    public var logPath: String?
    /// What to draw with; nil detects it (`TerminalAbilities.detected`). A caller that draws after its own
    /// abilities passes the same ones.
    public var abilities: TerminalAbilities?

    /// The mouse on, standard error left alone and abilities detected, unless said otherwise.
    public init(usesMouse: Bool = true, logPath: String? = nil, abilities: TerminalAbilities? = nil) {
      self.usesMouse = usesMouse
      self.logPath = logPath
      self.abilities = abilities
    }
  }

  /// Brings up the screen, runs the application until it is finished or a signal ends it, and restores the terminal.
  ///
  /// Returns the exit status: 0, or 128 + the signal that ended it (Ctrl-C counts as SIGINT, a terminal that hung up as
  /// SIGHUP). Throws where there is no terminal that a screen could be drawn on.
  @MainActor
  public static func run(
    _ application: some TerminalApplication, options: Options = Options()
  ) throws(TerminalHostError) -> Int32 {
    guard isatty(STDIN_FILENO) == 1 else { throw .notATerminal(stream: "standard input") }
    guard isatty(STDOUT_FILENO) == 1 else { throw .notATerminal(stream: "standard output") }
    let detected = TerminalAbilities.detected()
    var abilities = options.abilities ?? detected
    // Glyphs the locale has no bytes for cannot be sent, whoever asks for them.
    abilities.isUnicode = abilities.isUnicode && detected.isUnicode
    let type = try terminalType()

    let signals = ts_open()
    guard signals >= 0 else { throw .system(operation: "pipe", code: errno) }
    defer { ts_close() }
    ts_install()
    defer { ts_uninstall() }
    let session = try TerminalSession(type: type, mouse: options.usesMouse, log: options.logPath)
    defer { session.end() }
    let presenter = Presenter(
      abilities: abilities, speaksControlSequences: type.facts.speaksControlSequences, setsTitle: session.setsTitle)
    var loop = EventLoop(
      application: application, session: session, presenter: presenter, signals: signals,
      frameInterval: abilities.isRemote ? .milliseconds(125) : .milliseconds(50))
    return loop.run()
  }

  /// The type that the environment names, where a screen can be drawn on it.
  @MainActor
  static func terminalType() throws(TerminalHostError) -> TerminalType {
    let environment = ProcessInfo.processInfo.environment
    guard let name = environment["TERM"], !name.isEmpty else { throw .unnamedTerminal }
    guard let type = TerminalType.chosen(for: environment, facts: { cn_terminal_facts($0) }) else {
      throw .unknownTerminal(type: name)
    }
    guard type.facts.placesCursor else { throw .cannotPlaceCursor(type: name) }
    return type
  }
}
