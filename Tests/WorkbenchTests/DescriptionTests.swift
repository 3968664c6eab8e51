import Canvas
import Testing

@testable import Workbench

/// Pictures in words.
@Suite struct DescriptionTests {
  private func words(_ pane: Pane, _ state: WorkbenchState) -> String {
    var state = state
    state.screen = pane.screen
    state.focus[pane.screen] = pane
    return state.description.lines.map { if case .text(let text) = $0 { text } else { "" } }.joined(separator: " ")
  }

  /// A picture without its numbers says nothing to those who cannot see it.
  @Test(arguments: Pane.allCases.filter { $0 != .lesson })
  func everyPaneIsToldWithItsNumbers(pane: Pane) throws {
    var state = try pane.screen == .positions ? Fixture.lab(Size(80, 24)) : Fixture.trained()
    state.screen = pane.screen
    let words = words(pane, state)
    #expect(words.contains { $0.isNumber }, "\(words)")
    #expect(words.hasSuffix("."), "\(words)")
    state.focus[pane.screen] = pane
    _ = reduce(&state, .key(.character(";")))
    #expect(view(state, Look(theme: .fallback)).text.contains("\(pane.title), in words"))
    _ = reduce(&state, .key(KeyPress(.escape)))
    #expect(state.overlay == nil)
  }

  @Test func aNewWorkbenchSaysWhatIsMissing() {
    let state = Fixture.state()
    #expect(words(.loss, state) == "The loss: nothing yet.")
    #expect(words(.map, state) == "No attention is computed yet.")
    #expect(words(.perplexity, state) == "Nothing is measured yet.")
    #expect(words(.list, state) == "Runs are being looked for.")
    #expect(words(.rotary, state) == "The model is being read.")
  }

  @Test func theNumbersAreThoseOfThePicture() throws {
    let state = try Fixture.trained()
    let loss = words(.loss, state)
    #expect(loss.hasPrefix("The loss goes from 1.94 at step 1 to "), "\(loss)")
    #expect(loss.contains("highest 1.94 at step 1."), "\(loss)")
    let context = words(.context, state)
    #expect(context.contains("511 before and 1.4 at step 80, of 1,024 tokens"), "\(context)")
    #expect(words(.pairs, state).hasPrefix("8,128 pairs of tokens: "))
  }
}
