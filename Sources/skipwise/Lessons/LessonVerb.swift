import Canvas
import FineTuning
import Foundation
import TerminalHost
import Transformer
import Workbench

/// `lesson`: lists, plays, checks, presents and records the lessons.
struct LessonVerb: Verb {
  static let name = "lesson"
  static let summary = "the lessons: list, play, check, present and record them"
  static let example = "skipwise lesson play 6"
  static let operands = ["list", "play", "check", "present", "notes", "record", "progress"]
  static let takesNames = true
  static let options: [Option] = [
    PictureOptions.theme, .choice("glyphs", "SET", of: GlyphSet.self, default: "what the terminal can show"),
    .value("size", "COLSxROWS", "for record: size in cells (default: 80x24)"),
    .value("out", "FILE", "for record: where the asciicast goes"),
    .value("log", "FILE", "for record: where the presses go, to be replayed at another size"),
    .value("from", "FILE", "for record and play: replay these presses; played, they go forward and backward"),
    .value("threads", "N", "threads that compute in live steps"),
    .value("live", "K", "for check: also train the live steps, with this many seeds"),
    .flag("plain", "for play: lines of text instead of a screen"),
    .flag("json", "for list, check and progress: one JSON object a line"),
  ]

  private let action: String
  private let names: [String]
  private let arguments: Arguments
  private let wantsJSON: Bool

  init(_ arguments: Arguments) throws {
    action = arguments.operands.first ?? "list"
    names = Array(arguments.operands.dropFirst())
    self.arguments = arguments
    wantsJSON = arguments.has("json")
    switch (action, names.count) {
    case ("list", 0), ("progress", 0), ("notes", 0), ("play", 1), ("present", 1), ("record", 1), ("check", 1...): break
    case ("check", _): throw UsageError("check needs lesson files, such as docs/lessons/*.lesson.md")
    case ("play", _), ("present", _), ("record", _):
      throw UsageError("\(action) needs one lesson, by its name or number")
    default: throw UsageError("\(action) takes no names")
    }
  }

  func run() throws {
    switch action {
    case "play" where arguments.string("from") != nil: try MainActor.assumeIsolated { try replay() }
    case "play": try arguments.has("plain") ? playPlainly() : play(isPresenting: false)
    case "present": try play(isPresenting: true)
    case "notes": try MainActor.assumeIsolated { try showNotes() }
    case "check": try check()
    case "record": try record()
    case "progress": try listLessons(withProgress: true)
    default: try listLessons(withProgress: false)
    }
  }

  // MARK: - Lists

  private struct Entry: Encodable {
    var lesson: String
    var title: String
    var minutes: Int
    var steps: Int
    var needs: [String]
    var isFinished: Bool
    var right: Int
    var questions: Int
    var attempts: Int
    var hints: Int
    var skipped: Int
    /// Time spent with it.
    var seconds: Double
    var sentence: String
  }

  private func listLessons(withProgress: Bool) throws {
    let found = LessonLibrary.all()
    let progress = LessonLibrary.progress()
    for lesson in found.lessons {
      let entry = progress.entry(lesson)
      let questions = lesson.steps.compactMap(\.question)
      let record = Entry(
        lesson: lesson.id, title: lesson.title, minutes: lesson.minutes, steps: lesson.steps.count, needs: lesson.needs,
        isFinished: entry.isFinished, right: entry.answers.values.filter { $0.isRight && !$0.isSkipped }.count,
        questions: questions.count, attempts: entry.answers.values.reduce(0) { $0 + $1.attempts },
        hints: entry.answers.values.reduce(0) { $0 + $1.hints },
        skipped: entry.answers.values.filter(\.isSkipped).count, seconds: entry.seconds.rounded(),
        sentence: entry.sentence)
      if wantsJSON {
        try Output.json(record)
      } else if withProgress {
        let sign =
          record.isFinished ? "taken" : entry.step > 0 ? "step \(entry.step + 1) of \(record.steps)" : "not begun"
        Output.line(
          "\(column(record.lesson, 18)) \(column(sign, 14)) \(record.right) of \(record.questions) right, "
            + "\(record.attempts) attempts, \(record.hints) hints, \(record.skipped) skipped"
            + (record.seconds > 0 ? ", \(Int((record.seconds / 60).rounded(.up))) min" : ""))
        if !record.sentence.isEmpty { Output.line("                   “\(record.sentence)”") }
      } else {
        Output.line("\(column(record.lesson, 18)) \(column(record.title, 52)) \(record.minutes) min")
      }
    }
    for problem in found.problems { Output.message("\(problem)") }
  }

  private func column(_ text: String, _ width: Int) -> String {
    text.columnCount >= width ? text : text + String(repeating: " ", count: width - text.columnCount)
  }

  // MARK: - Playing

  private func play(isPresenting: Bool) throws {
    let lesson = try LessonLibrary.lesson(named: names[0])
    _ = try MainActor.assumeIsolated {
      try WorkbenchCommand.open(arguments, lesson: lesson, isPresenting: isPresenting)
    }
  }

  private func playPlainly() throws {
    let lesson = try LessonLibrary.lesson(named: names[0])
    var plain = PlainLesson(lesson, progress: LessonLibrary.progress())
    Output.line("\(lesson.title). \(lesson.steps.count) steps, about \(lesson.minutes) minutes.")
    for line in plain.page { Output.line(line) }
    var asked = ContinuousClock.now
    while !plain.isFinished, let line = readLine(), line.trimmingCharacters(in: .whitespaces) != "quit" {
      plain.progress.spend(LessonProgress.counted(.now - asked), on: lesson)
      asked = .now
      for said in plain.take(line) { Output.line(said) }
      try LessonLibrary.keep(plain.progress)
    }
  }

  @MainActor
  private func showNotes() throws {
    try show { look in NotesApplication(try LessonListener(), look: look) }
  }

  @MainActor
  private func replay() throws {
    let lesson = try LessonLibrary.lesson(named: names[0])
    let replay = LessonReplay(try script(for: lesson), lesson, size: Size(80, 24))
    try show { look in ReplayApplication(replay, look: look, title: "Skipwise: \(lesson.title), recorded") }
  }

  /// Runs a small program of its own on the terminal.
  @MainActor
  private func show(_ application: (Look) throws -> some TerminalApplication) throws {
    let abilities = TerminalAbilities.detected()
    let look = Look(
      theme: try ThemeLibrary.theme(named: arguments.string("theme")),
      glyphs: abilities.glyphs(wished: try arguments.choice("glyphs")), isColorless: abilities.colorDepth == .mono)
    _ = try TerminalHost.run(
      application(look),
      options: TerminalHost.Options(
        usesMouse: false, logPath: WorkbenchCommand.logPath, abilities: abilities))
  }

  // MARK: - Checking

  private struct CheckRecord: Encodable {
    var lesson: String
    var isGood: Bool
    var steps: Int
    var questions: Int
    var expectations: Int
    var frames: Int
    var noticed: [String]
    var seconds: Double
    var problems: [String]
  }

  private func check() throws {
    var lessons: [Lesson] = []
    var failures = 0
    let theme = try ThemeLibrary.theme(named: arguments.string("theme"))
    for path in names {
      let name = (path as NSString).lastPathComponent
      let start = ContinuousClock.now
      var report = LessonCheck.Report()
      var steps = 0
      var budget = 0.0
      do throws(LessonProblem) {
        let lesson = try LessonLibrary.lesson(path)
        (steps, budget) = (lesson.steps.count, lesson.budget)
        report = LessonCheck(lesson, file: name, theme: theme).run()
        if LessonLibrary.language(of: name) == nil {
          lessons.append(lesson)
        } else {
          let original = try LessonLibrary.lesson(LessonLibrary.original(of: path))
          report.problems += LessonCheck.differences(of: lesson, named: name, from: original)
        }
      } catch {
        report.problems = [error]
      }
      let elapsed = ContinuousClock.now - start
      if report.problems.isEmpty { report.problems += try checkLive(path, name: name, theme: theme) }
      let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
      if report.problems.isEmpty, seconds > budget {
        report.problems.append(
          LessonProblem(
            file: name, line: 1,
            sentence: "checking took \(String(format: "%.1f", seconds)) s, its budget is \(Int(budget)) s"))
      }
      failures += report.problems.count
      try tell(report, name: name, steps: steps, seconds: seconds)
    }
    for problem in LessonCheck.relations(lessons) where names.count > 1 {
      failures += 1
      Output.message("\(problem)")
    }
    if failures > 0 { throw LessonsFailed(count: failures) }
  }

  /// Trains what the lesson trains and holds its expectations against it.
  private func checkLive(_ path: String, name: String, theme: Theme) throws -> [LessonProblem] {
    guard let seeds = try arguments.integer("live", in: 1...100) else { return [] }
    let check = LessonCheck(try LessonLibrary.lesson(path), file: name, theme: theme)
    var problems: [LessonProblem] = []
    for live in try check.liveSteps() {
      for seed in 0..<UInt64(seeds) {
        var settings = live.settings
        settings.seed = seed
        let training = try settings.open(
          threads: try arguments.integer("threads", in: 1...1024) ?? Processor.coreCount)
        var run = LessonRun(evaluations: [training.before], isRecorded: false)
        while training.stepCount < settings.steps {
          run.steps.append(try training.step().record)
          if training.isEvaluationDue { run.evaluations.append(try training.evaluate()) }
          Output.progress("\(name), seed \(seed): step \(training.stepCount) of \(settings.steps)")
        }
        Output.endProgress()
        problems += try check.problems(of: run, seed: seed, trainedIn: live)
      }
    }
    return problems
  }

  private func tell(_ report: LessonCheck.Report, name: String, steps: Int, seconds: Double) throws {
    if wantsJSON {
      return try Output.json(
        CheckRecord(
          lesson: name, isGood: report.problems.isEmpty, steps: steps, questions: report.questions,
          expectations: report.expectations, frames: report.frames, noticed: report.noticed.map(\.rawValue),
          seconds: seconds, problems: report.problems.map(\.description)))
    }
    for problem in report.problems { Output.message("\(problem)") }
    guard report.problems.isEmpty else { return }
    Output.line(
      "\(column(name, 34)) \(steps) steps, \(report.questions) questions, \(report.expectations) expectations, "
        + "\(report.frames) frames, notices \(report.noticed.count) faults, \(String(format: "%.1f", seconds)) s")
  }

  // MARK: - Recording

  private func record() throws {
    let lesson = try LessonLibrary.lesson(named: names[0])
    let picture = try PictureOptions(arguments, size: Size(80, 24))
    let script = try script(for: lesson)
    if let log = arguments.string("log") {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try DurableFile.write(try encoder.encode(script) + Data("\n".utf8), to: log)
    }
    let look = Look(theme: picture.look.theme, glyphs: picture.look.glyphs)
    let cast = script.cast(lesson, size: picture.size, look: look, depth: .trueColor)
    guard let out = arguments.string("out") else { return Output.text(cast) }
    try DurableFile.write(Data(cast.utf8), to: out)
  }

  /// The presses that `--from` names, otherwise those of the right answers.
  private func script(for lesson: Lesson) throws -> LessonScript {
    guard let from = arguments.string("from") else { return LessonScript(solving: lesson) }
    let data = try ModelFile.contents(of: from)
    guard let script = try? JSONDecoder().decode(LessonScript.self, from: data), script.lesson == lesson.id else {
      throw UsageError("\(from) is no log of \(lesson.id)")
    }
    return script
  }
}

/// Some lessons are not as they should be; what was wrong has been said.
struct LessonsFailed: Error, CustomStringConvertible {
  var count: Int
  var description: String { "\(count) problem\(count == 1 ? "" : "s")" }
}
