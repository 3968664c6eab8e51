import Foundation

/// `completions`: what a shell has to know to complete the command line.
struct CompletionsVerb: Verb {
  static let name = "completions"
  static let summary = "prints a script that lets a shell complete verbs, options and their values"
  static let example = "skipwise completions bash > ~/.local/share/bash-completion/completions/skipwise"
  static let operands = Shell.allCases.map(\.rawValue)
  static let options: [Option] = []

  /// The shells that a script can be made for.
  enum Shell: String, CaseIterable { case bash, zsh, fish }

  private let shell: Shell

  init(_ arguments: Arguments) throws {
    guard arguments.operands.count == 1, let shell = Shell(rawValue: arguments.operands[0]) else {
      throw UsageError("name one of \(Self.operands.joined(separator: ", "))")
    }
    self.shell = shell
  }

  func run() {
    switch shell {
    case .bash: Output.text(BashCompletion.script(.workbench, Command.verbs))
    case .zsh: Output.text(ZshCompletion.script(.workbench, Command.verbs))
    case .fish: Output.text(FishCompletion.script(.workbench, Command.verbs))
    }
  }
}

extension String {
  /// As one word of a shell that takes nothing in it for its own: bash, zsh.
  var quotedForShell: String { "'" + replacingOccurrences(of: "'", with: "'\\''") + "'" }
}
