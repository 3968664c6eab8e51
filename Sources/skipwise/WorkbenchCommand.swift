import FineTuning

/// Opens the workbench: what the program does without a verb.
enum WorkbenchCommand {
  static let options: [Option] = []

  @MainActor
  static func run(_ words: [String]) -> ExitStatus {
    Output.text(Help.overview(VerbList.all, options: options))
    return .success
  }
}
