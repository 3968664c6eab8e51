import Canvas
import Testing

@testable import FineTuning
@testable import Transformer
@testable import Workbench

/// The screens that measure models and compare runs.
@Suite struct CompareTests {
  private func press(_ key: KeyPress, _ state: inout WorkbenchState) -> [Effect] { reduce(&state, .key(key)) }

  @Test func evaluateMeasuresTheBaseModelWhenItIsFirstSeen() throws {
    var state = Fixture.state()
    _ = reduce(&state, .news(try Fixture.ready()))
    let effects = press(.character("4"), &state)
    let request = EvaluationRequest(label: "base model", folder: "base", settings: Fixture.settings)
    #expect(effects.contains(.evaluate(request)))
    _ = reduce(&state, .evaluations(Fixture.measured))
    _ = press(.character("1"), &state)
    #expect(!press(.character("4"), &state).contains(.evaluate(request)))
  }

  /// The checkpoint is written first, and what is measured is the checkpoint.
  @Test func aRunIsMeasuredOnceItsCheckpointIsWritten() throws {
    var state = try Fixture.trained(screen: .evaluate)
    #expect(press(.character("m"), &state) == [.send(.saveModel)])
    #expect(reduce(&state, .news(try Fixture.steps(81...82))).isEmpty)
    var saved = SessionNews(phase: .running)
    saved.saved = .init(step: 82, folder: "runs/one/checkpoint")
    let effects = reduce(&state, .news(saved))
    guard case .evaluate(let request)? = effects.first else {
      Issue.record("nothing is measured: \(effects)")
      return
    }
    #expect(request.folder == "runs/one/checkpoint")
    #expect(request.label.contains("82"))
    #expect(reduce(&state, .news(saved)).isEmpty)
  }

  @Test func modelsAreSelectedAndTakenAway() throws {
    var state = try Fixture.trained(screen: .evaluate)
    #expect(state.evaluation.shown?.request.label == "pose yarn, step 80")
    _ = press(.character("k"), &state)
    _ = press(.character("k"), &state)
    #expect(state.evaluation.shown?.request.label == "base model")
    _ = press(.character("x"), &state)
    #expect(state.evaluation.models.map(\.request.label) == ["pose yarn, step 80"])
    _ = press(.character("x"), &state)
    #expect(press(.character("x"), &state).isEmpty)
    #expect(state.notice?.kind == .problem)
  }

  @Test func aNewerMeasureOfTheSameNameTakesTheOldOnesPlace() throws {
    var state = try Fixture.trained(screen: .evaluate)
    var again = Fixture.measured[0]
    again.results = []
    again.phase = .waiting
    _ = reduce(&state, .evaluations([again]))
    #expect(state.evaluation.models.count == 2)
    #expect(state.evaluation.models[0].phase == .waiting)
  }

  @Test func runsAreListedWalkedAndMarked() throws {
    var state = try Fixture.trained()
    #expect(press(.character("5"), &state).contains(.listRuns))
    #expect(state.runs.shown?.settings.method == "pose")
    _ = press(.character("j"), &state)
    _ = press(.character("m"), &state)
    _ = press(.character("k"), &state)
    #expect(state.runs.compared.map(\.settings.method) == ["pose", "randpos"])
    // A new list keeps the run that is looked at, and forgets marks of runs that are gone.
    _ = reduce(&state, .runs([Fixture.runs[2], Fixture.runs[0]]))
    #expect(state.runs.shown?.settings.method == "pose")
    #expect(state.runs.marked.isEmpty)
  }

  @Test func enterMeasuresTheSelectedRun() throws {
    var state = try Fixture.trained(screen: .runs)
    let effects = press(KeyPress(.enter), &state)
    #expect(state.screen == .evaluate)
    #expect(
      effects.contains { effect in
        if case .evaluate(let request) = effect { return request.folder == Fixture.runs[0].path + "/checkpoint" }
        return false
      })
    state.screen = .runs
    state.runs.selected = 2
    _ = press(KeyPress(.enter), &state)
    #expect(state.screen == .runs)
    #expect(state.notice?.text.contains("no checkpoint") == true)
  }

  @Test func deletingAsksFirst() throws {
    var state = try Fixture.trained(screen: .runs)
    #expect(press(KeyPress(.delete), &state).isEmpty)
    #expect(state.overlay == .confirmDelete(Fixture.runs[0].path))
    #expect(press(.character("n"), &state).isEmpty)
    _ = press(KeyPress(.delete), &state)
    #expect(press(.character("y"), &state) == [.deleteRun(Fixture.runs[0].path), .listRuns])
    #expect(state.overlay == nil)
  }

  @Test func openingARunTakesOverItsSettings() throws {
    var state = try Fixture.trained(screen: .runs)
    _ = reduce(&state, .news(SessionNews(phase: .paused)))
    state.runs.selected = 1
    _ = press(.character("o"), &state)
    #expect(state.explorer.settings.method == "randpos")
    #expect(state.screen == .train)
  }

  /// The cursor's cell now and before, and the difference about the ramp's middle.
  @Test func attentionIsComparedWithTheBaseModels() throws {
    var state = try Fixture.trained(Size(120, 36), screen: .attention)
    #expect(press(.character("d"), &state) == [.send(.compareAttention(true))])
    #expect(view(state, Look(theme: .fallback)).text.contains("computing the base model's map"))
    var news = try Fixture.attention()
    let now = try #require(news.attention?.map)
    var even = now.weights
    for query in 0..<now.tokens {
      for key in 0...query { even[query * now.tokens + key] = 1 / Float(query + 1) }
    }
    news.attention?.before = Inference.AttentionMap(layer: 1, head: 2, tokens: now.tokens, weights: even)
    _ = reduce(&state, .news(news))
    let before = view(state, Look(theme: .fallback))
    #expect(before.text.contains("before · square root"))
    #expect(before.text.contains("before \(number(1 / 128, 4))"))
    _ = press(.character("d"), &state)
    let difference = view(state, Look(theme: .fallback))
    #expect(difference.text.contains("now − before"))
    #expect(difference != before)
    #expect(press(.character("d"), &state) == [.send(.compareAttention(false))])
  }

  @Test func onTheRunsOwnScreenSettingsAreSteered() throws {
    var state = try Fixture.trained(screen: .train)
    let effects = press(.character("s"), &state)
    guard case .send(.change(let settings))? = effects.first else {
      Issue.record("the run is not told: \(effects)")
      return
    }
    #expect(settings.scaling != Fixture.settings.scaling)
    var news = SessionNews(phase: .running)
    news.changes = [RunChange(step: 80, from: Fixture.settings, to: settings)]
    news.settings = settings
    _ = reduce(&state, .news(news))
    #expect(state.notice?.text.contains("scaling yarn → \(settings.scaling)") == true)
    #expect(view(state, Look(theme: .fallback)).text.contains("80: scaling yarn"))
    // Undo steers back.
    let back = press(.character("u"), &state)
    #expect(back == [.send(.change(Fixture.settings))])
    // On another screen one only looks.
    state.screen = .positions
    #expect(!press(.character("s"), &state).contains { if case .send(.change) = $0 { true } else { false } })
  }

  @Test func withoutRunsTheScreenSaysHowToStartOne() throws {
    var state = Fixture.state(screen: .runs)
    _ = reduce(&state, .runs([]))
    #expect(view(state, Look(theme: .fallback)).text.contains("no runs yet"))
    for key in ["j", "k", "m", "o", "y"] as [Character] { _ = press(.character(key), &state) }
    #expect(press(KeyPress(.delete), &state).isEmpty)
  }
}
