extension Canvas {
  /// A horizontal bar whose length is a share of the room, to an eighth of a column.
  public mutating func bar(_ share: Double, _ column: Int, _ row: Int, columns: Int, _ style: Style, _ glyphs: GlyphSet)
  {
    let bounded = share.isFinite ? min(max(share, 0), 1) : 0
    let eighths = Int((bounded * Double(columns * 8)).rounded())
    for index in 0..<max(columns, 0) {
      let filled = min(max(eighths - index * 8, 0), 8)
      guard filled > 0 else { break }
      if glyphs == .ascii {
        if filled >= 4 { self[column + index, row] = Cell(Glyph("#"), style) }
      } else {
        self[column + index, row] = Cell(Glyph(Unicode.Scalar(0x2590 - UInt32(filled)) ?? "█"), style)
      }
    }
  }
}
