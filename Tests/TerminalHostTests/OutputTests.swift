import CNcurses
import Canvas
import Testing

@testable import TerminalHost

struct OutputTests {
  // MARK: Colour pairs

  private func pair(_ number: Int32) -> ColorPair { ColorPair(foreground: number, background: -1) }

  @Test func pairsAreDefinedOnceAndTheDefaultNever() {
    var pairs = ColorPairs(limit: 10)
    var defined: [Int32] = []
    func number(_ pair: ColorPair) -> Int32 {
      pairs.number(of: pair, inUse: { [] }, define: { number, _ in defined.append(number) })
    }
    #expect(number(.standard) == 0)
    #expect(number(pair(1)) == 1)
    #expect(number(pair(2)) == 2)
    #expect(number(pair(1)) == 1)
    #expect(defined == [1, 2])
  }

  @Test func fullPairsAreRecycledButNotThoseInUse() {
    var pairs = ColorPairs(limit: 3)
    var meaning: [Int32: ColorPair] = [:]
    func number(_ pair: ColorPair, inUse: Set<ColorPair>) -> Int32 {
      pairs.number(of: pair, inUse: { inUse }, define: { meaning[$0] = $1 })
    }
    let first = number(pair(1), inUse: [])
    let second = number(pair(2), inUse: [])
    pairs.beginFrame()
    #expect(number(pair(3), inUse: [pair(2), pair(3)]) == first)
    #expect(meaning[first] == pair(3))
    #expect(meaning[second] == pair(2))
    #expect(number(pair(2), inUse: []) == second)
  }

  @Test func aFrameWithTooManyPairsFallsBackToTheDefault() {
    var pairs = ColorPairs(limit: 2)
    var sweeps = 0
    let all = Set((1...3).map { pair($0) })
    let numbers = (1...3).map { number in
      pairs.number(
        of: pair(number),
        inUse: {
          sweeps += 1
          return all
        }, define: { _, _ in })
    }
    #expect(numbers == [1, 0, 0])
    #expect(sweeps == 1)
  }

  // MARK: Styles

  @Test(arguments: [
    (ColorDepth.indexed256, 256, Color.indexed(200), Int32(200), UInt32(0)),
    (.ansi16, 16, .indexed(12), 12, 0),
    (.ansi16, 8, .indexed(12), 4, UInt32(CN_BOLD)),
    (.mono, 256, .indexed(12), -1, 0),
    // What terminfo does not have cannot be had by asking.
    (.trueColor, 0, .indexed(12), -1, 0),
    (.trueColor, 256, .rgb(95, 135, 175), 67, 0),
    (.indexed256, 16, .rgb(255, 0, 0), 9, 0),
    (.indexed256, 1 << 24, .indexed(67), 0x5F87AF, 0),
    (.trueColor, 1 << 24, .rgb(1, 2, 3), 0x010203, 0),
    // Direct colours 0 … 7 would be the ANSI colours.
    (.trueColor, 1 << 24, .rgb(0, 0, 5), 8, 0),
    (.trueColor, 1 << 24, .indexed(5), 5, 0),
    (.trueColor, 1 << 24, .standard, -1, 0),
  ])
  func numbersColors(depth: ColorDepth, count: Int, color: Color, number: Int32, attributes: UInt32) {
    let style = CursesPalette(depth: depth, colorCount: count).style(Style(color))
    #expect(style.colors == ColorPair(foreground: number, background: -1))
    #expect(style.attributes == attributes)
  }

  // MARK: Frames

  private func normalized(_ glyphs: [Unicode.Scalar], isUnicode: Bool = true) -> [Unicode.Scalar] {
    _ = cn_use_locale()
    var canvas = Canvas(size: Size(glyphs.count, 1))
    for (column, scalar) in glyphs.enumerated() { canvas[column, 0] = Cell(Glyph(scalar)) }
    return FrameNormalizer(isUnicode: isUnicode).normalized(canvas).cells.map(\.glyph.scalar)
  }

  @Test(
    .enabled(if: cn_use_locale(), "needs a UTF-8 locale"),
    arguments: [
      (["漢", "\0", "a"], ["漢", "\0", "a"]),
      (["漢", "a"], [" ", "a"]),
      (["a", "漢"], ["a", " "]),
      (["a", "\0"], ["a", " "]),
      (["漢", "\0", "\0"], ["漢", "\0", " "]),
      (["\u{1B}", "\u{07}", "\u{9B}"], ["\u{FFFD}", "\u{FFFD}", "\u{FFFD}"]),
      (["\u{301}", "⣿"], ["\u{FFFD}", "⣿"]),
    ] as [([Unicode.Scalar], [Unicode.Scalar])])
  func keepsColumnsTrue(glyphs: [Unicode.Scalar], expected: [Unicode.Scalar]) {
    #expect(normalized(glyphs) == expected)
  }

  @Test func everyGlyphHasAnASCIIStandIn() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let ascii = Glyph(scalar).ascii.scalar.value
      if !(0x20...0x7E).contains(ascii) { Issue.record("U+\(String(value, radix: 16))") }
    }
    let shown = normalized(["─", "│", "┌", "█", "⣿", "a", "漢", "\0"], isUnicode: false)
    #expect(shown == ["-", "|", "+", "#", ":", "a", "?", " "])
  }

  @Test func titlesAreHarmless() {
    #expect(TitleText.sanitized("a\u{1B}]2;b\u{07}\u{9C}c\n漢", isUnicode: true) == "a]2;bc漢")
    #expect(TitleText.sanitized("a漢", isUnicode: false) == "a?")
    #expect(TitleText.sanitized(String(repeating: "x", count: 5000), isUnicode: true).count == TitleText.longest)
  }
}

struct TerminalTypeTests {
  private func facts(_ colors: Int32, direct: Bool = false) -> CNTerminalFacts {
    CNTerminalFacts(
      isKnown: true, placesCursor: true, speaksControlSequences: true, colors: colors, isDirectColor: direct)
  }

  private func database(_ name: String) -> CNTerminalFacts {
    switch name {
    case "xterm-256color", "screen-256color": facts(256)
    case "xterm-direct": facts(1 << 24, direct: true)
    case "linux": facts(8)
    case "vt100": facts(-1)
    default: CNTerminalFacts()
    }
  }

  @Test(arguments: [
    (["TERM": "xterm-256color"], "xterm-256color", ColorDepth.indexed256),
    (["TERM": "xterm-256color", "COLORTERM": "truecolor"], "xterm-direct", .trueColor),
    (["TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"], "xterm-direct", .mono),
    (["TERM": "xterm-256color", "NO_COLOR": ""], "xterm-256color", .indexed256),
    (["TERM": "screen-256color", "COLORTERM": "24bit"], "screen-256color", .indexed256),
    (["TERM": "xterm-direct"], "xterm-direct", .trueColor),
    (["TERM": "linux"], "linux", .ansi16),
    (["TERM": "vt100"], "vt100", .mono),
  ])
  func choosesTypeAndDepth(environment: [String: String], name: String, depth: ColorDepth) throws {
    let type = try #require(TerminalType.chosen(for: environment, facts: database))
    #expect(type.name == name)
    #expect(type.colorDepth(environment: environment) == depth)
  }

  @Test(arguments: [[:], ["TERM": ""], ["TERM": "nonsense"]])
  func knowsWhatItDoesNotKnow(environment: [String: String]) {
    #expect(TerminalType.chosen(for: environment, facts: database) == nil)
  }
}
