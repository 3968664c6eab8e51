/// Why the screen could not be brought up.
public enum TerminalHostError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Standard input or output is a file or a pipe.
  case notATerminal(stream: String)
  /// `TERM` is unset.
  case unnamedTerminal
  /// terminfo has no such entry.
  case unknownTerminal(type: String)
  /// The terminal cannot place its cursor, so nothing can be drawn on it.
  case cannotPlaceCursor(type: String)
  /// The system refused something the event loop needs.
  case system(operation: String, code: Int32)

  /// One sentence that says what to do.
  public var description: String {
    switch self {
    case .notATerminal(let stream):
      "\(stream) is not a terminal; the screens need one"
    case .unnamedTerminal:
      "TERM is not set; set it to the terminal's type, for example TERM=xterm-256color"
    case .unknownTerminal(let type):
      "terminal type '\(type)' is unknown here; set TERM to a known one, for example TERM=xterm-256color"
    case .cannotPlaceCursor(let type):
      "a terminal of type '\(type)' cannot place its cursor; set TERM to one that can, for example TERM=vt100"
    case .system(let operation, let code):
      "\(operation) failed: \(SystemMessage.text(for: code))"
    }
  }
}
