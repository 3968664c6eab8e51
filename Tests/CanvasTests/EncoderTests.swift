import Foundation
import Testing

@testable import Canvas

/// Frames as text, ANSI and SVG.
@Suite struct EncoderTests {
  private var sample: Canvas {
    var canvas = Canvas(size: Size(10, 2))
    canvas.write("a<b>&", 0, 0, Style(.rgb(255, 0, 0), on: .indexed(4), .bold))
    canvas.write("█▀⠓─漢", 0, 1, Style(.indexed(10)))
    return canvas
  }

  @Test func ansiChangesStyleOnlyWhereItChanges() {
    #expect(
      sample.ansi(depth: .trueColor)
        == "\u{1B}[0;1;38;2;255;0;0;44ma<b>&\u{1B}[0m     \u{1B}[0m\n\u{1B}[0;92m█▀⠓─漢\u{1B}[0m    \n"
        .replacingOccurrences(
          of: "\u{1B}[0m     \u{1B}[0m\n", with: "\u{1B}[0m     \n"))
    #expect(sample.ansi(depth: .indexed256).contains("38;5;196"))
    #expect(!sample.ansi(depth: .mono).contains("38"))
  }

  @Test func textIsTheGlyphsAlone() {
    #expect(sample.text == "a<b>&\n█▀⠓─漢\n")
  }

  @Test func svgIsWellFormedAndEscaped() throws {
    let svg = sample.svg(background: RGB(0, 0, 0))
    #expect(svg == sample.svg(background: RGB(0, 0, 0)))
    #expect(svg.contains("a&lt;b&gt;&amp;"))
    // Blocks and dots are shapes, not text that a font may lack.
    #expect(!svg.contains("█") && !svg.contains("⠓") && !svg.contains("─") && svg.contains("漢"))
    // Every element that opens closes.
    let opened = svg.matches(of: /<([a-z]+)(\s[^>]*)?>/).filter { !$0.0.hasSuffix("/>") }.map { String($0.1) }
    let closed = svg.matches(of: /<\/([a-z]+)>/).map { String($0.1) }
    #expect(opened.sorted() == closed.sorted())
  }
}
