import Canvas

/// A frame full of what a presenter can get wrong: wide glyphs, braille, every attribute and many colours.
enum ProbePattern {
  static func frame(size: Size, step: Int) -> Canvas {
    var canvas = Canvas(size: size)
    var state = UInt64(step) &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
    let narrow: [Unicode.Scalar] = ["a", "Z", "~", " ", " ", "é", "─", "▀", "⣿", "⠁", "█", "│"]
    let wide: [Unicode.Scalar] = ["漢", "字", "ｗ"]
    for row in 0..<size.rows {
      var column = 0
      // Runs of one style, so that erasing and repeating pay off for ncurses.
      while column < size.columns {
        let foreground = color(next(40), next(256))
        let background = color(next(40), next(256))
        let style = Style(foreground, on: background, .init(rawValue: attributes(next(12))))
        let repeats = next(3) == 0
        var scalar = narrow[next(narrow.count)]
        for _ in 0..<(1 + next(20)) where column < size.columns {
          if !repeats { scalar = narrow[next(narrow.count)] }
          if next(10) == 0 && column + 1 < size.columns {
            canvas[column, row] = Cell(Glyph(wide[next(wide.count)]), style)
            canvas[column + 1, row] = Cell(.continuation, style)
            column += 2
          } else {
            canvas[column, row] = Cell(Glyph(scalar), style)
            column += 1
          }
        }
      }
    }
    return canvas
  }

  private static func color(_ kind: Int, _ index: Int) -> Color {
    switch kind {
    case 0..<20: .standard
    case 20..<38: .indexed(UInt8(index))
    // An entry of the 256-colour cube (67), so that the nearest one is exact.
    default: .rgb(95, 135, 175)
    }
  }

  private static func attributes(_ choice: Int) -> UInt8 {
    choice < 5 ? 1 << UInt8(choice) : choice == 5 ? 0b11111 : 0
  }
}
