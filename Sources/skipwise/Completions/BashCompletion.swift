/// Completion for bash, made from the tables that dispatch reads.
enum BashCompletion {
  static func script(_ workbench: Command, _ verbs: [Command]) -> String {
    let commands = [workbench] + verbs
    return """
      # Completion of skipwise for bash; `skipwise completions bash` makes it.
      _skipwise_words() { mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W "$1" -- "$current"); }
      _skipwise_paths() {
        compopt -o filenames 2>/dev/null
        mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen "$1" -- "$current")
      }
      _skipwise() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb=
        COMPREPLY=()
        # Bash takes `--option=value` for three words.
        if [[ $current == = ]]; then
          current=
        elif [[ $previous == = ]]; then
          previous=${COMP_WORDS[COMP_CWORD - 2]}
        fi
        if ((COMP_CWORD > 1)) && [[ ${COMP_WORDS[1]} != -* ]]; then verb=${COMP_WORDS[1]}; fi
        case "$verb $previous" in
      \(commands.flatMap(values).joined(separator: "\n"))
        esac
        if [[ $current == -* ]]; then
          case $verb in
      \(commands.map(options).joined(separator: "\n"))
          esac
          return
        fi
        case $verb in
          '') _skipwise_words \(verbs.compactMap(\.name).joined(separator: " ").quotedForShell) ;;
      \(verbs.compactMap(operands).joined(separator: "\n"))
        esac
      }
      complete -F _skipwise skipwise

      """
  }

  /// A line for each option that has a value.
  private static func values(_ command: Command) -> [String] {
    command.options.filter { $0.value != nil }.map { option in
      var offers: [String] = []
      if !option.choices.isEmpty {
        offers.append("_skipwise_words \(option.choices.joined(separator: " ").quotedForShell)")
      }
      switch option.path {
      case .file: offers.append("_skipwise_paths -f")
      case .folder: offers.append("_skipwise_paths -d")
      case nil: break
      }
      return "    '\(command.name ?? "") --\(option.name)') \((offers + ["return"]).joined(separator: "; ")) ;;"
    }
  }

  private static func options(_ command: Command) -> String {
    let words = command.options.map { "--" + $0.name }.joined(separator: " ")
    return "      \((command.name ?? "").quotedForShell)) _skipwise_words \(words.quotedForShell) ;;"
  }

  private static func operands(_ verb: Command) -> String? {
    guard let name = verb.name, !verb.operands.isEmpty else { return nil }
    let words = "_skipwise_words \(verb.operands.joined(separator: " ").quotedForShell)"
    let offers = verb.takesNames ? "if ((COMP_CWORD == 2)); then \(words); else _skipwise_paths -f; fi" : words
    return "    \(name)) \(offers) ;;"
  }
}
