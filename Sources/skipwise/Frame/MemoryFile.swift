import FineTuning
import Foundation
import Transformer
import Workbench

/// `workbench.json` in the user's settings folder.
enum MemoryFile {
  private static var path: String { Installation.settingsFolder + "/workbench.json" }

  /// Nil where nothing was remembered, or nothing that can be read: one starts afresh.
  static func read() -> WorkbenchMemory? {
    guard let data = try? ModelFile.contents(of: path, limit: 1 << 16) else { return nil }
    return try? JSONDecoder().decode(WorkbenchMemory.self, from: data)
  }

  /// A folder that cannot be written costs the memory, not the way out.
  static func write(_ memory: WorkbenchMemory) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    guard let data = try? encoder.encode(memory) else { return }
    try? FileManager.default.createDirectory(atPath: Installation.settingsFolder, withIntermediateDirectories: true)
    try? DurableFile.write(data + Data("\n".utf8), to: path)
  }
}
