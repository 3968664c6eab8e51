import FineTuning

/// Help texts, made from the tables that dispatch reads.
enum Help {
  static func overview(_ verbs: [any Verb.Type], options: [Option]) -> String {
    """
    Skipwise \(Skipwise.version): see and train positional skip-wise training (PoSE, arXiv 2309.10400).

    Usage: skipwise [OPTION…]          opens the workbench
           skipwise VERB [OPTION…]     works without a terminal

    Verbs:
    \(columns(verbs.map { ($0.name, $0.summary) }))

    Options of the workbench:
    \(list(options))

    Example: \(WorkbenchCommand.example)

    """
  }

  static func verb(_ verb: any Verb.Type) -> String {
    """
    Usage: skipwise \(verb.name)\(verb.operands.isEmpty ? "" : " " + verb.operands.joined(separator: "|")) [OPTION…]
    \(verb.summary.prefix(1).uppercased() + verb.summary.dropFirst()).

    Options:
    \(list(verb.options))

    Example: \(verb.example)

    """
  }

  private static func list(_ options: [Option]) -> String {
    columns(
      options.map { ("--" + $0.name + ($0.value.map { " " + $0 } ?? ""), $0.help) } + [("-h, --help", Option.help.help)]
    )
  }

  private static func columns(_ rows: [(String, String)]) -> String {
    let width = (rows.map(\.0.count).max() ?? 0) + 2
    return rows.map { "  " + $0.0 + String(repeating: " ", count: width - $0.0.count) + $0.1 }.joined(separator: "\n")
  }
}
