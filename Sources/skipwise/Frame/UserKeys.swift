import FineTuning
import Workbench

/// `keys` in the user's settings folder.
enum UserKeys {
  static var path: String { Installation.settingsFolder + "/keys" }

  /// Nil where there is none that can be read.
  static func file() -> KeyFile? {
    (try? String(contentsOfFile: path, encoding: .utf8)).map { KeyFile($0, name: "keys") }
  }
}
