import Canvas
import Testing

@testable import Workbench

/// What is typed behind `:` finds commands and everything that keys do.
@Suite struct PaletteTests {
  private func prompt(_ text: String) -> Prompt {
    var prompt = Prompt()
    prompt.text = text
    return prompt
  }

  private func names(_ text: String, in pane: Pane = .layout) -> [String] {
    Palette(prompt(text), .standard, in: pane).entries.map {
      switch $0 {
      case .command(let command): command.name
      case .binding(let binding): binding.id
      }
    }
  }

  @Test func nothingTypedFindsEverything() {
    #expect(names("").count == Prompt.commands.count + KeyTable.standard.bindings.count)
  }

  @Test(arguments: [
    ("lr", "lr"), ("targ", "target"), ("theme", "theme"), ("checkpoint", "checkpoint"), ("million", "layout.million"),
    ("mllion", "layout.million"), ("nxt samp", "sampler"), ("LR", "lr"),
  ])
  func theBestComesFirst(typed: String, first: String) { #expect(names(typed).first == first) }

  @Test func withAnArgumentOnlyItsCommandIsLeft() {
    #expect(names("lr 3e-4") == ["lr"])
    #expect(names("qqqq").isEmpty)
  }

  @Test func enterDoesWhatIsSelected() throws {
    var state = try Fixture.trained(screen: .train)
    func type(_ text: String) -> [Effect] {
      _ = reduce(&state, .key(.character(":")))
      _ = reduce(&state, .paste(text))
      return reduce(&state, .key(KeyPress(.enter)))
    }
    #expect(type("checkpoint") == [.send(.save)])
    // What another screen does is named, not done.
    _ = type("draw a million")
    #expect(state.notice == .problem("draw a million examples, as the curves fill: on Positions"))
    // A command without its argument is written out, to be gone on with.
    _ = type("seed")
    #expect(state.overlay == .prompt(prompt("seed ")))
    _ = reduce(&state, .key(.character("5")))
    _ = reduce(&state, .key(KeyPress(.enter)))
    #expect(state.explorer.settings.seed == 5)
    _ = type("zzzz")
    #expect(state.notice?.text.contains("nothing is called 'zzzz'") == true)
  }

  @Test func goJumpsToWhatTheScreenHas() throws {
    var state = try Fixture.trained(screen: .train)
    func go(_ words: String) -> [Effect] {
      _ = reduce(&state, .key(.character(":")))
      _ = reduce(&state, .paste(words))
      return reduce(&state, .key(KeyPress(.enter)))
    }
    #expect(go("go 12") == [.send(.go(to: 12))])
    #expect(state.training.position == 12)
    state.screen = .attention
    _ = go("go 40")
    #expect(state.attention.query == 40)
    state.screen = .positions
    _ = go("go 700")
    #expect(state.explorer.view.cursor == 700)
    state.screen = .runs
    _ = go("go 2")
    #expect(state.runs.selected == 1)
    _ = go("go home")
    #expect(state.notice == .problem("go is 'home'; it must be a whole number, 0 or more"))
  }

  @Test func themesShowAsTheyAreChosen() {
    var state = Fixture.state()
    _ = reduce(&state, .key(.character("T")))
    #expect(reduce(&state, .key(KeyPress(.down))) == [.useTheme("light")])
    #expect(reduce(&state, .key(KeyPress(.escape))) == [.useTheme("dark")])
    #expect(state.themeName == "dark" && state.overlay == nil)
    _ = reduce(&state, .key(.character("T")))
    _ = reduce(&state, .key(.character("j")))
    _ = reduce(&state, .key(KeyPress(.enter)))
    #expect(state.themeName == "light" && state.overlay == nil)
  }
}
