import Canvas
import Foundation
import Testing

@testable import Workbench

/// Each screen as it is drawn, glyph by glyph and colour by colour.
@Suite struct GoldenFrameTests {
  private func look(_ theme: String, _ glyphs: GlyphSet = .braille, isColorless: Bool = false) throws -> Look {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let theme = try ThemeFile.theme(named: theme, in: root.appendingPathComponent("themes").path)
    return Look(theme: theme, glyphs: glyphs, isColorless: isColorless)
  }

  @Test(arguments: Screen.allCases, [Size(80, 24), Size(120, 36)])
  func screens(screen: Screen, size: Size) throws {
    let state = try Fixture.trained(size, screen: screen)
    try GoldenFrame.expect(
      view(state, look("dark")), named: "\(screen.rawValue)-\(size.columns)x\(size.rows)")
  }

  @Test(arguments: Screen.allCases)
  func screensInLight(screen: Screen) throws {
    try GoldenFrame.expect(
      view(try Fixture.trained(screen: screen), look("light")), named: "\(screen.rawValue)-80x24-light")
  }

  @Test(arguments: Screen.allCases)
  func screensInASCIIWithoutColour(screen: Screen) throws {
    let state = try Fixture.trained(screen: screen)
    try GoldenFrame.expect(
      view(state, Look(theme: .fallback, glyphs: .ascii, isColorless: true)), named: "\(screen.rawValue)-80x24-ascii")
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
