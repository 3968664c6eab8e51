/// Dots finer than cells: 2 × 4 a cell in braille, 1 × 2 in half blocks, 1 × 1 in ASCII.
///
/// Each cell keeps the style of the last dot set in it.
struct DotGrid {
  let area: Rect
  let glyphs: GlyphSet
  /// Dots in a cell.
  let across: Int
  let down: Int
  private var bits: [UInt8]
  private var styles: [Style?]
  /// What stands for a line's dots in ASCII, where all dots look alike.
  private var marks: [Character?]

  init(_ area: Rect, _ glyphs: GlyphSet) {
    self.area = area
    self.glyphs = glyphs
    across = glyphs == .braille ? 2 : 1
    down = glyphs == .braille ? 4 : glyphs == .halfBlock ? 2 : 1
    bits = Array(repeating: 0, count: area.columns * area.rows)
    styles = Array(repeating: nil, count: area.columns * area.rows)
    marks = Array(repeating: nil, count: area.columns * area.rows)
  }

  var columns: Int { area.columns * across }
  var rows: Int { area.rows * down }

  mutating func set(_ column: Int, _ row: Int, _ style: Style, mark: Character? = nil) {
    guard column >= 0, column < columns, row >= 0, row < rows else { return }
    let cell = row / down * area.columns + column / across
    bits[cell] |= 1 << UInt8(row % down * across + column % across)
    styles[cell] = style
    marks[cell] = mark
  }

  /// Sets every dot of a column between two rows.
  mutating func vertical(_ column: Int, _ first: Int, _ last: Int, _ style: Style, mark: Character? = nil) {
    for row in max(min(first, last), 0)...max(min(max(first, last), rows - 1), 0) {
      set(column, row, style, mark: mark)
    }
  }

  func draw(on canvas: inout Canvas) {
    for row in 0..<area.rows {
      for column in 0..<area.columns {
        let cell = row * area.columns + column
        guard let style = styles[cell] else { continue }
        canvas[area.column + column, area.row + row] = Cell(glyph(bits[cell], marks[cell]), style)
      }
    }
  }

  private func glyph(_ bits: UInt8, _ mark: Character?) -> Glyph {
    switch glyphs {
    case .braille: Glyph(Unicode.Scalar(0x2800 + Self.braille(bits)) ?? " ")
    case .halfBlock: Glyph(bits == 1 ? "▀" : bits == 2 ? "▄" : "█")
    case .ascii: Glyph(mark?.unicodeScalars.first ?? "*")
    }
  }

  /// Unicode numbers braille dots down the left column, then the right one, with the fourth row last.
  private static func braille(_ bits: UInt8) -> UInt32 {
    let order: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
    return order.enumerated().reduce(0) { $0 | (bits >> UInt8($1.offset) & 1 == 1 ? $1.element : 0) }
  }
}
