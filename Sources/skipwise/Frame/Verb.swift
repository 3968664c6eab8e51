/// One thing that the program does without a terminal. A new verb is a file of its own and a line in `VerbList`.
protocol Verb {
  static var name: String { get }
  /// One line for the list of verbs.
  static var summary: String { get }
  static var options: [Option] { get }
  /// What may follow the verb without dashes; none by default.
  static var operands: [String] { get }
  /// Whether names that the user gave follow the first operand.
  static var takesNames: Bool { get }
  /// A command that works as it stands.
  static var example: String { get }

  /// - Throws: `UsageError` or the error of the value that cannot be used; nothing has been done yet.
  init(_ arguments: Arguments) throws

  func run() throws
}

extension Verb {
  static var operands: [String] { [] }
  static var takesNames: Bool { false }
}

/// A GNU long option.
struct Option {
  let name: String
  /// What its value is called in the help; nil for a flag.
  let value: String?
  let help: String
  /// The words that the value is one of; of a `value` and no `choice`, those that are known beside others.
  let choices: [String]

  /// What every command has.
  static let help = Option.flag("help", "show this")

  static func flag(_ name: String, _ help: String) -> Option { Option(name: name, value: nil, help: help, choices: []) }

  static func value(_ name: String, _ value: String, _ help: String, known: [String] = []) -> Option {
    Option(name: name, value: value, help: help, choices: known)
  }

  /// A value out of a closed set, which the help lists.
  ///
  /// - Parameters:
  ///   - lead: what the help says before the list.
  ///   - standard: what holds without the option.
  static func choice(
    _ name: String, _ value: String, _ lead: String? = nil, of choices: [String], default standard: String? = nil
  ) -> Option {
    let list = choices.joined(separator: ", ")
    let help = (lead.map { $0 + ": " } ?? "") + list + (standard.map { " (default: \($0))" } ?? "")
    return Option(name: name, value: value, help: help, choices: choices)
  }

  static func choice<Word: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ value: String, _ lead: String? = nil, of words: Word.Type, default standard: String? = nil
  ) -> Option {
    choice(name, value, lead, of: words.allCases.map(\.rawValue), default: standard)
  }
}

/// A command line that cannot be understood; exit status 64.
struct UsageError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// The exit statuses that the program uses: those of `sysexits.h`, and 128 + the signal where one ended the work.
enum ExitStatus: Int32, CaseIterable {
  case success = 0
  case usage = 64
  case badData = 65
  case failure = 70
  case inputOutput = 74
  case interrupted = 130
  /// Whoever read standard output went away; what a shell says of a program that SIGPIPE ended.
  case closedPipe = 141

  /// What the manual says of it.
  var meaning: String {
    switch self {
    case .success: "all went well"
    case .usage: "the command line asks for what cannot be done"
    case .badData: "a text, a model, a run or a lesson cannot be used"
    case .failure: "anything else went wrong"
    case .inputOutput: "a file, a folder or standard output could not be read or written"
    case .interrupted: "a signal ended the work; what was done is kept"
    case .closedPipe: "whoever read the output went away"
    }
  }
}
