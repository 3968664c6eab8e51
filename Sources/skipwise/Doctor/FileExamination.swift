import Canvas
import FineTuning
import Foundation
import Transformer
import Workbench

/// What ships with the program, and what the user has.
enum FileExamination {
  static var diagnoses: [Diagnosis] {
    [themes, lessons] + BaseModel.all.map(model) + [
      folder("data folder", Installation.dataFolder, failure: .broken),
      folder("settings folder", Installation.settingsFolder, failure: .improvable), keys,
    ]
  }

  private static let shareAdvice = "Set SKIPWISE_SHARE to the folder that holds themes, sample-data and docs/lessons."

  private static var themes: Diagnosis {
    let names = ThemeLibrary.names
    for name in names {
      do {
        _ = try ThemeLibrary.theme(named: name)
      } catch {
        return .broken("themes", "\(name) cannot be used", TerminalExamination.sentence(error.description))
      }
    }
    guard let folder = Installation.folder("themes") else { return .improvable("themes", "none ship", shareAdvice) }
    return .ok("themes", "\(names.count), in \(Installation.absolute(folder))")
  }

  private static var lessons: Diagnosis {
    guard let folder = LessonLibrary.folder else { return .broken("lessons", "not found", shareAdvice) }
    let (lessons, problems) = LessonLibrary.all()
    if let problem = problems.first {
      return .broken("lessons", "\(problems.count) cannot be used", TerminalExamination.sentence("\(problem)"))
    }
    return .ok("lessons", "\(lessons.count), in \(Installation.absolute(folder))")
  }

  private static func model(_ model: BaseModel) -> Diagnosis {
    let subject = "model \(model.name)"
    do {
      let folder = try Installation.modelFolder(model.name)
      let count = try ModelFolder.load(folder).layout.parameterCount
      return .ok(subject, "\(count) parameters, in \(Installation.absolute(folder))")
    } catch {
      return .broken(subject, "cannot be used", TerminalExamination.sentence("\(error)"))
    }
  }

  /// A folder that is written to, or will be made; nothing is written to find out.
  private static func folder(_ subject: String, _ path: String, failure: Diagnosis.Mark) -> Diagnosis {
    var existing = Installation.absolute(path)
    let isThere = FileManager.default.fileExists(atPath: existing)
    while !FileManager.default.fileExists(atPath: existing), existing.count > 1 {
      existing = (existing as NSString).deletingLastPathComponent
    }
    var kind: ObjCBool = false
    let isFolder = FileManager.default.fileExists(atPath: existing, isDirectory: &kind) && kind.boolValue
    guard isFolder, access(existing, W_OK | X_OK) == 0 else {
      let reason = isFolder ? "cannot be written" : "is no folder"
      return Diagnosis(
        subject: subject, mark: failure, found: path,
        advice: "\(existing) \(reason); set SKIPWISE_HOME to a folder that can be written.")
    }
    return .ok(subject, isThere ? path : "\(path), to be made")
  }

  private static var keys: Diagnosis {
    let file: KeyFile
    do {
      guard let found = try UserKeys.file() else { return .ok("keys", "as shipped") }
      file = found
    } catch {
      return .improvable("keys", UserKeys.path, TerminalExamination.sentence("\(error); the keys are as shipped"))
    }
    guard file.problems.isEmpty else {
      return .improvable("keys", UserKeys.path, TerminalExamination.sentence(file.problems.joined(separator: "; ")))
    }
    return .ok("keys", "\(file.changes.count) changed in \(UserKeys.path)")
  }
}
