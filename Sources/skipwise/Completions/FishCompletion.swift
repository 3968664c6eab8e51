import Foundation

/// Completion for fish, made from the tables that dispatch reads.
enum FishCompletion {
  static func script(_ workbench: Command, _ verbs: [Command]) -> String {
    """
    # Completion of skipwise for fish; `skipwise completions fish` makes it.
    function __skipwise_verb
      set -l words (commandline -opc)
      if not set -q words[2]; or string match -q -- '-*' $words[2]
        test -z "$argv[1]"
      else
        test "$words[2]" = "$argv[1]"
      end
    end
    complete -c skipwise -f
    \(verbs.map { line("", "-a \($0.name ?? "") -d \(quoted($0.summary))") }.joined(separator: "\n"))
    \(([workbench] + verbs).flatMap(lines).joined(separator: "\n"))

    """
  }

  private static func lines(_ command: Command) -> [String] {
    let name = command.name ?? ""
    var lines: [String] = []
    if !command.operands.isEmpty {
      lines.append(line(name, "-a \(quoted(command.operands.joined(separator: " ")))"))
    }
    if command.takesNames { lines.append(line(name, "-F")) }
    return lines + command.options.map { line(name, arguments($0)) }
  }

  private static func line(_ verb: String, _ rest: String) -> String {
    "complete -c skipwise -n '__skipwise_verb \(verb)' \(rest)"
  }

  private static func arguments(_ option: Option) -> String {
    var parts = ["-l \(option.name)"]
    if option.name == Option.help.name { parts.append("-s h") }
    if option.value != nil { parts.append(option.path == .file ? "-r -F" : "-x") }
    let folders = option.path == .folder ? ["(__fish_complete_directories)"] : []
    let offers = option.choices + folders
    if !offers.isEmpty { parts.append("-a \(quoted(offers.joined(separator: " ")))") }
    return (parts + ["-d \(quoted(option.help))"]).joined(separator: " ")
  }

  /// Within single quotes fish reads `\\` and `\'`.
  private static func quoted(_ text: String) -> String {
    "'" + ["\\", "'"].reduce(text) { $0.replacingOccurrences(of: $1, with: "\\" + $1) } + "'"
  }
}
