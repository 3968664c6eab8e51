import FineTuning
import Foundation
import Testing

@testable import Workbench

/// Lesson files over time: versions, edited texts, translations, graded use, runs with other seeds.
@Suite struct LessonFormatTests {
  private func lesson(_ changes: [(String, String)] = []) throws -> Lesson {
    var text = LessonTests.text
    for (find, put) in changes { text = text.replacing(find, with: put) }
    return try Lesson(parsing: text, file: "x.lesson.md")
  }

  private func opened(_ lesson: Lesson, _ progress: LessonProgress = LessonProgress()) -> WorkbenchState {
    var state = Fixture.state(screen: .learn)
    state.learn.progress = progress
    state.open(lesson, isPresenting: false)
    return state
  }

  @Test func otherVersionsOfTheFormatAreRefused() throws {
    #expect(try lesson([("seed: 7", "seed: 7\nformat: 1")]).seed == 7)
    let problem = #expect(throws: LessonProblem.self) { try lesson([("seed: 7", "seed: 7\nformat: 2")]) }
    #expect(problem?.line == 6)
    #expect(problem?.sentence == "format is 2; this version of Skipwise reads format 1")
    #expect(throws: LessonProblem.self) { try lesson([("seed: 7", "lock-skip: perhaps")]) }
  }

  @Test func aLessonCanKeepItsSolutions() throws {
    var state = opened(try lesson([("seed: 7", "lock-skip: true")]))
    Fixture.press(".", &state)
    #expect(state.learn.play?.isRevealed == false)
    #expect(state.notice?.text == "this lesson keeps its solutions: answer first, ! gives hints")
    Fixture.press("! !", &state)
    #expect(state.notice?.text == "there is no further hint")
    Fixture.press("b Enter", &state)
    #expect(state.learn.play?.isRevealed == true)
  }

  @Test func anEditedLessonBeginsAgain() throws {
    var state = opened(try lesson())
    Fixture.press("b Enter Enter", &state)
    let progress = state.learn.progress
    #expect(opened(try lesson(), progress).learn.play?.step == 1)
    let edited = opened(try lesson([("Move it.", "Move it far.")]), progress)
    #expect(edited.learn.play?.step == 0)
    #expect(edited.learn.progress.lessons["01-example"]?.answers["which"]?.isRight == true)
  }

  @Test func progressOfOlderVersionsIsRead() throws {
    let old = #"{"lessons": {"a": {"step": 2, "isFinished": false, "answers": {}, "sentence": "so"}}}"#
    let entry = try #require(try JSONDecoder().decode(LessonProgress.self, from: Data(old.utf8)).lessons["a"])
    #expect(entry.step == 2 && entry.sentence == "so" && entry.seconds == 0 && entry.fingerprint.isEmpty)
  }

  // MARK: - Translations

  private func differences(_ changes: [(String, String)]) throws -> [String] {
    LessonCheck.differences(of: try lesson(changes), named: "x.de.lesson.md", from: try lesson()).map(\.sentence)
  }

  @Test func aTranslatorTouchesProseOnly() throws {
    #expect(
      try differences([
        ("title: An example", "title: Ein Beispiel"), ("Which distances?", "Welche Abstände?"), ("Move it.", "Zieh."),
        ("near ones | Count again.", "nahe | Zähl noch einmal."), ("That is all of them.", "Das sind alle."),
        ("hint: add both ranges", "hint: beide zusammen"),
      ]).isEmpty)
  }

  @Test(arguments: [
    ("lesson: 01-example", "lesson: 01-beispiel", "a translation of '01-example' keeps its name"),
    ("minutes: 3", "minutes: 4", "the front matter differs"),
    ("set skip 0 6048", "set skip 0 6000", "expects something else than 'Which distances?'"),
    ("ask choice which", "ask choice welche", "expects something else than 'Which distances?'"),
    ("*b: near", "b: near", "expects something else than 'Which distances?'"),
    ("after: dist.max == 8191", "after: dist.max > 8000", "expects something else than 'Touch the end'"),
    ("## write: In your own words\nWhat did you see?", "", "it has 3 steps, the original 4"),
  ])
  func whatATranslationDoesOtherwiseIsSaid(find: String, put: String, sentence: String) throws {
    let found = try differences([(find, put)])
    #expect(found.count == 1 && found.first?.contains(sentence) == true, "\(found)")
  }

  // MARK: - Live steps

  /// Another seed's run is held against what the lesson expects of its own.
  @Test func aRunWithAnotherSeedIsHeldAgainstTheExpectations() throws {
    let file = "10-fine-tune.lesson.md"
    let lesson = try LessonTests.shipped(file)
    let check = LessonCheck(lesson, file: file, theme: .fallback)
    let live = try #require(try check.liveSteps().first)
    var run = try #require(lesson.runs.values.first)
    #expect(try check.problems(of: run, seed: 4, trainedIn: live).isEmpty)
    // A run that learned nothing.
    for index in run.steps.indices { run.steps[index].loss = 9 }
    let sentences = try check.problems(of: run, seed: 4, trainedIn: live).map(\.sentence)
    #expect(sentences.contains { $0.hasPrefix("trained with seed 4, expected ") })
  }
}
