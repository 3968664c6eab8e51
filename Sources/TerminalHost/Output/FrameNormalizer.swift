import CNcurses
import Canvas

/// Makes a drawn canvas into what the terminal will hold after it is written.
///
/// Glyphs that would move the cursor or be dropped are replaced, a glyph two columns wide keeps its continuation to the
/// right and loses its place without one, and a continuation without its glyph is blank.
struct FrameNormalizer {
  let isUnicode: Bool

  func normalized(_ canvas: Canvas) -> Canvas {
    var result = canvas
    for row in 0..<canvas.size.rows {
      var column = 0
      while column < canvas.size.columns {
        let cell = canvas[column, row]
        let (glyph, width) = shown(cell.glyph)
        let hasContinuation =
          column + 1 < canvas.size.columns && canvas[column + 1, row].glyph == .continuation
        if width == 2 && hasContinuation {
          // Both halves take the style of the glyph, as they do on the terminal.
          result[column + 1, row] = Cell(.continuation, cell.style)
          column += 2
          continue
        }
        let fitting = width == 2 ? Glyph(" ") : glyph
        if fitting != cell.glyph { result[column, row] = Cell(fitting, cell.style) }
        column += 1
      }
    }
    return result
  }

  private func shown(_ glyph: Glyph) -> (glyph: Glyph, width: Int) {
    switch glyph.scalar.value {
    case 0x20...0x7E: return (glyph, 1)
    case 0: return (Glyph(" "), 1)
    case _ where !isUnicode: return (glyph.ascii, 1)
    case let value:
      let width = cn_width(value)
      return width == 1 || width == 2 ? (glyph, Int(width)) : (Glyph("\u{FFFD}"), 1)
    }
  }
}
