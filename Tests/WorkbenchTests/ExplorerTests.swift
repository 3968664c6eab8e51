import Canvas
import FineTuning
import Foundation
import Positions
import Testing

@testable import Workbench

/// The position lab: what mouse and keys do to layouts, curves and pins.
@Suite struct ExplorerTests {
  private func press(_ keys: String, on state: inout WorkbenchState) {
    for character in keys { _ = reduce(&state, .key(.character(character))) }
  }

  private func mouse(_ action: MouseEvent.Action, _ column: Int, _ row: Int, on state: inout WorkbenchState) {
    _ = reduce(&state, .mouse(MouseEvent(action, at: Point(column, row))))
  }

  private func plan(_ state: WorkbenchState) throws -> LayoutPlan {
    LayoutPlan(state.explorer, in: try #require(state.arrangement.rect(of: .layout)))
  }

  // MARK: - The mouse

  @Test func aBorderIsDraggedAndUndoneAtOnce() throws {
    var state = Fixture.state(Size(120, 36))
    let drawn = try #require(state.explorer.layout)
    let lane = try #require(try plan(state).lane(.window))
    let border = lane.columns(of: drawn.chunks[1].start..<drawn.chunks[1].start + 1).lowerBound
    mouse(.press(.left), border, lane.rect.row, on: &state)
    for column in stride(from: border, through: lane.rect.column + 20, by: border > lane.rect.column + 20 ? -1 : 1) {
      mouse(.drag(.left), column, lane.rect.row, on: &state)
    }
    mouse(.release(.left), lane.rect.column + 20, lane.rect.row, on: &state)
    #expect(state.explorer.layout?.chunks[1].start == lane.value(at: lane.rect.column + 20))
    #expect(state.explorer.handle == LayoutHandle(kind: .border, chunk: 1))
    press("u", on: &state)
    #expect(state.explorer.layout == drawn)
    // A drag that was let go of moves nothing any more.
    mouse(.drag(.left), lane.rect.column + 5, lane.rect.row, on: &state)
    #expect(state.explorer.layout == drawn)
  }

  @Test func aSkipIsDraggedByItsChunk() throws {
    var state = Fixture.state(Size(120, 36))
    let before = try #require(state.explorer.layout?.chunks[1])
    let lane = try #require(try plan(state).lane(.target))
    let grip = lane.columns(of: before.positions).lowerBound + 1
    mouse(.press(.left), grip, lane.rect.row, on: &state)
    mouse(.drag(.left), grip - 6, lane.rect.row + 9, on: &state)
    let moved = try #require(state.explorer.layout?.chunks[1].skipBias)
    #expect(moved == before.skipBias + lane.value(at: grip - 6) - lane.value(at: grip))
    mouse(.drag(.left), 0, lane.rect.row, on: &state)
    #expect(state.explorer.layout?.chunks[1].skipBias == 0)
    mouse(.drag(.left), 500, lane.rect.row, on: &state)
    #expect(state.explorer.layout?.chunks[1].skipBias == 1024 - 128)
  }

  @Test func clicksPressWhatIsNamed() throws {
    var state = Fixture.state()
    let bar = try #require(view(state, Look(theme: .fallback)).lines.last)
    let column = bar.distance(from: bar.startIndex, to: try #require(bar.range(of: "next")).lowerBound)
    mouse(.press(.left), column, 23, on: &state)
    #expect(state.explorer.example == 1)
    mouse(.press(.left), 26, 0, on: &state)
    #expect(state.screen == .train)
    mouse(.press(.left), 60, 5, on: &state)
    #expect(state.pane == .run)
  }

  @Test func tabsChooseThePaneWhereOneIsShown() {
    var state = Fixture.state(Size(60, 16))
    #expect(state.arrangement.places.map(\.pane) == [.layout])
    mouse(.press(.left), 14, 1, on: &state)
    #expect(state.arrangement.places.map(\.pane) == [.distances])
    _ = reduce(&state, .key(KeyPress(.tab, .shift)))
    #expect(state.pane == .layout)
  }

  @Test func theWheelZoomsAtThePointer() throws {
    var state = Fixture.state(Size(120, 36))
    let rect = try #require(state.arrangement.rect(of: .distances))
    let pane = DistancePane(explorer: state.explorer, look: Look(theme: .fallback))
    let (column, row) = (rect.column + rect.columns * 3 / 4, rect.row + 4)
    let distance = pane.distance(at: column, in: rect)
    for _ in 0..<4 { mouse(.wheelUp, column, row, on: &state) }
    let shown = state.explorer.view.shown(target: 1024)
    #expect(shown.contains(distance) && shown.count < 80)
    let near = DistancePane(explorer: state.explorer, look: Look(theme: .fallback)).distance(at: column, in: rect)
    #expect(abs(near - distance) <= 8)
    for _ in 0..<6 { mouse(.wheelDown, column, row, on: &state) }
    #expect(state.explorer.view.shown(target: 1024) == 1...1023)
  }

  // MARK: - Curves

  @Test func theCursorReadsTheClosedFormOff() throws {
    var state = Fixture.state(Size(200, 50))
    press("i", on: &state)
    #expect(state.pane == .distances)
    while let cursor = state.explorer.view.cursor, cursor != 200 { press(cursor > 200 ? "j" : "k", on: &state) }
    let exact = try #require(state.explorer.survey?.exact?.coverage[200])
    let text = view(state, Look(theme: .fallback)).lines.joined(separator: "\n")
    #expect(text.contains("d 200") && text.contains(String(format: "exact %.6f", exact)))
    _ = reduce(&state, .key(KeyPress(.escape)))
    #expect(state.explorer.view.cursor == nil)
  }

  @Test func fourCurvesArePinnedAndAFifthIsRefused() throws {
    var state = Fixture.state(Size(200, 50))
    for count in 1...4 {
      press("a", on: &state)
      #expect(state.explorer.pins.count == count)
      press("t", on: &state)
    }
    press("a", on: &state)
    #expect(state.explorer.pins.count == 4 && state.notice?.kind == .problem)
    press("A", on: &state)
    #expect(state.explorer.pins.map(\.window.target) == [1024, 2048, 4096])
    // The same curve again lets go of it.
    press("ggga", on: &state)
    #expect(state.explorer.pins.map(\.window.target) == [1024, 4096])
    let text = view(state, Look(theme: .fallback)).lines.joined(separator: "\n")
    #expect(text.contains("1 pose N 2") && text.contains("2 pose N 2"))
  }

  @Test func whatHasNoClosedFormIsAskedFor() throws {
    var state = Fixture.state()
    let effects = reduce(&state, .key(.character("c")))
    #expect(effects == [.survey(state.explorer.surveyRequest)] && state.explorer.curves == nil)
    press("a", on: &state)
    #expect(state.notice == .problem("there are no curves to pin yet"))
    // An answer to another question is passed over.
    var other = state.explorer.settings
    other.chunks = 5
    _ = reduce(&state, .survey(DistanceSurvey.conducted(SurveyRequest(other, samples: 10))))
    #expect(state.explorer.curves == nil)
    _ = reduce(&state, .survey(DistanceSurvey.conducted(state.explorer.surveyRequest)))
    #expect(state.explorer.curves?.profile.samples == 20_000)
    // What does not change layouts changes no curves.
    #expect(reduce(&state, .key(.character("s"))).isEmpty)
    #expect(state.explorer.curves?.profile.samples == 20_000)
    #expect(reduce(&state, .key(.character("M"))) == [.survey(state.explorer.surveyRequest)])
    #expect(state.explorer.surveyRequest.samples == 1_000_000)
  }

  // MARK: - Settings

  @Test func keysThatASamplerDoesNotReadSaySo() {
    var state = Fixture.state()
    press("b", on: &state)
    #expect(state.explorer.settings.method == "randpos")
    press("c", on: &state)
    #expect(state.notice == .problem("randpos does not cut into N chunks; b changes the sampler"))
    #expect(state.explorer.settings.chunks == 2)
  }

  /// From any sampler the next one that can draw; `scripted` begins as the layout shown and keeps what is moved.
  @Test func everySamplerIsReachedAndScriptsAreKept() throws {
    var state = Fixture.state()
    var seen: Set<String> = []
    for _ in SamplerRegistry.names {
      let before = state.explorer.layout
      press("b", on: &state)
      seen.insert(state.explorer.settings.method)
      guard state.explorer.settings.method == "scripted" else { continue }
      #expect(state.explorer.layout?.chunks == before?.chunks)
      press("l", on: &state)
      let script = state.explorer.settings.script
      #expect(script == state.explorer.layout?.chunks && script != before?.chunks)
      press("u", on: &state)
      #expect(state.explorer.layout?.chunks == before?.chunks)
    }
    #expect(seen == Set(SamplerRegistry.names))
  }

  @Test func commandsSetWhatKeysCannot() throws {
    var state = Fixture.state()
    func type(_ command: String) -> Notice? {
      press(":", on: &state)
      _ = reduce(&state, .paste(command))
      _ = reduce(&state, .key(KeyPress(.enter)))
      return state.notice
    }
    #expect(type("script 60@0,68@500") == nil)
    #expect(state.explorer.layout?.positions.last == 500 + 127)
    #expect(type("script 60@0,69@500")?.text.contains("the sum of the lengths is 129") == true)
    #expect(type("script 60")?.kind == .problem && type("wanted 1,x")?.kind == .problem)
    #expect(type("wanted 0,1") == nil && state.explorer.settings.method == "balanced")
    #expect(type("seam masked") == nil && state.explorer.settings.seam == .masked)
    #expect(
      type("window 2048")?.text
        == "the target window (1024) is below the training window (2048); choose a target of 2048 or more")
    #expect(state.explorer.settings.window == 128)
  }

  // MARK: - Explanations

  /// The numbers of an explanation are those of the state.
  @Test func explanationsCarryLiveNumbers() throws {
    var state = try Fixture.trained(Size(120, 36), screen: .positions)
    for pane in Screen.positions.panes {
      #expect(state.pane == pane)
      press("e", on: &state)
      #expect(state.overlay == .explanation)
      let lines = state.explanation.lines
      #expect(lines.contains { if case .formula = $0 { true } else { false } })
      let text = view(state, Look(theme: .fallback)).lines.joined(separator: "\n")
      for case .value(_, let value) in lines { #expect(text.contains(value), "\(pane): \(value)") }
      press("e", on: &state)
      #expect(state.overlay == nil)
      _ = reduce(&state, .key(KeyPress(.tab)))
    }
    let chunk = try #require(state.explorer.layout?.chunks.last)
    let sum = "\(grouped(chunk.skipBias)) + \(grouped(chunk.start)) = \(grouped(chunk.positions.lowerBound))"
    #expect(state.explorer.layoutExplanation.lines.contains(.value("first position of chunk B", sum)))
  }

  /// A + B − A·B with the parts shown is the value shown.
  @Test(arguments: [1, 100, 128, 500, 1000, 1023])
  func thePartsOfCoverageMakeItsValue(distance: Int) throws {
    var state = Fixture.state()
    state.explorer.view.place(cursor: distance, target: 1024)
    let values = state.explorer.distanceExplanation.lines.compactMap { line -> Double? in
      if case .value(let name, let value) = line, name.contains("(\(grouped(distance)))") { Double(value) } else { nil }
    }
    try #require(values.count == 3)
    #expect(abs(values[0] + values[1] - values[0] * values[1] - values[2]) < 3e-6)
  }

  // MARK: - Pairs and angles

  @Test(arguments: SamplerRegistry.names)
  func pairsBeyondTheWindowAreCounted(method: String) throws {
    var settings = RunSettings(window: 32, target: 100)
    settings.method = method
    settings.chunks = 3
    guard let layout = try? settings.layout(example: 1) else { return }
    let positions = layout.positions
    let counted = positions.indices.reduce(0) { count, later in
      count + positions[..<later].filter { positions[later] - $0 >= 32 }.count
    }
    #expect(layout.pairsBeyondWindow == counted)
    let blocks = PairsPane.blocks(layout)
    guard !blocks.isEmpty else { return }
    #expect(blocks.reduce(0) { $0 + $1.count } == positions.count * (positions.count - 1) / 2)
  }

  /// With 128 dimensions from 2,048 to 16,384 tokens: without scaling the slow pairs meet new angles, with NTK few, with
  /// interpolation none.
  @Test func unseenAnglesAreThoseBeyondTheTrainedTurn() throws {
    var configuration = Fixture.configuration
    configuration.headDimension = 128
    configuration.scaling.originalWindow = 2048
    var settings = RunSettings(window: 2048, target: 16_384)
    func phases(_ scaling: String) throws -> RotaryPhases {
      settings.scaling = scaling
      return try #require(RotaryPhases(settings, configuration))
    }
    let none = try phases("none")
    #expect(abs(none.turnsSeen(0) - 326) < 0.1 && abs(none.turnsSeen(45) - 0.502) < 0.001)
    // Pairs 41 to 63 turn less than once.
    #expect(none.unseenPairs == 23)
    let turn = none.plain.inverse[50] * 250.5 / (2 * .pi)
    if case .seen(let drawn) = none.stretch(50, 1...500) { #expect(abs(drawn - turn) < 1e-12) } else { Issue.record() }
    #expect(none.stretch(50, 2100...2600) == .unseen && none.stretch(20, 9000...9512) == .blurred)
    #expect(try phases("linear").unseenPairs == 0 && phases("yarn").unseenPairs == 0)
    #expect(try (1..<23).contains(phases("ntk").unseenPairs))
  }
}
