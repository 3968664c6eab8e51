import Foundation

/// Completion for zsh, made from the tables that dispatch reads.
enum ZshCompletion {
  static func script(_ workbench: Command, _ verbs: [Command]) -> String {
    """
    #compdef skipwise
    # Completion of skipwise for zsh; `skipwise completions zsh` makes it.
    _skipwise_names_and_folders() { compadd -- "$@"; _files -/ }
    _skipwise_names_and_files() { compadd -- "$@"; _files }
    _skipwise_verbs() {
      local -a verbs=(
    \(verbs.map { "    " + "\($0.name ?? ""):\(escaped($0.summary))".quotedForShell }.joined(separator: "\n"))
      )
      _describe verb verbs
    }
    _skipwise() {
      if (( CURRENT > 2 )) && [[ $words[2] != -* ]]; then
        local verb=$words[2]
        shift words
        (( CURRENT-- ))
        case $verb in
    \(verbs.map(verbCase).joined(separator: "\n"))
        esac
      else
    \(arguments(workbench, "    ", ["'1:verb:_skipwise_verbs'"]))
      fi
    }
    if [[ $funcstack[1] == _skipwise ]]; then _skipwise "$@"; else compdef _skipwise skipwise; fi

    """
  }

  private static func verbCase(_ verb: Command) -> String {
    var operands: [String] = []
    if !verb.operands.isEmpty {
      let words = "(\(verb.operands.joined(separator: " ")))"
      operands.append("1:what:\(words)".quotedForShell)
      if verb.takesNames { operands.append("*:name:_files".quotedForShell) }
    }
    return "      \(verb.name ?? ""))\n\(arguments(verb, "        ", operands)) ;;"
  }

  private static func arguments(_ command: Command, _ indent: String, _ operands: [String]) -> String {
    let specifications = command.options.map { specification($0).quotedForShell } + operands
    return indent + (["_arguments -S"] + specifications).joined(separator: " \\\n\(indent)  ")
  }

  private static func specification(_ option: Option) -> String {
    let name = option.name == Option.help.name ? "(-h --help)--help" : "*--\(option.name)"
    let help = "[\(escaped(option.help))]"
    guard let value = option.value else { return name + help }
    let words = option.choices.joined(separator: " ")
    let action =
      switch (option.path, option.choices.isEmpty) {
      case (.folder, true): "_files -/"
      case (.file, true): "_files"
      // The blank keeps zsh from adding its own words before these.
      case (.folder, false): " _skipwise_names_and_folders \(words)"
      case (.file, false): " _skipwise_names_and_files \(words)"
      case (nil, false): "(\(words))"
      case (nil, true): " "
      }
    return "\(name)=\(help):\(escaped(value)):\(action)"
  }

  /// What ends a description is taken as it stands.
  private static func escaped(_ text: String) -> String {
    ["\\", "[", "]", ":"].reduce(text) { $0.replacingOccurrences(of: $1, with: "\\" + $1) }
  }
}
