import Canvas
import FineTuning
import Foundation
import Positions
import Testing

@testable import Workbench

/// Each screen as it is drawn, glyph by glyph and colour by colour.
@Suite struct GoldenFrameTests {
  private func look(_ theme: String, _ glyphs: GlyphSet = .braille, isColorless: Bool = false) throws -> Look {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let theme = try ThemeFile.theme(named: theme, in: [root.appendingPathComponent("themes").path])
    return Look(theme: theme, glyphs: glyphs, isColorless: isColorless)
  }

  /// Colours and glyphs of a terminal: each depth with each set of glyphs, over the sizes.
  static let terminals: [(size: Size, depth: ColorDepth, glyphs: GlyphSet)] = {
    let sizes = [Size(120, 36), Size(80, 24), Size(60, 16), Size(40, 10)]
    return sizes.enumerated().flatMap { row, size in
      ColorDepth.allCases.enumerated().map { column, depth in
        (size, depth, GlyphSet.allCases[(row + column) % GlyphSet.allCases.count])
      }
    }
  }()

  @Test(arguments: Screen.allCases, terminals.indices)
  func screens(screen: Screen, terminal: Int) throws {
    let (size, depth, glyphs) = Self.terminals[terminal]
    let look = try look(depth == .ansi16 ? "sixteen" : "dark", glyphs, isColorless: depth == .mono)
    try GoldenFrame.expect(
      view(try Fixture.trained(size, screen: screen), look),
      named: "\(screen.rawValue)-\(size.columns)x\(size.rows)-\(depth.rawValue)-\(glyphs.rawValue)", depth: depth)
  }

  @Test(arguments: Screen.allCases)
  func screensInLight(screen: Screen) throws {
    try GoldenFrame.expect(
      view(try Fixture.trained(screen: screen), look("light")), named: "\(screen.rawValue)-80x24-light")
  }

  static let sizes = [Size(40, 10), Size(60, 16), Size(80, 24), Size(120, 36), Size(200, 50)]

  /// The position lab with three chunks, two pins and a cursor, at every size and with as few colours and glyphs as there are.
  @Test(arguments: sizes, ["colour", "16", "mono", "ascii"])
  func positionLab(size: Size, kind: String) throws {
    let state = try Fixture.lab(size)
    let look: Look =
      switch kind {
      case "mono": Look(theme: .fallback, isColorless: true)
      case "ascii": Look(theme: .fallback, glyphs: .ascii, isColorless: true)
      default: try self.look("dark")
      }
    try GoldenFrame.expect(
      view(state, look), named: "lab-\(size.columns)x\(size.rows)-\(kind)", depth: kind == "16" ? .ansi16 : .trueColor)
  }

  @Test(arguments: Screen.positions.panes)
  func explanations(pane: Pane) throws {
    var state = try Fixture.lab(Size(80, 24))
    state.focus[.positions] = pane
    _ = reduce(&state, .action(.explain))
    try GoldenFrame.expect(view(state, look("dark")), named: "explain-\(pane.rawValue)-80x24")
  }

  @Test(arguments: [GlyphSet.braille, .ascii])
  func coverageFigure(glyphs: GlyphSet) throws {
    let figure = try CoverageFigure(TokenWindow(training: 64, target: 512), samples: 300, seed: 3)
    let look = try look("dark", glyphs, isColorless: glyphs == .ascii)
    try GoldenFrame.expect(figure.picture(Size(90, 36), look), named: "figure5-\(glyphs.rawValue)")
  }

  @Test func lookingBack() throws {
    var state = try Fixture.trained(Size(120, 36))
    _ = reduce(&state, .news(SessionNews(phase: .paused)))
    _ = reduce(&state, .action(.scrubTo(30)))
    try GoldenFrame.expect(view(state, look("dark")), named: "train-120x36-looking-back")
  }

  @Test(arguments: Overlay.samples.indices)
  func overlays(index: Int) throws {
    var state = try Fixture.trained(screen: .attention)
    state.overlay = Overlay.samples[index]
    try GoldenFrame.expect(view(state, look("dark")), named: "overlay-\(index)-80x24")
  }

  @Test func beforeTheFirstStep() throws {
    var state = Fixture.state(screen: .train)
    _ = reduce(&state, .news(try Fixture.ready()))
    try GoldenFrame.expect(view(state, look("dark")), named: "train-80x24-ready")
  }

  @Test func helpOverAScreen() throws {
    var state = try Fixture.trained(screen: .train)
    _ = reduce(&state, .action(.help))
    try GoldenFrame.expect(view(state, look("dark")), named: "help-80x24")
  }

  @Test func promptOverAScreen() throws {
    var state = try Fixture.trained(screen: .positions)
    _ = reduce(&state, .action(.prompt))
    _ = reduce(&state, .paste("s"))
    try GoldenFrame.expect(view(state, look("dark")), named: "prompt-80x24")
  }
}

extension Overlay {
  /// One of each kind.
  fileprivate static let samples: [Overlay] = [
    .help(filter: "axis", scroll: 0), .prompt(Prompt()), .themes(before: "dark"), .explanation, .confirmQuit,
    .confirmDelete("runs/2026-01-03-120000"),
  ]
}
