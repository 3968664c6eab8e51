import Canvas
import FineTuning
import Foundation
import Positions
import TerminalHost
import Transformer
import Workbench

/// Opens the workbench: what the program does without a verb.
enum WorkbenchCommand {
  static let example = "skipwise --text sample-data/ --screen train"
  static let options: [Option] =
    [
      .choice("screen", "NAME", "the screen to start with", of: Screen.self), PictureOptions.theme,
      RunOptions.model,
      .value("text", "PATH", "a file or folder to train on; may be repeated (default: generated key-value text)"),
      .value("run", "DIR", "a run to open as it was left, a folder or a name"),
      .choice("glyphs", "SET", of: GlyphSet.self, default: "what the terminal can show"),
      .value("threads", "N", "threads that compute"),
      .flag("no-mouse", "leave the mouse to the terminal"),
      .flag("version", "print the version"),
    ]

  @MainActor
  static func run(_ words: [String]) -> Int32 {
    do {
      let arguments = try Arguments(words, options: options + [.help], program: "skipwise")
      if arguments.has("help") {
        Output.text(Help.overview(VerbList.all, options: options))
        return ExitStatus.success.rawValue
      }
      if arguments.has("version") {
        Output.line("skipwise \(Skipwise.version)")
        return ExitStatus.success.rawValue
      }
      if let operand = arguments.operands.first {
        throw UsageError("unexpected '\(operand)'; a verb comes first, a text needs --text")
      }
      return try open(arguments, lesson: nil, isPresenting: false)
    } catch let error as TerminalHostError {
      Output.message("skipwise: \(error); without a terminal: skipwise train, or skipwise --help for all verbs")
      return ExitStatus.usage.rawValue
    } catch {
      Output.message("skipwise: \(error)")
      return Program.status(of: error).rawValue
    }
  }

  /// - Parameters:
  ///   - lesson: opened at once.
  ///   - isPresenting: an audience sees the lesson alone, and a lecturer's window can listen.
  @MainActor @discardableResult
  static func open(_ arguments: Arguments, lesson: Lesson?, isPresenting: Bool) throws -> Int32 {
    let screen = try arguments.choice("screen", as: Screen.self)
    let glyphs = try arguments.choice("glyphs", as: GlyphSet.self)
    let threads = try arguments.integer("threads", in: 1...1024) ?? Processor.coreCount
    let memory = MemoryFile.read()
    let remembered = memory.map(\.themeName).flatMap { ThemeLibrary.names.contains($0) ? $0 : nil }
    let theme = try ThemeLibrary.theme(named: arguments.string("theme") ?? remembered)
    let run = try run(arguments)
    let settings = try run?.settings ?? settings(arguments)

    let abilities = TerminalAbilities.detected()
    var state = WorkbenchState(settings: settings, themeNames: ThemeLibrary.names, themeName: theme.name)
    memory?.restore(&state)
    state.learn = LessonLibrary.state()
    if let screen { state.screen = screen }
    useKeys(&state)
    if let lesson { state.open(lesson, isPresenting: isPresenting) }
    let look = Look(
      theme: theme, glyphs: abilities.glyphs(wished: glyphs), isColorless: abilities.colorDepth == .mono)
    let application = try WorkbenchApplication(state: state, look: look, threads: threads, run: run?.path)
    return try TerminalHost.run(
      application,
      options: TerminalHost.Options(usesMouse: !arguments.has("no-mouse"), logPath: logPath, abilities: abilities))
  }

  /// Where messages go while a screen is up.
  static var logPath: String { NSTemporaryDirectory() + "skipwise-\(getpid()).log" }

  /// Takes the user's keys, where there is a file of them; what it has wrong is said on the screen.
  private static func useKeys(_ state: inout WorkbenchState) {
    let file: KeyFile
    do {
      guard let found = try UserKeys.file() else { return }
      file = found
    } catch {
      state.notice = .problem("\(error)")
      return
    }
    state.keys = KeyTable(changes: file.changes)
    guard let first = file.problems.first else { return }
    state.notice = .problem(first + (file.problems.count > 1 ? " (and \(file.problems.count - 1) more)" : ""))
  }

  /// The run that `--run` names.
  ///
  /// - Parameter exclude: options that say what a run says itself.
  static func run(_ arguments: Arguments, exclude: [String] = ["model", "text"]) throws -> RunSummary? {
    guard let name = arguments.string("run") else { return nil }
    for other in exclude where !arguments.strings(other).isEmpty {
      throw UsageError("--run and --\(other) exclude each other: a run has its own")
    }
    return try RunCatalog.run(named: name)
  }

  /// Checks what the command line names before the screen opens, so that a mistake is one line and not a screen.
  static func settings(_ arguments: Arguments) throws -> RunSettings {
    let model = try Installation.modelReference(arguments.string("model") ?? BaseModel.keys.name)
    let window = try ModelFolder.configuration(Installation.modelFolder(model)).scaling.originalWindow
    var settings = RunSettings(model: model, window: window, target: max(window, min(8 * window, RunSettings.longest)))
    settings.task = BaseModel.of(model)?.task ?? settings.task
    settings.texts = arguments.strings("text").map(Installation.absolute)
    _ = try BatchBuilder(
      source: try settings.source(), samplerName: settings.method, sampler: try settings.samplerSettings(),
      vocabularySize: 256, seed: settings.seed)
    return settings
  }
}
