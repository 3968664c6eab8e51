import FineTuning

/// `skipwise(1)`, made from the tables that dispatch reads.
enum ManualPage {
  static func text(_ workbench: Command, _ verbs: [Command]) -> String {
    let parts: [[String]] = [
      [
        ".TH SKIPWISE 1 \"\" \(quoted("Skipwise \(Skipwise.version)")) \(quoted("User Commands"))",
        Roff.section("NAME"), Roff.escaped("skipwise - see and train positional skip-wise training (PoSE)"),
      ],
      [Roff.section("SYNOPSIS"), synopsis(workbench), ".br", synopsis(nil)],
      [Roff.section("DESCRIPTION")] + description.map(Roff.paragraph),
      [Roff.section("OPTIONS")] + details(workbench),
      [Roff.section("VERBS")] + verbs.flatMap { [Roff.subsection($0.name ?? "")] + body($0) },
      [Roff.section("ENVIRONMENT")] + environment.map { Roff.entry(Roff.bold($0), $1) },
      [Roff.section("FILES")] + files.map { Roff.entry(Roff.italic($0), $1) },
      [Roff.section("EXIT STATUS")] + ExitStatus.allCases.map { Roff.entry(Roff.bold("\($0.rawValue)"), $0.meaning) },
      [Roff.section("SEE ALSO"), Roff.escaped("Zhu et al. 2023, https://arxiv.org/abs/2309.10400")],
    ]
    return parts.joined().joined(separator: "\n") + "\n"
  }

  private static let description = [
    """
    Skipwise is a terminal workbench for PoSE, positional skip-wise training: it teaches a language model trained on \
    windows of L tokens to read T tokens, many times as many, by shifting chunks of each window to skipped positions. \
    It draws the layouts, fine-tunes a model live, and shows the loss and the attention as they change.
    """,
    """
    Without a verb it opens the workbench; Space starts the training, ? shows every key, q quits. A verb works without a \
    terminal. Options may be shortened as long as they stay distinct.
    """,
  ]

  private static let environment = [
    ("SKIPWISE_SHARE", "the folder that holds themes, sample-data and docs/lessons, before those beside the program"),
    (
      "SKIPWISE_HOME",
      "where runs, keys, themes and the workbench's memory are kept, instead of the user's folders below"
    ),
    ("XDG_DATA_HOME, XDG_CONFIG_HOME", "the user's folders for data and for settings"),
    ("TERM, COLORTERM, NO_COLOR", "what the terminal is, whether it shows 24-bit colours, and whether none are wanted"),
    ("LC_ALL, LC_CTYPE, LANG", "the locale; glyphs beyond ASCII need UTF-8"),
  ]

  private static let files = [
    ("~/.local/share/skipwise/runs/", "what was trained, a folder a run"),
    ("~/.local/share/skipwise/lessons.json", "how far the lessons are learnt"),
    ("~/.local/share/skipwise/screens/, exports/", "screens and runs that were saved from the workbench"),
    ("~/.config/skipwise/keys", "other keys for the workbench, ID = KEY a line"),
    ("~/.config/skipwise/themes/", "the user's themes"),
    ("~/.config/skipwise/workbench.json", "what the workbench remembers"),
    ("../share/skipwise/", "beside the program's folder: what ships with it"),
  ]

  private static func synopsis(_ workbench: Command?) -> String {
    Roff.bold("skipwise") + (workbench == nil ? " " + Roff.italic("VERB") : "") + " [" + Roff.italic("OPTION") + "...]"
  }

  private static func body(_ verb: Command) -> [String] {
    let summary = Roff.paragraph(verb.summary.prefix(1).uppercased() + verb.summary.dropFirst() + ".")
    let operands = verb.operands.map(Roff.bold).joined(separator: ", ")
    return [summary] + (operands.isEmpty ? [] : [".PP\n" + operands]) + details(verb)
  }

  /// The options and the example.
  private static func details(_ command: Command) -> [String] {
    command.options.map { Roff.entry(term($0), $0.help) } + [
      Roff.paragraph("Example:"), Roff.verbatim(command.example),
    ]
  }

  private static func term(_ option: Option) -> String {
    let short = option.name == Option.help.name ? Roff.bold("-h") + ", " : ""
    return short + Roff.bold("--" + option.name) + (option.value.map { " " + Roff.italic($0) } ?? "")
  }

  private static func quoted(_ text: String) -> String { "\"\(Roff.escaped(text))\"" }
}
