/// A request for positions that cannot be met. Each case carries the numbers that clash.
public enum PositionError: Error, Equatable, Sendable {
  case windowTooShort(window: Int)
  case targetBelowWindow(window: Int, target: Int)
  case chunkCountOutOfRange(chunks: Int, window: Int)
  case textTooShort(tokens: Int, needed: Int, rule: String)
  case unknownName(kind: String, name: String, known: [String])
  case invalidSetting(name: String, value: String, expected: String)
}

extension PositionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .windowTooShort(let window):
      "the training window is \(window) tokens; it needs at least 1"
    case .targetBelowWindow(let window, let target):
      "the target window (\(target)) is below the training window (\(window)); choose a target of \(window) or more"
    case .chunkCountOutOfRange(let chunks, let window):
      "\(chunks) chunks do not fit a window of \(window) tokens; choose 1 to \(window)"
    case .textTooShort(let tokens, let needed, let rule):
      "the text has \(tokens) tokens, and \(rule) needs at least \(needed)"
    case .unknownName(let kind, let name, let known):
      "unknown \(kind) '\(name)'; known are \(known.joined(separator: ", "))"
    case .invalidSetting(let name, let value, let expected):
      "\(name) is \(value); it must be \(expected)"
    }
  }
}
