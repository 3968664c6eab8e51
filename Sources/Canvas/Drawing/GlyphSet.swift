/// Which glyphs a terminal can show.
public enum GlyphSet: String, CaseIterable, Sendable {
  /// Plots in dots of 2 × 4 a cell.
  case braille
  /// Plots in halves of a cell, for fonts without braille.
  case halfBlock
  /// Nothing beyond 7 bits.
  case ascii

  /// Lines of boxes: horizontal, vertical, the four corners clockwise from the upper left.
  var box: (horizontal: Glyph, vertical: Glyph, corners: [Glyph]) {
    self == .ascii
      ? (Glyph("-"), Glyph("|"), [Glyph("+"), Glyph("+"), Glyph("+"), Glyph("+")])
      : (Glyph("─"), Glyph("│"), [Glyph("╭"), Glyph("╮"), Glyph("╯"), Glyph("╰")])
  }
}

extension Canvas {
  /// Replaces every glyph beyond 7 bits by its stand-in.
  public mutating func limitToASCII() {
    for row in 0..<size.rows {
      for column in 0..<size.columns where !self[column, row].glyph.scalar.isASCII {
        self[column, row].glyph = self[column, row].glyph.ascii
      }
    }
  }
}
