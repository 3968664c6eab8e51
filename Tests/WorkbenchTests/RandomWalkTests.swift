import Canvas
import FineTuning
import Positions
import Testing

@testable import Workbench

/// Any keys in any order at any size: nothing traps, and what holds for every state goes on holding.
@Suite struct RandomWalkTests {
  private func randomMouse(_ random: inout RandomStream) -> MouseEvent {
    let actions: [MouseEvent.Action] = [
      .press(.left), .drag(.left), .drag(.left), .release(.left), .press(.right), .wheelUp, .wheelDown, .move,
    ]
    let place = Point(Int.random(in: 0...120, using: &random), Int.random(in: 0...36, using: &random))
    return MouseEvent(actions[Int.random(in: actions.indices, using: &random)], at: place)
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func randomKeysNeverBreakTheState(seed: UInt64) throws {
    var random = RandomStream(seed: seed)
    var state = Fixture.state()
    let bound = KeyTable.standard.bindings.flatMap(\.keys).filter { $0 != .character("q") && $0 != .character("N") }
    let others = "abcdefghijklmnopqrstuvwxyz0123456789 .-/é漢".map { KeyPress.character($0) }
    let special = [KeyPress(.enter), KeyPress(.backspace), KeyPress(.escape), KeyPress(.tab)]
    let look = Look(theme: .fallback)
    for step in 0..<600 {
      let event: Event
      switch random.next() % 20 {
      case 0: event = .resize(Size(Int.random(in: 0...200, using: &random), Int.random(in: 0...60, using: &random)))
      case 1: event = .news(try [Fixture.ready, { try Fixture.steps(1...3) }, Fixture.attention][step % 3]())
      case 2: event = .paste("chunks \(Int.random(in: -2...200, using: &random))\n")
      case 3: event = .openFailed("refused")
      case 17: event = .survey(DistanceSurvey.conducted(SurveyRequest(state.explorer.settings, samples: 20)))
      case 18, 19: event = .mouse(randomMouse(&random))
      case 4...6: event = .key(others[Int.random(in: others.indices, using: &random)])
      case 7...8: event = .key(special[Int.random(in: special.indices, using: &random)])
      default: event = .key(bound[Int.random(in: bound.indices, using: &random)])
      }
      _ = reduce(&state, event)
      let settings = state.explorer.settings
      #expect(settings.target >= settings.window && (1...settings.window).contains(settings.chunks))
      let layout = try #require(state.explorer.layout)
      let positions = layout.positions
      #expect(zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 } && positions.last ?? 0 < settings.target)
      if let view = state.attention.view {
        #expect(state.attention.key <= state.attention.query && state.attention.query < view.map.tokens)
      }
      if step % 10 == 0 { #expect(view(state, look).size == state.size) }
    }
  }
}
