import FineTuning
import Foundation
import Transformer
import Workbench

/// The lessons beside the program, and how far the user is in them.
enum LessonLibrary {
  static let ending = ".lesson.md"

  /// The two letters of the language that a translation's file name has before its ending, `x.de.lesson.md`.
  static func language(of name: String) -> String? {
    let parts = name.dropLast(ending.count).split(separator: ".")
    guard parts.count > 1, let last = parts.last, last.count == 2, last.allSatisfy(\.isLowercase) else { return nil }
    return String(last)
  }

  /// The file that a translation is made of; the file itself where it is none.
  static func original(of path: String) -> String {
    let name = (path as NSString).lastPathComponent
    guard let language = language(of: name) else { return path }
    return String(path.dropLast(ending.count + language.count + 1)) + ending
  }

  /// The user's language, as the locale has it.
  static var language: String {
    let environment = ProcessInfo.processInfo.environment
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return String(locale.prefix(2)).lowercased()
  }

  /// Where lessons lie.
  static var folder: String? { Installation.folder("docs/lessons") }

  /// Every lesson that can be read, in the order of their names and in the user's language where there is a translation, and
  /// what is wrong with the others.
  static func all() -> (lessons: [Lesson], problems: [LessonProblem]) {
    guard let folder else { return ([], []) }
    let found = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(ending) }
    let names = found.filter { language(of: $0) == nil }.map { name in
      let translation = name.dropLast(ending.count) + "." + language + ending
      return found.contains(String(translation)) ? String(translation) : name
    }
    var lessons: [Lesson] = []
    var problems: [LessonProblem] = []
    for name in names.sorted() {
      do throws(LessonProblem) {
        lessons.append(try lesson(folder + "/" + name))
      } catch {
        problems.append(error)
      }
    }
    problems += LessonCheck.relations(lessons)
    return (lessons, problems)
  }

  /// Reads a lesson with the recorded runs that it names.
  static func lesson(_ path: String) throws(LessonProblem) -> Lesson {
    let name = (path as NSString).lastPathComponent
    func contents(_ path: String, line: Int) throws(LessonProblem) -> String {
      do {
        return String(decoding: try ModelFile.contents(of: path), as: UTF8.self)
      } catch {
        throw LessonProblem(file: name, line: line, sentence: "\(error)")
      }
    }
    var lesson = try Lesson(parsing: contents(path, line: 1), file: name)
    for step in lesson.steps {
      guard let run = step.fallback, lesson.runs[run] == nil else { continue }
      let file = (path as NSString).deletingLastPathComponent + "/" + run
      let text = try contents(file, line: step.line)
      do throws(LessonRun.Unreadable) {
        lesson.runs[run] = try LessonRun(recording: text)
      } catch {
        throw LessonProblem(file: run, line: error.line, sentence: "it is no step, evaluation or attention of a run")
      }
    }
    return lesson
  }

  /// The lesson of a name: its id, its number, or a path.
  static func lesson(named name: String) throws -> Lesson {
    if name.hasSuffix(ending) { return try lesson(name) }
    let found = all()
    if let lesson = found.lessons.first(where: {
      $0.id == name || "\($0.number)" == name || $0.id.hasPrefix(name + "-")
    }) {
      return lesson
    }
    if let problem = found.problems.first(where: { $0.file.hasPrefix(name) }) { throw problem }
    let known = found.lessons.map(\.id).joined(separator: ", ")
    throw UsageError("there is no lesson '\(name)'; known are \(known)")
  }

  // MARK: - Progress

  private static var progressPath: String { Installation.dataFolder + "/lessons.json" }

  /// A file that cannot be read is put aside, so that nothing of it is lost.
  static func progress() -> LessonProgress {
    guard let data = try? ModelFile.contents(of: progressPath) else { return LessonProgress() }
    if let progress = try? JSONDecoder().decode(LessonProgress.self, from: data) { return progress }
    try? FileManager.default.moveItem(atPath: progressPath, toPath: progressPath + ".unreadable")
    return LessonProgress()
  }

  static func keep(_ progress: LessonProgress) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try FileManager.default.createDirectory(atPath: Installation.dataFolder, withIntermediateDirectories: true)
    try DurableFile.write(try encoder.encode(progress) + Data("\n".utf8), to: progressPath)
  }

  /// What the Learn screen starts from.
  static func state() -> LearnState {
    var state = LearnState()
    (state.lessons, state.problems) = all()
    state.progress = progress()
    return state
  }
}
