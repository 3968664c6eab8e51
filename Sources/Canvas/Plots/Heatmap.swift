import Foundation

/// A matrix of values as colours, two rows a cell where half blocks can be shown.
public struct Heatmap: Sendable {
  public let rows: Int
  public let columns: Int
  /// [rows, columns], each 0 … 1; what is not a number is drawn as missing.
  public let values: [Float]
  public let ramp: Ramp
  /// Drawn where there is no value.
  public let background: Style
  /// Rows and columns before which a line is drawn.
  public var seams: [Int] = []
  public var seamStyle: Style
  /// The value that means nothing: where a cell stands for several, the one farthest from it is drawn.
  public var pivot: Float = 0
  /// The value looked at.
  public var cursor: (row: Int, column: Int)?
  public var cursorStyle: Style

  public init(
    rows: Int, columns: Int, values: [Float], ramp: Ramp, background: Style, seamStyle: Style, cursorStyle: Style
  ) {
    self.rows = rows
    self.columns = columns
    self.values = values
    self.ramp = ramp
    self.background = background
    self.seamStyle = seamStyle
    self.cursorStyle = cursorStyle
  }

  public func draw(on canvas: inout Canvas, in rect: Rect, _ glyphs: GlyphSet) {
    guard !rect.isEmpty, rows > 0, columns > 0 else { return }
    let perCell = glyphs == .ascii ? 1 : 2
    for row in 0..<rect.rows {
      for column in 0..<rect.columns {
        let place = (rect.column + column, rect.row + row)
        let halves = (0..<perCell).map { half in
          sample(rowSlot: row * perCell + half, of: rect.rows * perCell, columnSlot: column, of: rect.columns)
        }
        canvas[place.0, place.1] = cell(halves, glyphs)
      }
    }
    drawSeams(on: &canvas, in: rect, glyphs)
    drawCursor(on: &canvas, in: rect, perCell)
  }

  /// The strongest value that a slot of the screen covers: a thin bright line must not vanish in a small picture.
  private func sample(rowSlot: Int, of rowSlots: Int, columnSlot: Int, of columnSlots: Int) -> Float? {
    let top = rowSlot * rows / rowSlots
    let left = columnSlot * columns / columnSlots
    let bottom = max(top, (rowSlot + 1) * rows / rowSlots - 1)
    let right = max(left, (columnSlot + 1) * columns / columnSlots - 1)
    var best: Float?
    for row in top...bottom {
      for column in left...right {
        let value = values[row * columns + column]
        if !value.isNaN, best.map({ abs(value - pivot) > abs($0 - pivot) }) ?? true { best = value }
      }
    }
    return best
  }

  private func cell(_ halves: [Float?], _ glyphs: GlyphSet) -> Cell {
    if glyphs == .ascii {
      let shades = Array(" .:-=+*#%@".unicodeScalars)
      guard let value = halves[0] else { return Cell(Glyph(" "), background) }
      return Cell(Glyph(shades[Int(min(max(value, 0), 1) * 9 + 0.5)]), background)
    }
    let colors = halves.map { $0.map { ramp.color(Double($0)) } ?? background.background }
    if colors[0] == colors[1] { return Cell(Glyph(" "), Style(background.foreground, on: colors[0])) }
    return Cell(Glyph("▀"), Style(colors[0], on: colors[1]))
  }

  private func drawSeams(on canvas: inout Canvas, in rect: Rect, _ glyphs: GlyphSet) {
    for seam in seams where seam > 0 && seam < rows {
      let column = rect.column + seam * rect.columns / columns
      let row = rect.row + seam * rect.rows / rows
      for place in rect.row..<rect.endRow {
        let under = canvas[column, place].style
        let line = Style(seamStyle.foreground, on: under.background)
        canvas[column, place] = Cell(Glyph(glyphs == .ascii ? "|" : "╎"), line)
      }
      for place in rect.column..<rect.endColumn where place != column {
        let under = canvas[place, row].style
        canvas[place, row] = Cell(
          Glyph(glyphs == .ascii ? "-" : "╌"), Style(seamStyle.foreground, on: under.background))
      }
    }
  }

  private func drawCursor(on canvas: inout Canvas, in rect: Rect, _ perCell: Int) {
    guard let cursor, cursor.row < rows, cursor.column < columns else { return }
    let row = rect.row + cursor.row * rect.rows / rows
    let column = rect.column + cursor.column * rect.columns / columns
    canvas[column, row] = Cell(Glyph("+"), cursorStyle)
  }
}
