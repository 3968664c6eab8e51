import Canvas
import Testing

@testable import FineTuning
@testable import Workbench

/// Looking at earlier steps: the screens follow at once, the run's answers in their turn.
@Suite struct TimeTests {
  private func arrival(_ asked: Int?, _ step: Int) -> Event {
    var news = SessionNews(phase: .paused)
    news.arrival = SessionNews.Arrival(asked: asked, step: step)
    return .news(news)
  }

  @Test func scrubbingMovesEverything() throws {
    var state = try Fixture.trained()
    #expect(reduce(&state, .key(.character("<"))) == [.send(.go(to: 79))])
    #expect(reduce(&state, .key(KeyPress(.home))) == [.send(.go(to: 0))])
    #expect(state.training.position == 0 && state.training.shown == nil)
    #expect(state.training.shownEvaluation?.step == 0)
    _ = reduce(&state, .action(.scrubTo(30)))
    #expect(state.training.shown?.step == 30)
    // The explorer shows the first example of the step.
    #expect(state.explorer.example == 29 * 32)
    #expect(state.explorer.layout == (try Fixture.settings.layout(example: 29 * 32)))
    #expect(reduce(&state, .key(KeyPress(.end))) == [.send(.go(to: 80))])
    #expect(state.training.lookingAt == nil)
    #expect(reduce(&state, .key(.character(">"))).isEmpty)
    #expect(state.notice == .problem("this is the newest step"))
  }

  /// Answers to earlier wishes must not move the cursor back and forth.
  @Test func onlyTheLastWishCounts() throws {
    var state = try Fixture.trained()
    for step in [60, 40, 20] { _ = reduce(&state, .action(.scrubTo(step))) }
    _ = reduce(&state, arrival(60, 60))
    #expect(state.training.position == 20)
    _ = reduce(&state, arrival(nil, 61))
    #expect(state.training.position == 20)
    _ = reduce(&state, arrival(20, 25))
    #expect(state.training.position == 25)
    // Steps taken again are followed.
    _ = reduce(&state, arrival(nil, 26))
    #expect(state.training.position == 26)
    _ = reduce(&state, arrival(nil, 80))
    #expect(state.training.lookingAt == nil)
  }

  @Test func stepsThatAreForgottenAreGone() throws {
    var state = try Fixture.trained()
    _ = reduce(&state, .action(.scrubTo(30)))
    var news = SessionNews(phase: .paused)
    news.forgottenAfter = 30
    news.steps = [StepRecord(step: 31, loss: 9, gradNorm: 1, lr: 1, tokens: 1, seconds: 1, chunks: [])]
    _ = reduce(&state, .news(news))
    #expect(state.training.steps.map(\.step) == Array(1...31))
    #expect(state.training.steps.last?.loss == 9)
    #expect(state.training.lookingAt == nil)
    #expect(state.training.evaluations.map(\.step) == [0, 20])
  }

  @Test func beforeTheFirstStepThereIsNoBack() throws {
    var state = Fixture.state(screen: .train)
    _ = reduce(&state, .news(try Fixture.ready()))
    #expect(reduce(&state, .key(.character(","))).isEmpty)
    #expect(state.notice == .problem("nothing is trained yet: Space starts"))
  }

  @Test func aClickOnTheCurveLooksAtItsStep() throws {
    var state = try Fixture.trained(Size(120, 36))
    let rect = try #require(state.arrangement.rect(of: .loss))
    let middle = Point(rect.column + rect.columns / 2, rect.row + 4)
    let effects = reduce(&state, .mouse(MouseEvent(.press(.left), at: middle)))
    #expect(effects == [.send(.go(to: state.training.position))])
    #expect((30...50).contains(state.training.position))
  }
}
