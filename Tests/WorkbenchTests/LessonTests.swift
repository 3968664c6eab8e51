import Canvas
import FineTuning
import Foundation
import Testing

@testable import Workbench

/// Lessons: read, played, judged, checked.
@Suite struct LessonTests {
  static let text = """
    ---
    lesson: 01-example
    title: An example
    minutes: 3
    seed: 7
    budget: 5s
    ---
    ## predict: Which distances?
    The second chunk moves by {skip.1}.
    > note: ask for hands
    > time: 30s
    ```do
    set Lc 2048
    set Lt 8192
    set chunks 512 1536
    set skip 0 6048
    show lanes
    cover dist
    ```
    ```ask choice which
    a: near ones | Count again.
    *b: near and far ones
    hint: Look at the second chunk.
    ```
    ```reveal
    uncover dist
    ```
    ```expect
    dist.covered == 1..1535,6049..8095
    ```
    ## vary: Touch the end
    Move it.
    ```do
    knobs skip
    ```
    ```ask goal touch
    goal: dist.max == 8191
    else: Farther.
    solution: set skip 0 6144
    hint: T − L
    ```
    ```expect
    after: dist.max == 8191
    ```
    ## check: How many?
    Count the distances.
    ```ask number count
    answer: dist.count ±1%
    wrong: 8191 | That is all of them.
    else: Count again.
    hint: add both ranges
    ```
    ## write: In your own words
    What did you see?
    """

  private func lesson(_ text: String = text) throws -> Lesson { try Lesson(parsing: text, file: "x.lesson.md") }

  private func opened() throws -> WorkbenchState {
    var state = Fixture.state(screen: .learn)
    state.open(try lesson(), isPresenting: false)
    return state
  }

  private func shown(_ state: WorkbenchState) -> String { view(state, Look(theme: .fallback)).text }

  @Test func aFileIsRead() throws {
    let lesson = try lesson()
    #expect(lesson.steps.map(\.id) == ["1-predict", "2-vary", "3-check", "4-write"])
    #expect(lesson.number == 1 && lesson.minutes == 3 && lesson.seed == 7)
    #expect(lesson.steps[0].notes == ["ask for hands"] && lesson.steps[0].seconds == 30)
    #expect(lesson.steps[0].setup.count == 6)
    #expect(try Lesson(parsing: Self.text.replacing("\n", with: "\r\n"), file: "x.lesson.md") == lesson)
  }

  /// Each mistake with the line it is in and what would be right.
  @Test(arguments: [
    ("minutes: 3", "minutes: many", 4, "it must be a whole number from 1 to 120"),
    ("minutes: 3\n", "", 1, "the front matter has no 'minutes'"),
    ("seed: 7", "sed: 7", 5, "lesson, title, needs, minutes, seed, budget"),
    ("## predict: Which", "## guess: Which", 8, "kinds are hook, read, predict"),
    ("> note: ask", "> remark: ask", 10, "known are note, time, fallback, plain"),
    ("show lanes", "show lane", 17, "known are lanes, pairs, coverage"),
    ("set Lc 2048", "put Lc 2048", 13, "unknown verb 'put'; known are set, show"),
    ("set Lc 2048", "set LC 2048", 13, "known are Lc, Lt, chunks"),
    ("```reveal\nuncover", "```revel\nuncover", 25, "known are do, ask, reveal, expect"),
    ("*b: near", "*c: near", 22, "the next option is 'b:' or '*b:', not '*c:'"),
    ("dist.covered ==", "dist.cover ==", 29, "known are dist.covered, dist.count, dist.max"),
    ("dist.covered ==", "dist.covered =", 29, "'=' is no comparison"),
    ("answer: dist.count ±1%", "answer: 3582 ±1%", 48, "no number is typed by hand"),
    ("solution: set skip 0 6144\n", "", 36, "a goal needs goal: PROBE OP VALUE and solution: COMMAND"),
    ("```ask number count", "```ask essay count", 47, "known are choice, number, goal, order"),
  ])
  func mistakesNameTheirLine(find: String, put: String, line: Int, sentence: String) throws {
    let broken = Self.text.replacing(find, with: put)
    let problem = #expect(throws: LessonProblem.self) { try Lesson(parsing: broken, file: "x.lesson.md") }
    #expect(problem?.line == line, "\(problem?.description ?? "")")
    #expect(problem?.sentence.contains(sentence) == true, "\(problem?.description ?? "")")
  }

  @Test func anUnfinishedFileIsRefused() {
    for length in stride(from: 0, to: Self.text.count, by: 7) {
      let cut = String(Self.text.prefix(length))
      // Whatever it is cut to: read or refused, never a trap.
      _ = try? Lesson(parsing: cut, file: "x.lesson.md")
    }
    #expect(throws: LessonProblem.self) { try Lesson(parsing: "", file: "x.lesson.md") }
    #expect(throws: LessonProblem.self) { try Lesson(parsing: "---\n", file: "x.lesson.md") }
  }

  // MARK: - Playing

  @Test func wrongAnswersHaveTheirReplyAndRightOnesReveal() throws {
    var state = try opened()
    #expect(shown(state).contains("covered until you answer"))
    Fixture.press("a 3 Enter", &state)
    #expect(shown(state).contains("✗ Count again."))
    #expect(!shown(state).contains("6,049"))
    Fixture.press("b Enter", &state)
    #expect(shown(state).contains("✓ right."))
    #expect(shown(state).contains("6,049"))
    let answer = state.learn.progress.lessons["01-example"]?.answers["which"]
    #expect(answer == LessonProgress.Answer(attempts: 2, isRight: true, sureness: 3, hints: 0, isSkipped: false))
    Fixture.press("Enter", &state)
    #expect(state.learn.play?.step == 1)
  }

  @Test func knobsReachTheGoal() throws {
    var state = try opened()
    Fixture.press("b Enter Enter", &state)
    Fixture.press("Enter", &state)
    #expect(shown(state).contains("✗ Farther."))
    for _ in 0..<12 { Fixture.press("Right", &state) }
    #expect(shown(state).contains("8,191 now 8,191"))
    Fixture.press("Enter Enter", &state)
    #expect(state.learn.play?.step == 2)
    Fixture.press("8 1 9 1 Enter", &state)
    #expect(shown(state).contains("That is all of them."))
  }

  @Test func hintsSolutionsAndWaysOut() throws {
    var state = try opened()
    Fixture.press("!", &state)
    #expect(shown(state).contains("hint: Look at the second chunk."))
    Fixture.press("!", &state)
    #expect(state.notice?.text == "there is no further hint; . shows the solution")
    Fixture.press(";", &state)
    #expect(shown(state).contains("chunk B of 1,536 tokens"))
    #expect(shown(state).contains("hidden") && !shown(state).contains("6,049"))
    Fixture.press(". ", &state)
    #expect(state.learn.play?.isRevealed == true)
    #expect(state.learn.progress.lessons["01-example"]?.answers["which"]?.isSkipped == true)
    Fixture.press(". . .", &state)
    #expect(state.learn.play?.step == 2)
    Fixture.press("Comma", &state)
    #expect(state.learn.play?.step == 1)
    Fixture.press("Esc", &state)
    #expect(state.learn.play?.isFree == true)
    Fixture.press("2", &state)
    #expect(state.screen == .train)
    Fixture.press("6 Enter Esc Esc", &state)
    #expect(state.learn.play == nil && shown(state).contains("An example"))
    // It goes on where it was left.
    Fixture.press("Enter", &state)
    #expect(state.learn.play?.step == 1)
  }

  @Test func theSentenceIsKept() throws {
    var state = try opened()
    _ = go(to: 3, &state)
    for character in "skips! q?" { _ = reduce(&state, .key(.character(character))) }
    #expect(state.learn.progress.lessons["01-example"]?.sentence == "skips! q?")
    #expect(state.learn.progress.lessons["01-example"]?.isFinished == true)
  }

  @Test func linesOfTextCarryAWholeLesson() throws {
    var plain = PlainLesson(try lesson(), progress: LessonProgress())
    #expect(plain.page.contains("a: near ones"))
    #expect(plain.take("a") == ["Not quite. Count again."])
    #expect(plain.take("hint") == ["Hint: Look at the second chunk."])
    #expect(plain.take("b").first?.hasPrefix("Right.") == true)
    #expect(plain.take("").contains { $0.contains("Touch the end") })
    #expect(plain.take("skip 12").first?.hasPrefix("skip u 6,144.") == true)
    #expect(plain.take("").first?.hasPrefix("Right.") == true)
    _ = plain.take("")
    #expect(plain.take("3582").first?.hasPrefix("Right.") == true)
    _ = plain.take("")
    _ = plain.take("Skips make far distances.")
    #expect(plain.isFinished)
    #expect(plain.progress.lessons["01-example"]?.sentence == "Skips make far distances.")
  }

  @Test func theLecturerSeesWhatTheAudienceDoesNot() throws {
    var state = try opened()
    _ = reduce(&state, .hands(["a": 3]))
    let page = try #require(NotesPage(state))
    #expect(page.notes == ["ask for hands"] && page.next == "Touch the end" && page.seconds == 30)
    #expect(page.options.map(\.hands) == [3, 0])
    let text = page.picture(Size(80, 24), Look(theme: .fallback), elapsed: (65, 130)).text
    #expect(text.contains("✓ b near and far ones") && text.contains("1:05 of 0:30") && text.contains("hands 3"))
    state.learn.isPresenting = true
    #expect(!shown(state).contains("Skipwise") && shown(state).contains("hands a ||| 3 · b 0"))
  }

  // MARK: - Checking

  private func check(_ text: String = text) throws -> LessonCheck.Report {
    LessonCheck(try lesson(text), file: "x.lesson.md", theme: .fallback).run()
  }

  @Test func aGoodLessonPasses() throws {
    let report = try check()
    #expect(report.problems.isEmpty, "\(report.problems)")
    #expect(report.expectations == 2 && report.questions == 3)
    #expect(report.noticed.contains(.noSkip) && !report.noticed.contains(.linearCost))
  }

  @Test(arguments: [
    ("dist.covered == 1..1535,6049..8095", "dist.covered == 1..1535", "found 1..1535,6049..8095"),
    ("after: dist.max == 8191", "after: pos.count == 2048", "holds before the reveal already"),
    ("goal: dist.max == 8191", "goal: dist.max == 8000", "the solution does not reach dist.max == 8,000"),
    ("goal: dist.max == 8191", "goal: dist.max > 5", "is reached before anything is done"),
    ("a: near ones | Count again.", "a: near ones", "option a of 'which' has no reply"),
    ("*b: near", "b: near", "no option of 'which' is right"),
    ("hint: T − L\n", "", "the question 'touch' has no hint"),
    ("ask number count", "ask number touch", "the question 'touch' is there twice"),
    ("moves by {skip.1}", "moves by 6048", "the number 6048 is typed by hand"),
    ("moves by {skip.1}", "moves by {skip.9}", "{skip.9} has no value in this step"),
    ("## write: In your own words", "## read: In your own words", "the last step has to be ## write"),
    ("wrong: 8191 |", "wrong: 3582 |", "the likely wrong answer 3582 is judged right"),
  ])
  func checkFindsMistakes(find: String, put: String, sentence: String) throws {
    let report = try check(Self.text.replacing(find, with: put))
    #expect(report.problems.contains { $0.sentence.contains(sentence) }, "\(report.problems)")
  }

  /// Expectations that hold whatever is broken test nothing.
  @Test func aLessonThatCannotFailIsRefused() throws {
    let toothless = Self.text.replacing("dist.covered == 1..1535,6049..8095", with: "pos.count == 2048")
      .replacing("after: dist.max == 8191", with: "pos.count > 0")
    #expect(try check(toothless).problems.contains { $0.sentence.contains("they test nothing") })
  }

  @Test func needsMustExistAndNotGoInACircle() throws {
    func lesson(_ id: String, _ needs: String) throws -> Lesson {
      try self.lesson(Self.text.replacing("lesson: 01-example", with: "lesson: \(id)\nneeds: \(needs)"))
    }
    let circle = LessonCheck.relations([
      try lesson("a", "b"), try lesson("b", "a"), try lesson("c", "d"), try lesson("c", ""),
    ])
    #expect(circle.map(\.sentence).filter { $0.contains("lead back to itself") }.count == 2)
    #expect(circle.contains { $0.sentence == "it needs 'd', which is no lesson" })
    #expect(circle.contains { $0.sentence == "the id 'c' is there twice" })
  }

  // MARK: - The shipped ones

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("docs/lessons")
  static let names =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".lesson.md") }
    .sorted()

  static func shipped(_ name: String) throws -> Lesson {
    var lesson = try Lesson(
      parsing: String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8), file: name)
    for run in lesson.steps.compactMap(\.fallback) {
      lesson.runs[run] = try LessonRun(
        recording: String(contentsOf: folder.appendingPathComponent(run), encoding: .utf8))
    }
    return lesson
  }

  @Test(arguments: names)
  func aShippedLessonPasses(name: String) throws {
    let report = LessonCheck(try Self.shipped(name), file: name, theme: .fallback).run()
    #expect(report.problems.isEmpty, "\(report.problems)")
    #expect(!report.noticed.isEmpty)
  }

  @Test func thereAreTwelve() throws {
    #expect(Self.names.count == 12)
    #expect(LessonCheck.relations(try Self.names.map { try Self.shipped($0) }).isEmpty)
  }

  /// Backward shows what forward showed.
  @Test func aRecordingIsWatchedInBothDirections() throws {
    let lesson = try Self.shipped("06-skip-bias.lesson.md")
    var replay = LessonReplay(LessonScript(solving: lesson), lesson, size: Size(80, 24))
    let look = Look(theme: .fallback)
    var seen: [Canvas] = []
    replay.press(.character(" "))
    #expect(replay.secondsToNext == nil)
    while seen.count == replay.index {
      seen.append(replay.picture(look))
      replay.press(.character("."))
    }
    #expect(seen.count > lesson.steps.count && seen[0].text.contains("press 0 of \(seen.count - 1)"))
    for frame in seen.dropLast().reversed() {
      replay.press(.character(","))
      #expect(replay.picture(look) == frame)
    }
    replay.press(.character("]"))
    #expect(replay.picture(look).text.contains(lesson.steps[1].title))
    replay.press(.character("9"))
    #expect(replay.index > 0)
    replay.press(KeyPress(.end))
    replay.press(.character(" "))
    #expect(replay.index == 0 && replay.secondsToNext.map { $0 > 0 } == true)
    for _ in seen { replay.advance() }
    #expect(!replay.isPlaying && replay.index == seen.count - 1)
    replay.resize(Size(40, 10))
    #expect(replay.picture(look).size == Size(40, 10))
  }

  /// The walk with right answers ends at the last step, and its recording has the same bytes each time.
  @Test(arguments: ["06-skip-bias.lesson.md", "10-fine-tune.lesson.md"])
  func aRecordingIsTheSameEachTime(name: String) throws {
    let lesson = try Self.shipped(name)
    let script = LessonScript(solving: lesson)
    #expect(script == LessonScript(solving: lesson))
    let states = script.states(lesson, Size(80, 24))
    #expect(states.last?.state.learn.play?.step == lesson.steps.count - 1)
    #expect(states.compactMap(\.mark).count == lesson.steps.count)
    let look = Look(theme: .fallback)
    let cast = script.cast(lesson, size: Size(80, 24), look: look, depth: .trueColor)
    #expect(cast == script.cast(lesson, size: Size(80, 24), look: look, depth: .trueColor))
    let lines = cast.split(separator: "\n")
    let header = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
    #expect(header["version"] as? Int == 2 && header["width"] as? Int == 80)
    var time = -1.0
    for line in lines.dropFirst() {
      let event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any])
      let next = try #require(event[0] as? Double)
      #expect(next >= time)
      time = next
    }
    // The same presses at another size.
    #expect(script.cast(lesson, size: Size(120, 36), look: look, depth: .ansi16).contains("\"width\":120"))
  }
}
