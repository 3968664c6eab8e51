import Testing

@testable import Workbench

/// Keys of one's own.
@Suite struct KeyFileTests {
  @Test func keysAreChanged() {
    let file = KeyFile("# mine\ntheme = F2 Ctrl-T\n\nlayout.next = Right Enter  # two\n", name: "keys")
    // → already moves what is selected, so the line is refused; the one before it holds.
    #expect(file.changes == ["theme": [KeyPress(.function(2)), KeyPress(.character("t"), .control)]])
    #expect(file.problems.count == 1)
    var state = Fixture.state()
    state.keys = KeyTable(changes: file.changes)
    _ = reduce(&state, .key(KeyPress(.function(2))))
    #expect(state.overlay == .themes(before: "dark"))
    state.overlay = nil
    _ = reduce(&state, .key(.character("T")))
    #expect(state.overlay == nil)
    #expect(view(state, Look(theme: .fallback)).lines.joined().contains("help"))
  }

  @Test(arguments: [
    ("theme", "keys, line 1: a line is ID = KEY, such as theme = F2"),
    ("theme F2", "keys, line 1: a line is ID = KEY, such as theme = F2"),
    ("\nthemes = F2", "keys, line 2: there is no action 'themes'"),
    ("axis.none = x", "known are axis.distance, axis.value"),
    ("theme = Hyper-T", "'Hyper-T' is no key"),
    ("theme = q", "q is already 'quit' (quit) in the same place"),
    ("layout.next = c", "c is already 'chunks.more'"),
  ])
  func mistakesNameTheirLine(text: String, problem: String) {
    let file = KeyFile(text, name: "keys")
    #expect(file.changes.isEmpty)
    #expect(file.problems.count == 1 && file.problems[0].contains(problem), "\(file.problems)")
  }

  /// The same key may do one thing here and another there, and a key that was given up is free.
  @Test func keysApartDoNotClash() {
    #expect(KeyFile("model.remove = o", name: "keys").problems.count == 1)
    #expect(KeyFile("measure.base = O\nmodel.remove = o", name: "keys").problems.isEmpty)
    #expect(KeyFile("sink = m", name: "keys").problems.isEmpty)
  }

  @Test func everyKeyIsReadBackFromItsName() {
    for key in KeyTable.standard.bindings.flatMap(\.keys) { #expect(KeyPress(named: key.label) == key, "\(key.label)") }
    #expect(KeyPress(named: "Shift-Left") == KeyPress(.left, .shift))
    #expect(KeyPress(named: "Up") == KeyPress(.up))
    #expect(KeyPress(named: "") == nil && KeyPress(named: "F99") == nil)
  }

  @Test func theWorkbenchRemembersHowItWasLeft() {
    var left = Fixture.state(screen: .attention)
    left.focus[.attention] = .heads
    left.themeName = "light"
    left.training.smoothing = 0
    left.attention.scale = .logarithmic
    left.explorer.view.valueScale = .symmetricLogarithmic
    let memory = WorkbenchMemory(left)
    var fresh = Fixture.state()
    memory.restore(&fresh)
    #expect(WorkbenchMemory(fresh).themeName == "dark")
    fresh.themeName = memory.themeName
    #expect(WorkbenchMemory(fresh) == memory)
    #expect(fresh.pane == .heads)
  }

  /// Every line is told of, however many there are.
  @Test func manyBadLinesAreReadAtOnce() {
    let took = ContinuousClock().measure {
      #expect(KeyFile(String(repeating: "x = y\n", count: 20_000), name: "keys").problems.count == 20_000)
    }
    #expect(took < .seconds(10))
  }
}
