import Canvas
import Foundation
import Testing

/// The program itself on a pseudo-terminal, from its start to its end.
@Suite(.serialized)
struct WorkbenchProgramTests {
  /// A started workbench that keeps its runs in a folder of its own.
  private struct Started {
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
  }

  @Test func trainsWatchesTheLossFallAndQuits() throws {
    let started = try Started(size: Size(120, 36))
    defer { started.remove() }
    let terminal = started.terminal
    try terminal.waitFor(text: "ready")
    #expect(terminal.screen.contains("u₁"))
    terminal.type("2")
    try terminal.waitFor(text: "Space starts training")
    terminal.type(" ")
    try terminal.waitFor("twelve steps") { Started.step($0) >= 12 }
    terminal.type(" ")
    try terminal.waitFor(text: "paused")
    let paused = Started.step(terminal.screen)
    terminal.type(".")
    try terminal.waitFor("one step more") { Started.step($0) == paused + 1 }
    terminal.type("3")
    try terminal.waitFor(text: "Attention by distance")
    try terminal.waitFor(text: "across a skip")
    terminal.type("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    started.expectRestored()

    let losses = try started.losses()
    #expect(losses.count == paused + 1)
    let (first, last) = (losses.prefix(3).reduce(0, +), losses.suffix(3).reduce(0, +))
    #expect(last < first)
    let checkpoint = try #require(try started.runs().first).appendingPathComponent("checkpoint")
    for name in ["config.json", "model.safetensors", "trainer.safetensors", "trainer.json"] {
      #expect(FileManager.default.fileExists(atPath: checkpoint.appendingPathComponent(name).path))
    }
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
  func signalsWhileTrainingKeepACheckpoint(signal: Int32) throws {
    let started = try Started(["--screen", "train"])
    defer { started.remove() }
    try started.terminal.waitFor(text: "Space starts training")
    started.terminal.type(" ")
    try started.terminal.waitFor("two steps") { Started.step($0) >= 2 }
    started.terminal.send(signal: signal)
    #expect(try started.terminal.waitForEnd() == .exited(128 + signal))
    started.expectRestored()
    let run = try #require(try started.runs().first)
    #expect(FileManager.default.fileExists(atPath: run.appendingPathComponent("checkpoint/model.safetensors").path))
  }

  @Test func quittingWhileTrainingAsksFirst() throws {
    let started = try Started(["--screen", "train"])
    defer { started.remove() }
    try started.terminal.waitFor(text: "Space starts training")
    started.terminal.type(" ")
    try started.terminal.waitFor(text: "▶ training")
    started.terminal.type("q")
    try started.terminal.waitFor(text: "Quit?")
    started.terminal.type("y")
    #expect(try started.terminal.waitForEnd() == .exited(0))
    started.expectRestored()
  }

  /// Reports of a mouse that takes hold of the second chunk and lets go elsewhere; then the question why.
  @Test func theMouseMovesASkipAndKeysExplainIt() throws {
    let started = try Started(size: Size(120, 36))
    defer { started.remove() }
    let terminal = started.terminal
    try terminal.waitFor(text: "ready")
    let lines = terminal.screen.lines
    let row = try #require(lines.firstIndex { $0.contains("target") })
    let chunk = lines[row].distance(from: lines[row].startIndex, to: try #require(lines[row].firstIndex(of: "B")))
    let (from, to) = ("\(chunk + 1);\(row + 1)", "\(chunk - 10);\(row + 1)")
    terminal.type("\u{1B}[<0;\(from)M\u{1B}[<32;\(to)M\u{1B}[<0;\(to)m")
    try terminal.waitFor(text: "edited by hand")
    terminal.type("u")
    try terminal.waitFor(text: "example 1")
    terminal.type("e")
    try terminal.waitFor(text: "position of token j of chunk i")
    terminal.type("\t")
    try terminal.waitFor(text: "P(d) = A + B")
    terminal.type("\u{1B}")
    try terminal.waitFor("closed") { !$0.contains("P(d) = A + B") }
    terminal.type("c")
    try terminal.waitFor(text: "20,000 drawn")
    terminal.type("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    started.expectRestored()
  }

  /// A text that cannot be used is a message; what was shown goes on.
  @Test func aBadTextLeavesTheRunAlone() throws {
    let started = try Started(["--screen", "train"])
    defer { started.remove() }
    try started.terminal.waitFor(text: "Space starts training")
    started.terminal.type(":text /nowhere/at/all\r")
    try started.terminal.waitFor(text: "there is no text at /nowhere/at/all")
    started.terminal.type(" ")
    try started.terminal.waitFor("a step") { Started.step($0) >= 1 }
    started.terminal.type(" ")
    try started.terminal.waitFor(text: "paused")
    started.terminal.type("q")
    #expect(try started.terminal.waitForEnd() == .exited(0))
  }

  @Test(arguments: [
    (["--text", "/nowhere"], 65, "there is no text at /nowhere"),
    (["--model", "/nowhere"], 65, "/nowhere/config.json"),
    (["--screen", "kitchen"], 64, "it must be one of positions, train, attention"),
    (["--theme", "plaid"], 64, "there is no theme 'plaid'"),
  ])
  func badArgumentsAreOneLine(arguments: [String], status: Int32, sentence: String) throws {
    let started = try Started(arguments)
    defer { started.remove() }
    #expect(try started.terminal.waitForEnd() == .exited(status))
    #expect(started.terminal.screen.text.replacingOccurrences(of: "\n", with: "").contains(sentence))
    #expect(try started.runs().isEmpty)
  }

  @Test func withoutATerminalItSaysSoAndNamesTheVerbs() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: PseudoTerminal.productPath("skipwise"))
    let errors = Pipe()
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 64)
    #expect(text.contains("skipwise train"))
    #expect(text.split(separator: "\n").count == 1)
  }
}
