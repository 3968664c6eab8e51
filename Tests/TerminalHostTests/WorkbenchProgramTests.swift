import Canvas
import Foundation
import Testing

/// The program itself on a pseudo-terminal, from its start to its end.
@Suite(.serialized)
struct WorkbenchProgramTests {
  @Test func trainsWatchesTheLossFallAndQuits() throws {
    let started = try StartedWorkbench(size: Size(120, 36))
    defer { started.remove() }
    let terminal = started.terminal
    try terminal.waitFor(text: "ready")
    #expect(terminal.screen.contains("u₁"))
    terminal.type("2")
    try terminal.waitFor(text: "Space starts training")
    terminal.type(" ")
    try terminal.waitFor("twelve steps") { StartedWorkbench.step($0) >= 12 }
    terminal.type(" ")
    // The whole frame, so that its step belongs to it.
    try terminal.waitFor("paused") { $0.contains("paused") && !$0.modes.contains(2026) }
    let paused = StartedWorkbench.step(terminal.screen)
    terminal.type(".")
    try terminal.waitFor("one step more") { StartedWorkbench.step($0) == paused + 1 }
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
    let started = try StartedWorkbench(["--screen", "train"])
    defer { started.remove() }
    try started.terminal.waitFor(text: "Space starts training")
    started.terminal.type(" ")
    try started.terminal.waitFor("two steps") { StartedWorkbench.step($0) >= 2 }
    started.terminal.send(signal: signal)
    #expect(try started.terminal.waitForEnd() == .exited(128 + signal))
    started.expectRestored()
    let run = try #require(try started.runs().first)
    #expect(FileManager.default.fileExists(atPath: run.appendingPathComponent("checkpoint/model.safetensors").path))
  }

  /// The terminal itself goes away: nothing can be drawn any more, and what was trained is kept.
  @Test func aTerminalThatHangsUpWhileTrainingKeepsACheckpoint() throws {
    let started = try StartedWorkbench(["--screen", "train"])
    defer { started.remove() }
    try started.terminal.waitFor(text: "Space starts training")
    started.terminal.type(" ")
    try started.terminal.waitFor("two steps") { StartedWorkbench.step($0) >= 2 }
    started.terminal.hangUp()
    #expect(try started.terminal.waitForEnd() == .exited(128 + SIGHUP))
    let run = try #require(try started.runs().first)
    let summary = try ProgramRun(["runs", "show", run.path])
    #expect(summary.status == 0 && summary.output.contains("model in \(run.path)/checkpoint"))
  }

  @Test func quittingWhileTrainingAsksFirst() throws {
    let started = try StartedWorkbench(["--screen", "train"])
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
  /// What still computes on other threads must not outlive the memory that it reads.
  @Test func quittingWhileItMeasuresEndsInOrder() throws {
    for _ in 0..<5 {
      let started = try StartedWorkbench()
      defer { started.remove() }
      try started.terminal.waitFor(text: "ready")
      started.terminal.type("4")
      try started.terminal.waitFor(text: "measuring")
      started.terminal.type("q")
      #expect(try started.terminal.waitForEnd() == .exited(0))
      started.expectRestored()
    }
  }

  @Test func theMouseMovesASkipAndKeysExplainIt() throws {
    let started = try StartedWorkbench(size: Size(120, 36))
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
    let started = try StartedWorkbench(["--screen", "train"])
    defer { started.remove() }
    try started.terminal.waitFor(text: "Space starts training")
    started.terminal.type(":text /nowhere/at/all\r")
    try started.terminal.waitFor(text: "there is no text at /nowhere/at/all")
    started.terminal.type(" ")
    try started.terminal.waitFor("a step") { StartedWorkbench.step($0) >= 1 }
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
    let started = try StartedWorkbench(arguments)
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
