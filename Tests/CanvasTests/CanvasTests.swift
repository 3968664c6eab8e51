import Positions
import Testing

@testable import Canvas

/// Drawing: text, clipping, frames.
@Suite struct CanvasTests {
  @Test func textIsCutAtItsLimitWithAnEllipsis() {
    var canvas = Canvas(size: Size(10, 1))
    #expect(canvas.write("positions", 0, 0, .plain, limit: 5) == 5)
    #expect(canvas.lines == ["posi…"])
    #expect(canvas.write("all", 6, 0, .plain, limit: 3) == 3)
    #expect(canvas.lines == ["posi… all"])
  }

  @Test func wideGlyphsTakeTwoCellsAndMarksNone() {
    var canvas = Canvas(size: Size(8, 1))
    #expect(canvas.write("漢e\u{301}x", 0, 0, .plain) == 4)
    #expect(canvas[1, 0].glyph == .continuation)
    #expect(canvas.lines == ["漢ex"])
    #expect("漢字".columnCount == 4 && "e\u{301}".columnCount == 1)
    // A wide glyph that does not fit is left out, never cut in half.
    var narrow = Canvas(size: Size(3, 1))
    #expect(narrow.write("漢字", 0, 0, .plain, limit: 3) == 3)
    #expect(narrow.lines == ["漢…"])
  }

  @Test func controlCharactersNeverReachACell() {
    var canvas = Canvas(size: Size(20, 1))
    canvas.write("a\u{1B}[31mb\u{9B}c\n\u{7F}", 0, 0, .plain)
    #expect(canvas.cells.allSatisfy { $0.glyph.scalar.value >= 0x20 && !(0x7F...0x9F).contains($0.glyph.scalar.value) })
    #expect(canvas.lines == ["a\u{FFFD}[31mb\u{FFFD}c\u{FFFD}\u{FFFD}"])
  }

  /// Anything drawn at any place and size neither traps nor touches a cell outside the clip.
  @Test func drawingStaysInsideItsClip() {
    var random = RandomStream(seed: 1)
    let mark = Cell(Glyph("~"), Style(.indexed(9)))
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    for _ in 0..<400 {
      var canvas = Canvas(size: Size(number(0...30), number(0...12)), filledWith: mark)
      let clip = Rect(number(-5...20), number(-5...10), number(-3...25), number(-3...12))
      let rect = Rect(number(-10...30), number(-10...12), number(-3...50), number(-3...30))
      let glyphs = GlyphSet.allCases[number(0...2)]
      canvas.clipped(to: clip) { canvas in
        canvas.fill(rect, .plain)
        canvas.frame(
          rect, PaneFrame("title", info: "info", border: .plain, titleStyle: .plain, infoStyle: .plain), glyphs)
        canvas.write("some 漢 text", rect.column, rect.row, .plain)
        canvas.write("end", endingAt: rect.endColumn, rect.row, .plain)
        canvas.bar(0.7, rect.column, rect.row, columns: rect.columns, .plain, glyphs)
        LinePlot(
          [LinePlot.Series([(x: 0, y: 1), (x: 5, y: .nan), (x: 9, y: 4)], .plain)], x: Axis(0, 9), y: Axis(0, 4),
          axisStyle: .plain
        ).draw(on: &canvas, in: rect, glyphs)
        Lane(length: 100, intervals: [.init(3..<4, .plain, letter: "A")], track: .plain)
          .draw(on: &canvas, in: rect, glyphs)
        Heatmap(
          rows: 3, columns: 3, values: [0, 1, .nan, 0.5, 2, -1, 0, 0, 1], ramp: .grey, background: .plain,
          seamStyle: .plain, cursorStyle: .plain
        ).draw(on: &canvas, in: rect, glyphs)
      }
      for row in 0..<canvas.size.rows {
        for column in 0..<canvas.size.columns where !clip.contains(column, row) {
          #expect(canvas[column, row] == mark)
        }
      }
    }
  }

  @Test func framesCarryTheirTitleAndFacts() {
    var canvas = Canvas(size: Size(20, 3))
    let inside = canvas.frame(
      canvas.bounds, PaneFrame("Loss", info: "nats", border: .plain, titleStyle: .plain, infoStyle: .plain), .braille)
    #expect(canvas.lines == ["╭─ Loss ──── nats ─╮", "│                  │", "╰──────────────────╯"])
    #expect(inside == Rect(1, 1, 18, 1))
  }

  @Test func textWrapsAtSpacesAndCutsLongWords() {
    #expect(wrapped("one two three", columns: 7) == ["one two", "three"])
    #expect(wrapped("abcdefgh", columns: 3) == ["abc", "def", "gh"])
    #expect(wrapped("a\nb", columns: 5) == ["a", "b"])
    #expect(wrapped("anything", columns: 0) == [])
  }

  @Test func rectanglesSplitWithoutLosingCells() {
    let rect = Rect(2, 3, 10, 7)
    #expect(rect.splitTop(3) == (Rect(2, 3, 10, 3), Rect(2, 6, 10, 4)))
    #expect(rect.splitBottom(20) == (Rect(2, 3, 10, 0), Rect(2, 3, 10, 7)))
    #expect(rect.splitLeft(-4) == (Rect(2, 3, 0, 7), Rect(2, 3, 10, 7)))
    #expect(rect.centred(Size(4, 3)) == Rect(5, 5, 4, 3))
  }

  /// A word as long as a file is cut in a time that grows with its length alone.
  @Test func aVeryLongWordIsWrappedAtOnce() {
    let took = ContinuousClock().measure {
      let lines = wrapped("a " + String(repeating: "x", count: 200_000), columns: 40)
      #expect(lines.count == 5001 && lines[1].count == 40 && lines.last?.count == 40)
    }
    #expect(took < .seconds(10))
  }
}
