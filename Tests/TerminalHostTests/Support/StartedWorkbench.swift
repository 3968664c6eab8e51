import Canvas
import Foundation
import Testing

/// A started workbench that keeps its runs in a folder of its own.
struct StartedWorkbench {
  let terminal: PseudoTerminal
  let home: URL

  init(_ arguments: [String] = [], size: Size = Size(80, 24)) throws {
    home = FileManager.default.temporaryDirectory.appendingPathComponent("workbench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    terminal = try PseudoTerminal(
      "skipwise", arguments: arguments, environment: ["SKIPWISE_HOME": home.path, "HOME": home.path], size: size)
  }

  func remove() { try? FileManager.default.removeItem(at: home) }

  /// The losses of the only run that was written; lines of evaluations stand between them.
  func losses() throws -> [Double] {
    let run = try #require(try runs().first)
    let text = try String(contentsOf: run.appendingPathComponent("metrics.jsonl"), encoding: .utf8)
    return try text.split(separator: "\n").compactMap { line in
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect((object["loss"] == nil) == (object["eval"] != nil))
      return object["loss"] as? Double
    }
  }

  func runs() throws -> [URL] {
    let folder = home.appendingPathComponent("runs")
    return (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
  }

  func expectRestored() {
    #expect(terminal.modes == terminal.initialModes)
    #expect(!terminal.screen.isAlternate)
    #expect(terminal.screen.isCursorVisible)
  }

  /// The step that the Run pane shows.
  static func step(_ screen: VirtualScreen) -> Int {
    guard let line = screen.lines.first(where: { $0.contains(" of 200") }),
      let match = line.firstMatch(of: /step\s+(\d+) of 200/)
    else { return 0 }
    return Int(match.1) ?? 0
  }

  /// What the program wrote of its own frame the last time that W was pressed.
  func savedFrame(_ screen: String, _ number: Int) -> [String]? {
    let path = "\(home.path)/screens/\(screen)-\(number)"
    // The last of the three files tells that the first is whole.
    guard FileManager.default.fileExists(atPath: path + ".svg"),
      let text = try? String(contentsOfFile: path + ".txt", encoding: .utf8)
    else { return nil }
    // The text ends its last line, too.
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
}
