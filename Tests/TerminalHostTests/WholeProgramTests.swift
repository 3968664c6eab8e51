import Canvas
import Foundation
import Testing

@testable import TerminalHostProbe

/// The probe on a pseudo-terminal: everything between the bytes of a terminal and the calls of an application.
@Suite(.serialized)
struct WholeProgramTests {
  private func probe(
    _ arguments: [String] = [], environment: [String: String] = [:], size: Size = Size(80, 24)
  ) throws -> PseudoTerminal {
    try PseudoTerminal("TerminalHostProbe", arguments: arguments, environment: environment, size: size)
  }

  private func started(
    _ arguments: [String] = [], environment: [String: String] = [:], size: Size = Size(80, 24)
  ) throws -> PseudoTerminal {
    let terminal = try probe(arguments, environment: environment, size: size)
    try terminal.waitFor(text: "resize \(size.columns)x\(size.rows)")
    return terminal
  }

  /// The terminal is as the shell left it.
  private func expectRestored(_ terminal: PseudoTerminal) {
    #expect(terminal.modes == terminal.initialModes)
    #expect(terminal.screen.modes == [7, 25])
    #expect(terminal.screen.style == .plain)
    #expect(terminal.screen.unknown.isEmpty)
  }

  // MARK: The screen

  @Test func comesUpAndGoesAway() throws {
    let terminal = try started()
    #expect(terminal.modes.isRaw)
    #expect(terminal.screen.isAlternate)
    #expect(!terminal.screen.isCursorVisible)
    #expect(terminal.screen.modes.isSuperset(of: [1000, 1002, 1003, 1004, 1006, 2004]))
    #expect(terminal.screen.line(0).hasPrefix("size 80x24"))
    #expect(terminal.screen.line(0).hasSuffix("─漢─"))
    #expect(terminal.screen.canvas[0, 0] == Cell(Glyph("s"), Style(.indexed(196), on: .indexed(17), .bold)))
    terminal.type("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    expectRestored(terminal)
    #expect(terminal.screen.contains("probe ended with 0"))
  }

  @Test func titleCannotCarrySequences() throws {
    let terminal = try started()
    #expect(terminal.screen.title == "probe 80x24]2;evil")
  }

  @Test(arguments: [Size(80, 24), Size(1, 1), Size(2, 3), Size(300, 100)])
  func drawsWhatTheCanvasHolds(size: Size) throws {
    let terminal = try probe(size: size)
    for step in 1...6 {
      terminal.type("p")
      let expected = ProbePattern.frame(size: size, step: step).asSeen
      try terminal.waitFor("pattern \(step)") { $0.canvas.asSeen == expected }
    }
    #expect(terminal.screen.unknown.isEmpty)
  }

  @Test func repaintsOnControlL() throws {
    let terminal = try started()
    let before = terminal.output.count
    terminal.type("\u{0C}")
    try terminal.waitFor(text: "key character(\"l\") 4")
    // The whole of it came again, not only the new line.
    #expect(String(decoding: terminal.output[before...], as: UTF8.self).contains("size 80x24"))
  }

  @Test func framesAreSynchronized() throws {
    let terminal = try started()
    try terminal.waitFor("the frame's end") { !$0.modes.contains(2026) }
    let text = String(decoding: terminal.output, as: UTF8.self)
    let begin = try #require(text.range(of: "\u{1B}[?2026h"))
    let end = try #require(text.range(of: "\u{1B}[?2026l", range: begin.upperBound..<text.endIndex))
    #expect(text[begin.upperBound..<end.lowerBound].contains("events"))
    #expect(!terminal.screen.modes.contains(2026))
  }

  @Test func resizes() throws {
    let terminal = try started()
    for size in [Size(300, 100), Size(1, 1), Size(40, 10), Size(120, 36)] {
      terminal.resize(to: size)
      let heading = String("size \(size.columns)x\(size.rows) ticks".prefix(size.columns))
      try terminal.waitFor(heading) { $0.line(0).hasPrefix(heading) }
    }
    terminal.type("p")
    let expected = ProbePattern.frame(size: Size(120, 36), step: 1).asSeen
    try terminal.waitFor("the pattern") { $0.canvas.asSeen == expected }
  }

  @Test func environmentSizeDoesNotWin() throws {
    let terminal = try started(environment: ["LINES": "10", "COLUMNS": "20"])
    #expect(terminal.screen.line(0).hasPrefix("size 80x24"))
  }

  // MARK: Input

  @Test(arguments: [
    ("j", "key character(\"j\") 0"), ("\u{1B}[1;5C", "key right 4"), ("\u{1B}OP", "key function(1) 0"),
    ("\u{1B}", "key escape 0"), ("\u{1B}x", "key character(\"x\") 2"), ("é", "key character(\"é\") 0"),
    ("\r", "key enter 0"), ("\u{1B}[<0;5;7M", "mouse press left 4,6 0"),
    ("\u{1B}[200~two\rlines\u{1B}[201~", "paste two|lines"), ("\u{1B}[I", "focus true"),
  ])
  func showsInput(typed: String, expected: String) throws {
    let terminal = try started()
    terminal.type(typed)
    try terminal.waitFor(text: expected)
  }

  @Test func newsFromAnotherThreadAndTheClockWakeIt() throws {
    let terminal = try started()
    terminal.type("w")
    try terminal.waitFor(text: "news 1")
    terminal.type("k")
    try terminal.waitFor(text: "ticks 3")
    terminal.type("w")
    try terminal.waitFor(text: "news 2")
  }

  @Test func aFloodOfNewsIsDrawnAtMostTwentyTimesASecond() throws {
    let terminal = try started()
    let start = ContinuousClock.now
    let before = terminal.frameCount
    terminal.type("f")
    try terminal.waitFor(text: "news 500")
    let frames = terminal.frameCount - before
    // One more for the key, one for the news left at the end.
    #expect(frames <= 2 + Int((ContinuousClock.now - start) / .milliseconds(50)))
    #expect(frames > 2)
  }

  @Test func writesNothingWhileIdle() throws {
    let terminal = try started()
    terminal.type("k")
    try terminal.waitFor(text: "ticks 2")
    terminal.type("k")
    try terminal.waitFor(text: "events 3")
    terminal.read(for: .milliseconds(300))
    #expect(terminal.read(for: .milliseconds(700)) == 0)
  }

  // MARK: Signals and crashes

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func signalsEndItInOrder(signal: Int32) throws {
    let terminal = try started()
    terminal.send(signal: signal)
    #expect(try terminal.waitForEnd() == .exited(128 + signal))
    expectRestored(terminal)
  }

  @Test func controlCIsAnInterrupt() throws {
    let terminal = try started()
    terminal.type("\u{03}")
    #expect(try terminal.waitForEnd() == .exited(128 + SIGINT))
    expectRestored(terminal)
  }

  /// In a folder where everybody may write somebody may have laid a link in the log's place.
  @Test func theLogFollowsNoLink() throws {
    let stem = FileManager.default.temporaryDirectory.appending(path: "skipwise-\(UUID().uuidString)").path
    let (log, other) = (stem + ".log", stem + ".other")
    try "mine".write(toFile: other, atomically: true, encoding: .utf8)
    try FileManager.default.createSymbolicLink(atPath: log, withDestinationPath: other)
    defer { for path in [log, other] { try? FileManager.default.removeItem(atPath: path) } }
    let terminal = try started([log])
    terminal.type("e")
    try terminal.waitFor(text: "key character(\"e\")")
    #expect(try String(contentsOfFile: other, encoding: .utf8) == "mine")
  }

  @Test(arguments: [
    ("a", [SIGABRT]), ("b", [SIGABRT]), ("s", [SIGSEGV]), ("o", [SIGSEGV]), ("t", [SIGILL, SIGTRAP]),
  ])
  func crashesRestoreTheTerminal(key: String, signals: [Int32]) throws {
    let log = FileManager.default.temporaryDirectory.appending(path: "skipwise-\(UUID().uuidString).log").path
    defer { try? FileManager.default.removeItem(atPath: log) }
    let terminal = try started([log])
    terminal.type("e")
    try terminal.waitFor(text: "key character(\"e\")")
    terminal.type(key)
    let ending = try terminal.waitForEnd()
    #expect(signals.map { .killed(by: $0) }.contains(ending))
    expectRestored(terminal)
    #expect(terminal.screen.lines.joined().contains("its messages are in"))
    #expect(try String(contentsOfFile: log, encoding: .utf8).hasPrefix("a message\n"))
  }

  /// A thread that crashes while another one draws: no frame may follow what restored the terminal, however long the runtime's
  /// report of the crash takes.
  @Test func aCrashWhileItDrawsRestoresTheTerminal() throws {
    let terminal = try probe(environment: ["SWIFT_BACKTRACE": "enable=no,interactive=no", "PROBE_REPORTS_SLOWLY": "1"])
    try terminal.waitFor(text: "resize 80x24")
    terminal.type("k")
    try terminal.waitFor(text: "ticks 3")
    terminal.type("b")
    #expect(try terminal.waitForEnd() == .killed(by: SIGABRT))
    expectRestored(terminal)
    let afterwards =
      String(decoding: terminal.output, as: UTF8.self).components(separatedBy: "\u{1B}[?1049l").last ?? ""
    #expect(!afterwards.contains("\u{1B}[?2026h"))
  }

  @Test(arguments: [SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGTRAP, SIGILL, SIGQUIT])
  func deadlySignalsRestoreTheTerminal(signal: Int32) throws {
    let terminal = try started()
    terminal.send(signal: signal)
    #expect(try terminal.waitForEnd() == .killed(by: signal))
    expectRestored(terminal)
  }

  @Test func exitRestoresTheTerminal() throws {
    let terminal = try started()
    terminal.type("x")
    #expect(try terminal.waitForEnd() == .exited(3))
    expectRestored(terminal)
  }

  @Test func standardErrorGoesToTheLogAndIsNamed() throws {
    let log = FileManager.default.temporaryDirectory.appending(path: "skipwise-\(UUID().uuidString).log").path
    defer { try? FileManager.default.removeItem(atPath: log) }
    let terminal = try started([log])
    terminal.type("eq")
    try terminal.waitForEnd()
    #expect(terminal.screen.lines.joined().contains("messages of this session are in \(log)"))
    #expect(try String(contentsOfFile: log, encoding: .utf8) == "a message\n")
  }

  @Test func anEmptyLogLeavesNoTrace() throws {
    let log = FileManager.default.temporaryDirectory.appending(path: "skipwise-\(UUID().uuidString).log").path
    let terminal = try started([log])
    terminal.type("q")
    try terminal.waitForEnd()
    #expect(!terminal.screen.lines.joined().contains("messages"))
    #expect(!FileManager.default.fileExists(atPath: log))
  }

  @Test(arguments: ["\u{1A}", nil])
  func suspendsToTheShellAndComesBack(key: String?) throws {
    let terminal = try PseudoTerminal("/bin/sh", arguments: ["-i"], environment: ["PS1": "prompt> ", "ENV": ""])
    try terminal.waitFor(text: "prompt>")
    terminal.type("\(PseudoTerminal.productPath("TerminalHostProbe"))\r")
    try terminal.waitFor(text: "resize 80x24")
    if let key {
      terminal.type(key)
    } else {
      terminal.sendToForeground(signal: SIGTSTP)
    }
    try terminal.waitFor("the shell's prompt") { !$0.isAlternate && $0.contains("Stopped") }
    #expect(terminal.screen.modes == [7, 25])
    #expect(!terminal.modes.isRaw)
    terminal.resize(to: Size(100, 30))
    terminal.type("fg\r")
    try terminal.waitFor("the probe again") { $0.isAlternate && $0.line(0).hasPrefix("size 100x30") }
    #expect(terminal.modes.isRaw)
    terminal.type("j")
    try terminal.waitFor(text: "key character(\"j\") 0")
    terminal.type("q")
    try terminal.waitFor("its end") { !$0.isAlternate && $0.contains("probe ended with 0") }
  }

  @Test func aSuspendThatNobodyCouldEndReturnsAtOnce() throws {
    let terminal = try started()
    terminal.type("\u{1A}j")
    try terminal.waitFor(text: "key character(\"j\") 0")
    #expect(terminal.screen.isAlternate)
    #expect(terminal.modes.isRaw)
  }

  @Test func aStopWithoutWarningIsRepairedOnContinuation() throws {
    let terminal = try started()
    terminal.send(signal: SIGSTOP)
    terminal.resize(to: Size(90, 20))
    terminal.send(signal: SIGCONT)
    try terminal.waitFor("the probe again") { $0.isAlternate && $0.line(0).hasPrefix("size 90x20") }
    #expect(terminal.modes.isRaw)
  }

  @Test func aTerminalThatHangsUpEndsIt() throws {
    let terminal = try started()
    terminal.hangUp()
    #expect(try terminal.waitForEnd() == .exited(128 + SIGHUP))
  }

  // MARK: Terminals

  @Test(arguments: [
    ("no-such-terminal", "terminal type 'no-such-terminal' is unknown here"),
    ("dumb", "a terminal of type 'dumb' cannot place its cursor"),
    ("", "TERM is not set"),
  ])
  func refusesInOneLine(type: String, message: String) throws {
    let terminal = try probe(environment: ["TERM": type], size: Size(200, 5))
    #expect(try terminal.waitForEnd() == .exited(69))
    #expect(terminal.screen.line(0).hasPrefix("probe: \(message)"))
    #expect(terminal.screen.line(1) == "")
    expectRestored(terminal)
  }

  @Test func withoutUnicodeItDrawsASCII() throws {
    let terminal = try started(environment: ["LANG": "C", "LC_ALL": "C"])
    #expect(terminal.screen.line(0).hasSuffix("-? -"))
    #expect(terminal.output.allSatisfy { $0 < 0x80 })
  }

  @Test func anUninstalledUTF8LocaleStillDrawsUnicode() throws {
    let terminal = try started(environment: ["LANG": "xx_XX.UTF-8"])
    #expect(terminal.screen.line(0).hasSuffix("─漢─"))
  }

  @Test func noColorIsObeyed() throws {
    let terminal = try started(environment: ["NO_COLOR": "1"])
    #expect(terminal.screen.canvas[0, 0] == Cell(Glyph("s"), Style(.standard, on: .standard, .bold)))
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/tic"), "needs ncurses-bin"))
  func directColorIsSentWhereTerminfoHasIt() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "terminfo-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = """
      xterm-direct|xterm with packed colours,
        RGB, colors#0x1000000, pairs#0x7FFF,
        setaf=\\E[%?%p1%{8}%<%t3%p1%d%e38:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m,
        setab=\\E[%?%p1%{8}%<%t4%p1%d%e48:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m,
        initc@, oc@, ccc@, use=xterm-256color,

      """
    let file = folder.appending(path: "direct.ti")
    try source.write(to: file, atomically: true, encoding: .utf8)
    let compiler = try Process.run(URL(filePath: "/usr/bin/tic"), arguments: ["-x", "-o", folder.path, file.path])
    compiler.waitUntilExit()
    let terminal = try started(environment: ["COLORTERM": "truecolor", "TERMINFO_DIRS": "\(folder.path):"])
    let style = terminal.screen.canvas[0, 0].style
    // 196 and 17 of the 256-colour palette.
    #expect(style == Style(.rgb(255, 0, 0), on: .rgb(0, 0, 95), .bold))
  }

  @Test(arguments: ["xterm", "vt100", "linux", "tmux-256color", "screen-256color", "rxvt-unicode-256color"])
  func drawsOnOtherTerminals(type: String) throws {
    let terminal = try started(environment: ["TERM": type])
    terminal.type("j")
    try terminal.waitFor(text: "key character(\"j\") 0")
    terminal.type("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(terminal.modes == terminal.initialModes)
  }
}

extension Canvas {
  /// The same picture with what cannot be seen taken out: a blank shows its background, underline and reverse only.
  fileprivate var asSeen: Canvas {
    var seen = self
    for row in 0..<size.rows {
      for column in 0..<size.columns {
        var cell = seen[column, row]
        if cell.style.foreground == .rgb(95, 135, 175) { cell.style.foreground = .indexed(67) }
        if cell.style.background == .rgb(95, 135, 175) { cell.style.background = .indexed(67) }
        if cell.glyph == Glyph(" ") {
          cell.style.attributes.formIntersection([.underline, .reverse])
          if cell.style.attributes.isEmpty { cell.style.foreground = .standard }
        }
        seen[column, row] = cell
      }
    }
    return seen
  }
}
