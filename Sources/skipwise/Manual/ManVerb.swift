/// `man`: the manual page.
struct ManVerb: Verb {
  static let name = "man"
  static let summary = "prints the manual page, for man -l"
  static let example = "skipwise man > skipwise.1 && man -l skipwise.1"
  static let options: [Option] = []

  init(_ arguments: Arguments) {}

  func run() { Output.text(ManualPage.text(.workbench, Command.verbs)) }
}
