import Canvas
import FineTuning
import Positions
import Testing
import Transformer

@testable import Workbench

/// What each event does to the state, and what it asks the outside to do.
@Suite struct ReduceTests {
  private func press(_ keys: KeyPress..., on state: inout WorkbenchState) -> [Effect] {
    keys.flatMap { reduce(&state, .key($0)) }
  }

  @Test(arguments: zip(["1", "2", "3", "4", "5"] as [Character], Screen.allCases))
  func digitsGoToScreens(digit: Character, screen: Screen) {
    var state = Fixture.state()
    _ = press(.character(digit), on: &state)
    #expect(state.screen == screen)
  }

  @Test func attentionIsOnlyComputedWhileItIsSeen() {
    var state = Fixture.state()
    #expect(press(.character("3"), on: &state) == [.send(.observe(.init(layer: 0, head: 0)))])
    #expect(press(.character("1"), on: &state) == [.send(.observe(nil))])
  }

  @Test func spaceRunsAndPauses() throws {
    var state = Fixture.state(screen: .train)
    _ = reduce(&state, .news(try Fixture.ready()))
    #expect(press(.character(" "), on: &state) == [.send(.run)])
    _ = reduce(&state, .news(SessionNews(phase: .running)))
    #expect(press(.character(" "), on: &state) == [.send(.pause)])
  }

  @Test func spaceWhileLoadingSaysWhyNothingHappens() {
    var state = Fixture.state(screen: .train)
    #expect(press(.character(" "), on: &state).isEmpty)
    #expect(state.notice == .problem("the model is still loading"))
  }

  @Test func settingsChangeTheRunWhileNothingIsTrained() throws {
    var state = Fixture.state()
    _ = reduce(&state, .news(try Fixture.ready()))
    let effects = press(.character("c"), on: &state)
    #expect(state.explorer.settings.chunks == 3)
    #expect(state.explorer.layout?.chunks.count == 3)
    // Three chunks have no closed form; the run takes them on when it is looked at.
    #expect(effects == [.survey(state.explorer.surveyRequest)])
    #expect(press(.character("2"), on: &state).first == .open(state.explorer.settings))
  }

  @Test func aChangedRunStartsOnceItIsOpen() throws {
    var state = Fixture.state()
    _ = reduce(&state, .news(try Fixture.ready()))
    _ = press(.character("v"), on: &state)
    #expect(press(.character(" "), on: &state) == [.open(state.explorer.settings)])
    var news = try Fixture.ready()
    news.subject?.settings = state.explorer.settings
    #expect(reduce(&state, .news(news)).contains(.send(.run)))
    #expect(press(.character(" "), on: &state) == [.send(.run)])
  }

  /// A run of the list is taken up as it was left, or only its settings.
  @Test func aRunIsOpenedFromTheList() throws {
    var state = try Fixture.trained(screen: .runs)
    _ = reduce(&state, .news(SessionNews(phase: .paused)))
    state.runs.selected = 1
    let run = try #require(state.runs.shown)
    let effects = press(.character("o"), on: &state)
    #expect(effects.filter(\.opensRun) == [.resume(path: run.path, run.settings)])
    #expect(state.screen == .train && state.explorer.settings == run.settings)
    // Space is for the run that is being opened.
    #expect(press(.character(" "), on: &state).isEmpty)
    #expect(reduce(&state, .news(try Fixture.ready())).contains(.send(.run)))

    state.screen = .runs
    state.runs.selected = 2
    #expect(press(.character("o"), on: &state).isEmpty)
    #expect(state.notice?.text == "this run has no checkpoint; O starts over with its settings")
    #expect(press(.character("X"), on: &state) == [.exportRun("runs/2026-01-01-120000")])
  }

  @Test func theRunThatIsShownNeedsNoOpening() throws {
    var state = try Fixture.trained(screen: .runs)
    _ = reduce(&state, .news(SessionNews(phase: .paused)))
    state.training.subject?.folder = try #require(state.runs.shown?.path)
    #expect(!press(.character("o"), on: &state).contains { $0.opensRun })
    #expect(state.screen == .train)
  }

  @Test func stepsAreZoomedAroundTheOneLookedAt() throws {
    var state = try Fixture.trained()
    #expect(state.training.shownSteps == 1...80)
    _ = reduce(&state, .action(.scrubTo(40)))
    _ = press(.character("="), on: &state)
    let shown = state.training.shownSteps
    #expect(shown.contains(40) && shown.count > 35 && shown.count < 45)
    _ = press(.character("-"), on: &state)
    #expect(state.training.shownSteps.count > 75)
    _ = press(.character("="), .character("="), .character("="), .character("="), .character("="), on: &state)
    #expect(state.training.shownSteps.count >= 8 && state.training.shownSteps.contains(40))
    _ = press(.character("0"), on: &state)
    #expect(state.training.shownSteps == 1...80)
  }

  // MARK: - The mouse

  private func mouse(_ action: MouseEvent.Action, _ column: Int, _ row: Int, on state: inout WorkbenchState) -> [Effect]
  {
    reduce(&state, .mouse(MouseEvent(action, at: Point(column, row))))
  }

  @Test func rowsAreChosenByClickAndWheel() throws {
    var state = try Fixture.trained(screen: .runs)
    let list = try #require(state.arrangement.rect(of: .list))
    _ = mouse(.press(.left), list.column + 5, list.row + 4, on: &state)
    #expect(state.runs.selected == 2)
    _ = mouse(.wheelUp, list.column + 5, list.row + 4, on: &state)
    #expect(state.runs.selected == 1)
    _ = mouse(.press(.left), list.column + 5, list.row + 1, on: &state)
    #expect(state.runs.selected == 1)
  }

  @Test func theCurveIsDraggedAndZoomedByMouse() throws {
    var state = try Fixture.trained(Size(120, 36))
    let loss = try #require(state.arrangement.rect(of: .loss))
    _ = mouse(.press(.left), loss.column + 20, loss.row + 5, on: &state)
    let first = state.training.position
    _ = mouse(.drag(.left), loss.column + 30, loss.row + 50, on: &state)
    #expect(state.training.position > first && state.training.position < 80)
    _ = mouse(.release(.left), 0, 0, on: &state)
    let held = state.training.position
    _ = mouse(.drag(.left), loss.column + 10, loss.row + 5, on: &state)
    #expect(state.training.position == held)
    _ = mouse(.wheelUp, loss.column + 30, loss.row + 5, on: &state)
    #expect(state.training.shownSteps.count < 80)
  }

  /// The right button says what is there and takes hold of nothing.
  @Test func theRightButtonInspects() throws {
    var state = try Fixture.trained(Size(120, 36), screen: .positions)
    let layout = try #require(state.explorer.layout)
    let rect = try #require(state.arrangement.rect(of: .layout))
    let lane = try #require(LayoutPlan(state.explorer, in: rect).lane(.target))
    let second = lane.columns(of: layout.chunks[1].positions)
    _ = mouse(.press(.right), (second.lowerBound + second.upperBound) / 2, lane.rect.row, on: &state)
    #expect(state.notice?.text.contains("chunk B, position ") == true)
    let between = (lane.columns(of: layout.chunks[0].positions).upperBound + second.lowerBound) / 2
    _ = mouse(.drag(.right), between, lane.rect.row, on: &state)
    #expect(state.notice?.text.hasSuffix("skipped") == true)
    #expect(state.explorer.drag == nil && state.explorer.layout == layout)
  }

  /// A key pressed while another run is being opened is for that run.
  @Test func spaceRightAfterANewRunIsForTheNewRun() throws {
    var state = try Fixture.trained()
    _ = reduce(&state, .news(SessionNews(phase: .paused)))
    #expect(press(.character("r"), on: &state) == [.open(state.explorer.settings)])
    #expect(press(.character(" "), on: &state).isEmpty)
    #expect(reduce(&state, .news(try Fixture.ready())).contains(.send(.run)))
    _ = press(.character("r"), .character(" "), on: &state)
    _ = reduce(&state, .openFailed("no"))
    #expect(press(.character(" "), on: &state) == [.send(.run)])
  }

  /// What no memory would train can still be looked at; a text that is not there is taken back.
  @Test func refusedSettingsStayOnTheScreenAndAreNotTriedAgain() throws {
    var state = Fixture.state()
    _ = reduce(&state, .news(try Fixture.ready()))
    for _ in 0..<7 { _ = press(.character("t"), on: &state) }
    #expect(press(.character("2"), on: &state).first == .open(state.explorer.settings))
    _ = reduce(&state, .openFailed("it would not fit"))
    #expect(state.explorer.settings.target == 131_072)
    #expect(press(.character("1"), .character("2"), on: &state).allSatisfy { $0 == .send(.observe(nil)) })
    _ = press(.character(":"), on: &state)
    _ = reduce(&state, .paste("text /nowhere"))
    #expect(
      press(KeyPress(.enter), on: &state) == [.open(state.explorer.settings), .survey(state.explorer.surveyRequest)])
    _ = reduce(&state, .openFailed("there is no text at /nowhere"))
    #expect(state.explorer.settings.texts == [] && state.explorer.settings.target == 131_072)
  }

  @Test func settingsLeaveARunThatHasBegunAlone() throws {
    var state = try Fixture.trained(screen: .positions)
    #expect(press(.character("c"), on: &state) == [.survey(state.explorer.surveyRequest)])
    #expect(state.explorer.settings.chunks == 3)
    #expect(state.training.subject?.settings.chunks == 2)
    #expect(state.notice?.kind == .news)
  }

  @Test func impossibleSettingsAreRefusedInASentenceAndChangeNothing() throws {
    var state = Fixture.state()
    let before = state.explorer
    _ = press(.character(":"), on: &state)
    for character in "chunks 400" { _ = press(.character(character), on: &state) }
    #expect(press(KeyPress(.enter), on: &state).isEmpty)
    #expect(state.explorer == before)
    #expect(state.notice == .problem("400 chunks do not fit a window of 128 tokens; choose 1 to 128"))
  }

  @Test(arguments: [
    ("", nil), ("lr ", "lr needs RATE: peak learning rate"), ("lr nan", "lr is 'nan'; it must be above 0"),
    ("steps 0", "steps is '0'; it must be a whole number from 1 to 10000000"),
    ("method walk", "unknown sampler 'walk'; known are \(SamplerRegistry.names.joined(separator: ", "))"),
  ])
  func promptRefusals(typed: String, sentence: String?) {
    var state = Fixture.state()
    _ = press(.character(":"), on: &state)
    _ = reduce(&state, .paste(typed))
    _ = press(KeyPress(.enter), on: &state)
    #expect(state.overlay == nil)
    #expect(state.notice == sentence.map { .problem($0) })
  }

  @Test func promptChangesSettings() {
    var state = Fixture.state()
    _ = press(.character(":"), on: &state)
    _ = reduce(&state, .paste("tar"))
    _ = press(KeyPress(.tab), on: &state)
    _ = reduce(&state, .paste("512"))
    #expect(
      state.overlay
        == .prompt(
          {
            var prompt = Prompt()
            prompt.text = "target 512"
            return prompt
          }()))
    #expect(press(KeyPress(.enter), on: &state).isEmpty)
    #expect(state.explorer.settings.target == 512)
  }

  @Test func aRunThatCannotBeOpenedLeavesTheOneShown() throws {
    var state = try Fixture.trained()
    _ = reduce(&state, .action(.newRun))
    _ = reduce(&state, .openFailed("there is no text at /nowhere"))
    #expect(state.notice == .problem("there is no text at /nowhere"))
    #expect(state.training.steps.count == 80)
    #expect(state.training.isRunning)
    #expect(state.explorer.settings == Fixture.settings)
  }

  @Test func quittingAsksWhileTraining() throws {
    var state = try Fixture.trained()
    #expect(press(.character("q"), on: &state).isEmpty)
    #expect(state.overlay == .confirmQuit)
    _ = press(KeyPress(.escape), on: &state)
    #expect(state.overlay == nil && !state.isQuitting)
    #expect(press(.character("q"), .character("y"), on: &state) == [.quit])
  }

  @Test func quittingDoesNotAskOtherwise() {
    var state = Fixture.state()
    #expect(press(.character("q"), on: &state) == [.quit])
  }

  @Test func helpFiltersByWhatIsTyped() {
    var state = Fixture.state()
    _ = press(.character("?"), .character("t"), .character("h"), .character("e"), .character("m"), on: &state)
    #expect(state.overlay == .help(filter: "them", scroll: 0))
    let text = view(state, Look(theme: .fallback)).lines.joined(separator: "\n")
    #expect(text.contains("themes, shown as you choose"))
    #expect(!text.contains("next position sampler"))
    _ = press(KeyPress(.escape), on: &state)
    #expect(state.overlay == nil)
  }

  @Test func examplesAreStepThroughAndCountedOnce() {
    var state = Fixture.state()
    let first = state.explorer.layout
    _ = press(.character("n"), .character("n"), on: &state)
    #expect(state.explorer.met.samples == 3)
    _ = press(.character("p"), .character("p"), on: &state)
    #expect(state.explorer.layout == first)
    #expect(state.explorer.met.samples == 3)
    _ = press(.character("p"), on: &state)
    #expect(state.notice == .problem("this is the first example"))
  }

  @Test func aSkipIsMovedByHandAndUndone() throws {
    var state = Fixture.state()
    let drawn = try #require(state.explorer.layout)
    #expect(press(.character("l"), .character("L"), on: &state).isEmpty)
    #expect(state.explorer.layout?.chunks[1].skipBias == drawn.chunks[1].skipBias + 17)
    #expect(state.explorer.isByHand)
    _ = press(.character("u"), on: &state)
    #expect(state.explorer.layout?.chunks[1].skipBias == drawn.chunks[1].skipBias + 1)
    _ = press(.character("u"), on: &state)
    #expect(state.explorer.layout == drawn && !state.explorer.isByHand)
    _ = press(.character("U"), .character("U"), on: &state)
    #expect(state.explorer.layout?.chunks[1].skipBias == drawn.chunks[1].skipBias + 17)
    _ = press(.character("U"), on: &state)
    #expect(state.notice == .problem("nothing to redo"))
    _ = press(.character("n"), on: &state)
    #expect(!state.explorer.isByHand)
  }

  @Test func aBorderIsMovedByHandUntilAChunkHasOneToken() throws {
    var state = Fixture.state()
    _ = press(.character("k"), on: &state)
    for _ in 0..<20 { _ = press(.character("H"), on: &state) }
    let chunks = try #require(state.explorer.layout?.chunks)
    #expect(chunks.map(\.length) == [1, 127] && chunks[1].start == 1)
    #expect(state.notice == .problem("a chunk keeps at least one token"))
  }

  @Test func skipsStayBetweenTheirNeighbours() throws {
    var state = Fixture.state()
    _ = press(.character("c"), on: &state)
    for _ in 0..<80 { _ = press(.character("L"), on: &state) }
    let chunks = try #require(state.explorer.layout?.chunks)
    #expect(chunks[1].skipBias == chunks[2].skipBias)
    _ = press(.character("j"), .character("j"), on: &state)
    for _ in 0..<80 { _ = press(.character("L"), on: &state) }
    #expect(state.explorer.layout?.chunks[2].skipBias == 1024 - 128)
  }

  @Test func settingsAreUndoneWithTheRun() throws {
    var state = Fixture.state()
    _ = reduce(&state, .news(try Fixture.ready()))
    _ = press(.character("c"), .character("t"), on: &state)
    #expect(state.explorer.settings.chunks == 3 && state.explorer.settings.target == 2048)
    _ = press(.character("2"), .character("1"), .character("u"), .character("u"), on: &state)
    #expect(state.explorer.settings == Fixture.settings)
    #expect(press(.character("2"), on: &state).first == .send(.observe(nil)))
  }

  @Test func theExplorerShowsWhatTheTrainerDraws() throws {
    var state = Fixture.state()
    let layouts = try Fixture.layouts()
    for layout in layouts.prefix(5) {
      #expect(state.explorer.layout == layout)
      _ = press(.character("n"), on: &state)
    }
  }

  @Test func theCursorStaysInTheCausalTriangle() throws {
    var state = try Fixture.trained(screen: .attention)
    let tokens = try #require(state.attention.view?.map.tokens)
    for _ in 0..<10 { _ = press(KeyPress(.pageUp), on: &state) }
    #expect(state.attention.query == 0 && state.attention.key == 0)
    _ = press(.character("l"), on: &state)
    #expect(state.attention.key == 0)
    for _ in 0..<20 { _ = press(KeyPress(.pageDown), on: &state) }
    #expect(state.attention.query == tokens - 1)
  }

  @Test func layersAndHeadsWrapAround() throws {
    var state = try Fixture.trained(screen: .attention)
    #expect(press(.character("K"), on: &state) == [.send(.observe(.init(layer: 2, head: 0)))])
    #expect(press(.character("H"), on: &state) == [.send(.observe(.init(layer: 2, head: 3)))])
  }

  @Test func newsOfANewRunReplaceTheOld() throws {
    var state = try Fixture.trained()
    _ = reduce(&state, .news(try Fixture.ready()))
    #expect(state.training.steps.isEmpty)
    #expect(state.attention.view == nil)
  }
}

/// The one key table that dispatch, help and status bar read.
@Suite struct KeyTableTests {
  @Test(arguments: Pane.allCases)
  func noKeyMeansTwoThingsInAPane(pane: Pane) {
    let keys = KeyTable.standard.bindings.filter { $0.works(in: pane) }.flatMap(\.keys)
    #expect(Set(keys).count == keys.count)
  }

  @Test func identifiersAreUnique() {
    #expect(Set(KeyTable.standard.bindings.map(\.id)).count == KeyTable.standard.bindings.count)
  }

  /// Keys that terminals, screen and tmux keep for themselves.
  @Test(arguments: ["a", "b", "s", "q", "c", "z"] as [Character])
  func reservedControlKeysAreFree(character: Character) {
    let key = KeyPress(.character(character), .control)
    #expect(!KeyTable.standard.bindings.contains { $0.keys.contains(key) })
  }

  @Test(arguments: Screen.allCases)
  func everyScreenHintsAtHelp(screen: Screen) {
    for size in [Size(60, 16), Size(80, 24), Size(200, 50)] {
      let bar = view(Fixture.state(size, screen: screen), Look(theme: .fallback)).lines.last
      #expect(bar?.contains("? help") == true && bar?.hasSuffix("q quit") == true)
    }
  }

  /// `f` finds the head that reaches across the skip, `F` the cell that shows it.
  @Test func farAttentionIsFound() throws {
    var state = try Fixture.trained(screen: .attention)
    let heads = try #require(state.attention.view?.heads)
    let effects = reduce(&state, .key(.character("f")))
    #expect(heads.first { $0.address == state.attention.address }?.far == heads.map(\.far).max())
    #expect(effects == [.send(.observe(state.attention.address))])
    _ = reduce(&state, .key(.character("F")))
    let view = try #require(state.attention.view)
    let positions = view.layout.positions
    #expect(positions[state.attention.query] - positions[state.attention.key] >= 128)
    #expect(view.map.weights[state.attention.query * view.map.tokens + state.attention.key] > 0.1)
  }

  /// What was looked at on another screen is not slipped to the run with the next change.
  @Test func aRunTakesOnWhatWasChangedAlone() throws {
    var state = try Fixture.trained()
    _ = reduce(&state, .action(.show(.positions)))
    _ = reduce(&state, .key(.character("b")))
    #expect(state.explorer.settings.method != "pose")
    _ = reduce(&state, .action(.show(.train)))
    var wanted = Fixture.settings
    wanted.target *= 2
    #expect(reduce(&state, .key(.character("t"))).contains(.send(.change(wanted))))
    #expect(state.notice == nil)
  }
}
