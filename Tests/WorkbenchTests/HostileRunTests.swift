import Canvas
import Foundation
import HostileInput
import Positions
import Testing

@testable import FineTuning
@testable import Transformer
@testable import Workbench

/// Runs whose files were bent, as screens and pictures show them.
@Suite struct HostileRunTests {
  private static let look = Look(theme: .fallback)

  private static func metrics() throws -> [String] {
    let run = try Fixture.steps(1...3)
    return try run.steps.map { try RunFolder.line($0) } + run.evaluations.map { try RunFolder.line($0) }
  }

  private static func recording() throws -> String {
    let map = Inference.AttentionMap(
      layer: 1, head: 2, tokens: 4, weights: [1, 0, 0, 0, 0.5, 0.5, 0, 0, 0.2, 0.4, 0.4, 0, 0.1, 0.2, 0.3, 0.4])
    let recorded = RecordedAttention(
      map, positions: [0, 1, 9, 10], tokens: [97, 98, 32, 10], window: 4, target: 16)
    return (try metrics() + [RunFolder.line(recorded)]).joined(separator: "\n")
  }

  @Test func bentRunsAreDrawn() throws {
    let folder = try HostileFolder()
    let settings = try RunFolder.line(Fixture.settings)
    let description =
      #"{"skipwise":"1","command":"skipwise train","parameters":9,"blas":"x","lanes":2,"settings":"# + settings + "}"
    var read = 0
    let change = try RunFolder.line(RunChange(step: 2, from: Fixture.settings, to: RunSettings(model: "other")))
    let models = [description + "\n\n" + (try Self.metrics() + [change]).joined(separator: "\n")]
    let slowest = try Campaign("run-drawn", models, count: 600).run { bent in
      let halves = bent.text.components(separatedBy: "\n\n")
      try folder.file("run.json", halves[0].utf8)
      try folder.file("metrics.jsonl", halves.dropFirst().joined(separator: "\n").utf8)
      guard let run = try? RunCatalog.run(at: folder.path) else { return }
      read += 1
      var state = Fixture.state(Size(120, 30), screen: .runs)
      _ = reduce(&state, .runs([run]))
      #expect(view(state, Self.look).size == state.size)
      _ = reduce(&state, .key(.character("y")))
      #expect(view(state, Self.look).size == state.size)
      #expect(!RunComparison([run]).picture(Size(80, 24), Self.look).svg(background: RGB(0, 0, 0)).isEmpty)
    }
    #expect(read > 20)
    #expect(slowest.seconds < 10, "case \(slowest.number)")
  }

  /// A context size that has no positive counterpart, as one bent run had.
  @Test func theLeastNumberHasSeparatorsToo() {
    #expect(grouped(.min) == "-9,223,372,036,854,775,808")
    #expect(grouped(-1234) == "-1,234" && grouped(0) == "0")
  }

  /// What is not a number in a map is recorded as nothing.
  @Test func attentionThatIsNoNumberIsRecorded() throws {
    let map = Inference.AttentionMap(layer: 0, head: 0, tokens: 2, weights: [.nan, 0, .infinity, -1])
    let recorded = RecordedAttention(map, positions: [0, 1], tokens: [97, 98], window: 2, target: 4)
    #expect(try #require(recorded.view).map.weights == [0, 0, 1, 0])
  }

  /// Names and settings of runs come out of files: none speaks to the terminal, on a screen, in a title or in a picture.
  @Test func namesOfRunsCannotSpeakToTheTerminal() throws {
    let evil = "\u{1B}]0;evil\u{7}\u{9B}31m\u{202E}"
    var settings = Fixture.settings
    (settings.model, settings.texts, settings.method, settings.scaling) = (evil, [evil], evil, evil)
    var run = Fixture.runs[0]
    (run.path, run.settings) = ("runs/" + evil, settings)
    var news = try Fixture.ready()
    news.subject = SessionNews.Subject(
      settings: settings, configuration: Fixture.configuration, parameterCount: 1, sourceName: evil, threads: 1,
      folder: evil)
    for screen in Screen.allCases {
      var state = Fixture.state(Size(160, 40), screen: screen)
      _ = reduce(&state, .news(news))
      _ = reduce(&state, .runs([run]))
      _ = reduce(&state, .openFailed(evil))
      #expect(!view(state, Self.look).lines.joined().controlsTerminal, "\(screen)")
    }
    let picture = RunComparison([run]).picture(Size(80, 24), Self.look)
    #expect(!picture.lines.joined().controlsTerminal)
    #expect(!picture.svg(background: RGB(0, 0, 0)).controlsTerminal)
  }

  /// A recording that a lesson plays, and the attention in it.
  @Test func bentRecordingsAreDrawnOrRefused() throws {
    let settings = RunSettings(window: 64, target: 512)
    var read = 0
    let slowest = try Campaign("recording", [Self.recording()], count: 600).run { bent in
      guard let run = try? LessonRun(recording: bent.text) else { return }
      read += 1
      var news = SessionNews(phase: .paused)
      news.subject = SessionNews.Subject(
        settings: settings, configuration: Fixture.configuration, parameterCount: 635_776, sourceName: "keys",
        threads: 2, folder: "runs/one")
      news.steps = run.steps
      news.evaluations = run.evaluations
      news.attention = run.attention
      for screen in [Screen.train, .attention] {
        var state = Fixture.state(Size(120, 30), screen: screen)
        _ = reduce(&state, .news(news))
        #expect(view(state, Self.look).size == state.size)
        _ = reduce(&state, .key(.character("+")))
        _ = reduce(&state, .key(KeyPress(.left)))
        #expect(view(state, Self.look).size == state.size)
      }
    }
    #expect(read > 20)
    #expect(slowest.seconds < 10, "case \(slowest.number)")
  }
}
