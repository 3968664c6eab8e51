import Canvas
import Testing

@testable import Workbench

/// What holds for every screen at every size.
@Suite struct ViewTests {
  static let sizes = [
    Size(0, 0), Size(1, 1), Size(3, 40), Size(39, 9), Size(40, 10), Size(59, 16), Size(60, 16), Size(80, 24),
    Size(100, 17), Size(120, 36), Size(200, 60), Size(300, 20),
  ]

  @Test(arguments: sizes, GlyphSet.allCases)
  func everyStateDrawsAtEverySize(size: Size, glyphs: GlyphSet) throws {
    for screen in Screen.allCases {
      for var state in [Fixture.state(size, screen: screen), try Fixture.trained(size, screen: screen)] {
        for overlay in [nil, .help(filter: "", scroll: 3), .prompt(Prompt()), .confirmQuit] as [Overlay?] {
          state.overlay = overlay
          let canvas = view(state, Look(theme: .fallback, glyphs: glyphs))
          #expect(canvas.size == size)
          if glyphs == .ascii { #expect(canvas.cells.allSatisfy { $0.glyph.scalar.isASCII }) }
        }
      }
    }
  }

  @Test func aTerminalTooSmallIsToldTheSizeItNeeds() throws {
    let text = view(try Fixture.trained(Size(38, 9)), Look(theme: .fallback)).lines.joined(separator: "\n")
    #expect(text.contains("needs 40×10, has 38×9"))
    #expect(text.contains("step 80"))
  }

  /// By its name where there is room for it, else by its digit.
  @Test(arguments: [Size(120, 36), Size(80, 24)])
  func clickingAScreensNameFindsIt(size: Size) {
    let state = Fixture.state(size)
    let line = view(state, Look(theme: .fallback)).lines[0]
    for screen in Screen.allCases {
      let name = size.columns > 100 ? screen.title : "\(screen.digit) "
      let offset = line.range(of: name).map { line.distance(from: line.startIndex, to: $0.lowerBound) }
      #expect(offset.flatMap { headerScreen(at: Point($0, 0), state) } == screen)
    }
    #expect(headerScreen(at: Point(15, 3), state) == nil)
  }

  /// Samplers without chunks, with many, with one; a target of one window and one of a million.
  @Test(arguments: ["randpos", "full", "contiguous", "pose"], [128, 1 << 20])
  func extremeLayoutsDraw(method: String, target: Int) {
    for chunks in [1, 2, 100] {
      var state = Fixture.state(Size(120, 36))
      let problem = state.explorer.change { settings in
        settings.method = method
        settings.chunks = chunks
        settings.target = target
      }
      #expect(problem == nil)
      #expect(view(state, Look(theme: .fallback)).lines[1].contains("Positions"))
    }
  }
}
