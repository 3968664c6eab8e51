import FineTuning
import Foundation
import Transformer
import Workbench

/// `keys` in the user's settings folder.
enum UserKeys {
  static var path: String { Installation.settingsFolder + "/keys" }

  /// Nil where there is none.
  ///
  /// - Throws: `ModelFileError` for what is no file, or too long for one of keys.
  static func file() throws -> KeyFile? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let data = try ModelFile.contents(of: path, limit: 1 << 20)
    return KeyFile(String(decoding: data, as: UTF8.self), name: "keys")
  }
}
