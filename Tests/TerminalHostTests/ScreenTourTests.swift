import Canvas
import FineTuning
import Foundation
import Testing

@testable import Workbench
@testable import skipwise

/// The whole program on a pseudo-terminal: every key of the table, and thousands of keys, mouse reports and sizes at random.
@Suite(.serialized)
struct ScreenTourTests {
  /// The bytes that a terminal sends for a key.
  private func bytes(_ key: KeyPress) -> String {
    func arrow(_ letter: String) -> String {
      key.modifiers.contains(.shift) ? "\u{1B}[1;2\(letter)" : "\u{1B}[\(letter)"
    }
    return switch key.key {
    case .character(let character) where key.modifiers.contains(.control):
      String(UnicodeScalar(UInt8((character.asciiValue ?? 0x60) & 0x1F)))
    case .character(let character): String(character)
    case .enter: "\r"
    case .tab: key.modifiers.contains(.shift) ? "\u{1B}[Z" : "\t"
    case .escape: "\u{1B}"
    case .backspace: "\u{7F}"
    case .delete: "\u{1B}[3~"
    case .insert: "\u{1B}[2~"
    case .up: arrow("A")
    case .down: arrow("B")
    case .right: arrow("C")
    case .left: arrow("D")
    case .home: "\u{1B}[H"
    case .end: "\u{1B}[F"
    case .pageUp: "\u{1B}[5~"
    case .pageDown: "\u{1B}[6~"
    case .function: "\u{1B}OP"
    }
  }

  /// Reads until nothing has come for a while.
  private func rest(_ terminal: PseudoTerminal) {
    for _ in 0..<200 where terminal.read(for: .milliseconds(120)) == 0 { return }
  }

  /// Every key of the table, on every screen where it works, and something is still drawn after each.
  @Test func everyKeyOfTheTable() throws {
    let started = try StartedWorkbench(size: Size(100, 32))
    defer { started.remove() }
    let terminal = started.terminal
    try terminal.waitFor(text: "ready")
    terminal.type("2")
    try terminal.waitFor(text: "Space starts training")
    terminal.type(".")
    try terminal.waitFor(text: "paused")
    var pressed = 0
    for screen in Screen.allCases {
      for binding in KeyTable.standard.bindings where binding.works(on: screen) {
        // Quitting ends the tour, and what measures or opens runs takes its own time elsewhere.
        guard
          !["quit", "run", "run.new", "layout.million", "measure.run", "run.measure", "run.open"].contains(binding.id)
        else {
          continue
        }
        for key in binding.keys {
          terminal.type("\u{1B}\u{1B}")
          terminal.read(for: .milliseconds(60))
          terminal.type(String(screen.digit))
          terminal.type(bytes(key))
          terminal.read(for: .milliseconds(5))
          pressed += 1
        }
      }
    }
    #expect(pressed > 150)
    terminal.type("\u{1B}")
    terminal.read(for: .milliseconds(100))
    terminal.type("\u{1B}")
    terminal.read(for: .milliseconds(100))
    terminal.type("1")
    try terminal.waitFor(text: "▸1 Positions")
    terminal.type("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(terminal.modes == terminal.initialModes)
  }

  /// Small deterministic numbers: the tests of this target know no sampler.
  private struct Numbers {
    var state: UInt64
    mutating func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
  }

  /// 2,000 random keys, mouse reports and sizes; whenever it rests, the terminal shows just the frame that the program drew.
  @Test func anythingAtRandomAndTheTerminalShowsTheFrame() throws {
    let started = try StartedWorkbench(size: Size(100, 32))
    defer { started.remove() }
    let terminal = started.terminal
    try terminal.waitFor(text: "ready")
    var random = Numbers(state: 7)
    // Without what quits, suspends, trains or measures: those go on while one compares.
    let keys = KeyTable.standard.bindings.filter {
      ![
        "quit", "run", "step", "run.new", "measure.run", "measure.base", "screen.evaluate", "layout.million",
        "screen.save",
      ]
      .contains($0.id)
    }.flatMap(\.keys).map(bytes)
    var size = Size(100, 32)
    var (compared, saved) = (0, 0)
    for event in 1...2000 {
      switch random.next(20) {
      case 0:
        size = Size(1 + random.next(300), 1 + random.next(100))
        terminal.resize(to: size)
      case 1...4:
        // Not on the last row, where a click presses "quit".
        let (column, row) = (1 + random.next(size.columns), 1 + random.next(max(1, size.rows - 1)))
        let button = [0, 32, 64, 65, 2][random.next(5)]
        terminal.type("\u{1B}[<\(button);\(column);\(row)\(random.next(3) == 0 ? "m" : "M")")
      case 5: terminal.type(String(UnicodeScalar(UInt8(0x61 + random.next(16)))))
      default: terminal.type(keys[random.next(keys.count)])
      }
      if event % 20 == 0 { terminal.read(for: .milliseconds(3)) }
      guard event % 200 == 0 else { continue }
      size = [Size(80, 24), Size(120, 36), Size(60, 16), Size(300, 100), Size(41, 11)][compared % 5]
      terminal.resize(to: size)
      // Escape as terminals of the newer protocol write it: whatever is busy, no key that follows is taken for its letter.
      terminal.type(String(repeating: "\u{1B}[27u", count: 4) + "1")
      // A run that still goes back, or curves that still fill, may draw between the saved frame and the look at the terminal.
      var difference: [String] = []
      for _ in 0..<10 {
        terminal.type("W")
        saved += 1
        try terminal.waitFor("the frame written") { _ in started.savedFrame("positions", saved) != nil }
        rest(terminal)
        difference = lines(try #require(started.savedFrame("positions", saved)), unlike: terminal.screen.lines)
        if difference.isEmpty { break }
      }
      #expect(difference.isEmpty, "after \(event) events at \(size)")
      compared += 1
    }
    #expect(compared == 10)
    #expect(terminal.screen.unknown.isEmpty, "\(terminal.screen.unknown)")
    terminal.type("q")
    rest(terminal)
    terminal.type("y")
    #expect(try terminal.waitForEnd() == .exited(0))
    #expect(terminal.modes == terminal.initialModes)
  }

  /// The rows of a frame that a terminal shows otherwise, its last row left out: it tells where the frame was saved.
  private func lines(_ frame: [String], unlike shown: [String]) -> [String] {
    guard frame.count == shown.count else { return ["\(frame.count) rows drawn, \(shown.count) shown"] }
    func visible(_ line: String) -> String { line.trimmingCharacters(in: .whitespaces) }
    return zip(frame, shown).dropLast().filter { visible($0) != visible($1) }.map { "drawn \($0)\nshown \($1)" }
  }

  // MARK: - Lessons

  /// A lesson with a wrong answer, a hint, right answers and a goal, to its end; the progress is kept.
  @Test func aLessonIsPlayed() throws {
    let started = try StartedWorkbench(["--screen", "learn"])
    defer { started.remove() }
    let terminal = started.terminal
    try terminal.waitFor(text: "0 of 12 taken")
    terminal.type("jjjjj\r")
    try terminal.waitFor(text: "Move the second chunk")
    terminal.type("\r")
    try terminal.waitFor(text: "Which distances does one example train?")
    terminal.type("a\r")
    try terminal.waitFor(text: "That is the window before PoSE")
    terminal.type("!")
    try terminal.waitFor(text: "hint: What are the nearest")
    terminal.type("c\r")
    try terminal.waitFor(text: "right.")
    terminal.type("\r")
    try terminal.waitFor(text: "Who attends to whom")
    terminal.type("\r")
    try terminal.waitFor(text: "Touch the last distance")
    terminal.type(String(repeating: "\u{1B}[C", count: 12))
    try terminal.waitFor(text: "now 8,191")
    terminal.type("\r\r")
    try terminal.waitFor(text: "What decides a distance")
    terminal.type("b\r\r")
    try terminal.waitFor(text: "In your own words")
    terminal.type("Skip, and far becomes near.\r")
    try terminal.waitFor(text: "1 of 12 taken")
    terminal.type("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    let kept = try String(contentsOfFile: started.home.path + "/lessons.json", encoding: .utf8)
    #expect(kept.contains("Skip, and far becomes near.") && kept.contains("\"attempts\" : 2"))
    let progress = try JSONDecoder().decode(LessonProgress.self, from: Data(kept.utf8))
    #expect(progress.lessons.values.contains { $0.seconds > 0 })
  }

  /// Every lesson in a terminal: a wrong answer to each question, then the right one, to the end.
  ///
  /// The same keys are pressed in a state beside it, which knows what is asked.
  @Test(arguments: 1...12)
  func everyLessonIsPlayedWithWrongAndRightAnswers(number: Int) throws {
    let started = try StartedWorkbench(["--screen", "learn"])
    defer { started.remove() }
    let terminal = started.terminal
    try terminal.waitFor(text: "ready")
    terminal.type(String(repeating: "j", count: number - 1) + "\r")
    try terminal.waitFor(text: " \(number)/12 ")
    let lesson = try LessonLibrary.lesson(named: "\(number)")
    var state = WorkbenchState(settings: RunSettings(), themeNames: [], themeName: "")
    state.open(lesson, isPresenting: false)
    func press(_ keys: String) {
      for character in keys {
        _ = reduce(&state, .key(character == "\r" ? KeyPress(.enter) : .character(character)))
      }
      terminal.type(keys)
    }
    for step in lesson.steps.dropLast() {
      let stage = try #require(state.learn.play?.stage)
      try terminal.waitFor(text: String(step.title.prefix(30)))
      if step.kind == .live {
        rest(terminal)
        press("P")
      }
      if let question = step.question {
        press(wrongAnswer(to: question, stage) + "\r")
        try terminal.waitFor(text: "✗")
        let right = question.rightAnswer(stage)
        press(right.isEmpty ? "." : right + "\r")
        if !right.isEmpty { try terminal.waitFor(text: "✓ right.") }
      }
      rest(terminal)
      press("\r")
    }
    try terminal.waitFor(text: "In your own words")
    terminal.type("\r")
    try terminal.waitFor(text: "1 of 12 taken")
    terminal.type("q")
    #expect(try terminal.waitForEnd() == .exited(0))
    let kept = try Data(contentsOf: URL(fileURLWithPath: started.home.path + "/lessons.json"))
    let answers = try #require(try JSONDecoder().decode(LessonProgress.self, from: kept).lessons[lesson.id]?.answers)
    let questions = lesson.steps.compactMap(\.question)
    #expect(answers.count == questions.count)
    for question in questions {
      let answer = try #require(answers[question.id])
      let isGoal = if case .goal = question.kind { true } else { false }
      #expect(answer.attempts == (isGoal ? 1 : 2), "\(question.id)")
      #expect(answer.isRight != isGoal && answer.isSkipped == isGoal, "\(question.id)")
    }
  }

  /// What is judged wrong, as it would be typed; nothing for a goal, whose knobs stay as they are.
  private func wrongAnswer(to question: LessonQuestion, _ stage: LessonStage) -> String {
    let tries: [String] =
      switch question.kind {
      case .choice(let options): options.map { String($0.letter) }
      case .order(_, let right): [String(right.reversed())]
      case .number: ["0", "987654321"]
      case .goal: [""]
      }
    return tries.first { question.verdict($0, stage)?.isRight == false } ?? ""
  }

  /// The audience's window and the lecturer's: notes and the next step on one, hands on the other.
  @Test func aLecturersTwoWindows() throws {
    let home = NSTemporaryDirectory() + "lecture-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: home) }
    let environment = ["SKIPWISE_HOME": home, "HOME": home, "XDG_RUNTIME_DIR": home]
    let audience = try PseudoTerminal("skipwise", arguments: ["lesson", "present", "6"], environment: environment)
    try audience.waitFor(text: "Move the second chunk")
    let hasChrome = audience.screen.contains("Skipwise")
    #expect(!hasChrome)
    let lecturer = try PseudoTerminal("skipwise", arguments: ["lesson", "notes"], environment: environment)
    try lecturer.waitFor(text: "whole idea in one picture")
    audience.type("\r")
    try lecturer.waitFor(text: "Ask for hands before Enter")
    try lecturer.waitFor(text: "next: Who attends to whom")
    lecturer.type("aac")
    try audience.waitFor(text: "a || 2 · b 0 · c | 1")
    lecturer.type("A")
    try audience.waitFor(text: "a | 1 · b 0 · c | 1")
    audience.type("q")
    #expect(try audience.waitForEnd() == .exited(0))
    #expect(try lecturer.waitForEnd() == .exited(0))
  }

  @Test func notesWithoutAnAudienceSayWhatToDo() throws {
    let home = NSTemporaryDirectory() + "nobody-\(UUID().uuidString.prefix(8))"
    let lecturer = try PseudoTerminal(
      "skipwise", arguments: ["lesson", "notes"], environment: ["SKIPWISE_HOME": home, "XDG_RUNTIME_DIR": home])
    #expect(try lecturer.waitForEnd() == .exited(74))
    let said = lecturer.screen.lines.joined(separator: " ")
    #expect(said.contains("start skipwise lesson present NAME"))
    #expect(said.contains("in another window first"))
  }
}
