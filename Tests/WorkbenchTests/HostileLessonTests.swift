import Canvas
import FineTuning
import Foundation
import HostileInput
import Positions
import Testing

@testable import Workbench

/// Bent lessons, key files and memories: used, or refused by line, and whatever is used can be drawn.
@Suite struct HostileLessonTests {
  private static let look = Look(theme: .fallback)

  private static let moreStages = """
    ---
    lesson: 02-more
    title: More
    minutes: 3
    ---
    ## play: Knobs
    Turn {pair.angle} and {cov.8}.
    ```do
    set Lc 64
    set Lt 512
    set sampler pose
    set N 3
    draw 20
    set scaling yarn
    set factor 8
    set m 300
    set n 7
    set pair 3
    mark 5..9 "near"
    show coverage
    knobs N factor d m slide pair
    ```
    ## check: Other pictures
    ```do
    show clocks
    set slide 5
    set d 40
    set guess 0.5
    set document 600
    set context 4096
    set content random
    ```
    ```ask order places
    a: one
    b: two
    order: b a
    ```
    """

  private func drawn(_ state: WorkbenchState, _ bent: Campaign.Case) {
    let canvas = view(state, Self.look)
    #expect(canvas.size == state.size)
    // What the lesson says cannot speak to the terminal.
    #expect(!canvas.lines.joined().controlsTerminal, "\(bent)")
  }

  @Test func bentLessonsAreRefusedByLineOrPlayed() {
    let words = [
      "show phases", "show scalings", "show cost", "show content", "show neighbours", "show reach", "show lanes",
      "show pairs", "set chunks 1 1", "set skip 0 1", "set content 0 -5", "knobs split skip", "uncover dist",
      "set cell 3 1", "set scaling longrope", "set sampler randpos", "set sampler full", "train steps 1", "play x",
      "{cov.5}", "{dist.count}", "{skip.1}", "> time: 30s", "> plain: x", "answer: dist.count ±1%",
    ]
    var read = 0
    let slowest = Campaign("lesson", [LessonTests.text, Self.moreStages], words: words, count: 1500).run { bent in
      do {
        let lesson = try Lesson(parsing: bent.text, file: "x")
        read += 1
        var state = Fixture.state(screen: .learn)
        state.open(lesson, isPresenting: false)
        drawn(state, bent)
        for _ in 0..<min(lesson.steps.count, 4) {
          _ = reduce(&state, .key(KeyPress(.right)))
          _ = reduce(&state, .key(KeyPress(.tab)))
          _ = reduce(&state, .key(KeyPress(.left)))
          _ = reduce(&state, .key(KeyPress(.pageDown)))
          drawn(state, bent)
        }
      } catch {
        #expect(error is LessonProblem, "\(error) for \(bent)")
      }
    }
    #expect(read > 100)
    #expect(slowest.seconds < 10, "case \(slowest.number)")
  }

  @Test func bentKeyFilesAreUsedOrRefusedByLine() {
    let models = ["# mine\ntheme = F2 Ctrl-T\nlayout.next = Alt-n\nhelp = # \n", "quit = Shift-F20 é\ntheme = Space"]
    let words = ["Ctrl-", "Alt-", "Shift-", "F99", "PgDn", "↑", " = "]
    let slowest = Campaign("keys", models, words: words, count: 2000).run { bent in
      let file = KeyFile(bent.text, name: "keys")
      #expect(file.changes.count + file.problems.count <= bent.text.split(separator: "\n").count)
      guard bent.number % 50 == 0 else { return }
      var state = Fixture.state()
      state.keys = KeyTable(changes: file.changes)
      if let problem = file.problems.first { state.notice = .problem(problem) }
      drawn(state, bent)
    }
    #expect(slowest.seconds < 10, "case \(slowest.number)")
  }

  /// One more attempt must not be one too many.
  @Test func progressThatCannotBeIsRefused() {
    let json =
      #"{"lessons":{"x":{"step":0,"isFinished":false,"sentence":"","answers":{"which":"#
      + #"{"attempts":9,"isRight":true,"hints":0,"isSkipped":false}}}}}"#
    func progress(_ attempts: String) throws -> LessonProgress {
      let bent = json.replacingOccurrences(of: "\"attempts\":9", with: "\"attempts\":" + attempts)
      return try JSONDecoder().decode(LessonProgress.self, from: Data(bent.utf8))
    }
    #expect(throws: Never.self) { try progress("9") }
    #expect(throws: DecodingError.self) { try progress("9223372036854775807") }
  }

  /// `workbench.json`, `lessons.json` and the log of a walk.
  @Test func bentMemoriesAreLeftAside() throws {
    let encoder = JSONEncoder()
    let lesson = try Lesson(parsing: LessonTests.text, file: "x")
    var progress = LessonProgress()
    progress.lessons[lesson.id] = .init()
    progress.lessons[lesson.id]?.answers = ["which": .init(), "touch": .init(), "count": .init()]
    let models = [
      String(decoding: try encoder.encode(WorkbenchMemory(Fixture.state())), as: UTF8.self),
      String(decoding: try encoder.encode(progress), as: UTF8.self),
      String(decoding: try encoder.encode(LessonScript(solving: lesson)), as: UTF8.self),
    ]
    let slowest = Campaign("memory", models, count: 1500).run { bent in
      let (decoder, json) = (JSONDecoder(), Data(bent.bytes))
      var state = Fixture.state(screen: .learn)
      if let memory = try? decoder.decode(WorkbenchMemory.self, from: json) { memory.restore(&state) }
      if let progress = try? decoder.decode(LessonProgress.self, from: json) {
        state.screen = .learn
        state.learn.lessons = [lesson]
        state.learn.progress = progress
        drawn(state, bent)
        state.open(lesson, isPresenting: false)
        _ = reduce(&state, .key(.character("a")))
        _ = reduce(&state, .key(KeyPress(.enter)))
      }
      if let script = try? decoder.decode(LessonScript.self, from: json), bent.number % 20 == 0 {
        #expect(!script.states(lesson, Size(40, 12)).isEmpty)
      }
      drawn(state, bent)
    }
    #expect(slowest.seconds < 10, "case \(slowest.number)")
  }
}
