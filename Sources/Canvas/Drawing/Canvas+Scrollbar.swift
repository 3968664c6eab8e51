extension Canvas {
  /// Which part of a long list is shown, as a thicker part of a column beside it; nothing where all of it is.
  ///
  /// - Parameters:
  ///   - list: the rows of the list.
  ///   - first: the entry in its first row, of `count`.
  public mutating func scrollbar(
    at column: Int, beside list: Rect, first: Int, count: Int, _ style: Style, _ glyphs: GlyphSet
  ) {
    guard list.rows > 0, count > list.rows else { return }
    let size = max(1, list.rows * list.rows / count)
    let last = count - list.rows
    let start = (list.rows - size) * min(max(first, 0), last) / last
    for row in list.row + start..<list.row + start + size {
      self[column, row] = Cell(Glyph(glyphs == .ascii ? "#" : "┃"), style)
    }
  }
}
