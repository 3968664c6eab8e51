/// What can be typed, for those that describe the command line: shells, the manual.
struct Command {
  /// The verb; nil for the workbench, which has none.
  let name: String?
  let summary: String
  let options: [Option]
  let operands: [String]
  let takesNames: Bool
  let example: String

  static let workbench = Command(
    name: nil, summary: "opens the workbench", options: WorkbenchCommand.options + [.help], operands: [],
    takesNames: false, example: WorkbenchCommand.example)

  static var verbs: [Command] { VerbList.all.map(Command.init) }

  private init(_ verb: any Verb.Type) {
    self.init(
      name: verb.name, summary: verb.summary, options: verb.options + [.help], operands: verb.operands,
      takesNames: verb.takesNames, example: verb.example)
  }

  private init(
    name: String?, summary: String, options: [Option], operands: [String], takesNames: Bool, example: String
  ) {
    self.name = name
    self.summary = summary
    self.options = options
    self.operands = operands
    self.takesNames = takesNames
    self.example = example
  }
}

extension Option {
  /// What a value names on the disk, as its word in the help tells.
  enum Path { case file, folder }

  var path: Path? {
    switch value {
    case "FILE", "PATH": .file
    case "DIR": .folder
    default: nil
    }
  }
}
