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

  /// A text in the glyphs of this set: in ASCII the few signs that the screens use are spelled out.
  public func plain(_ text: String) -> String {
    guard self == .ascii else { return text }
    var result = ""
    for character in text {
      if character.isASCII {
        result.append(character)
      } else {
        result += Self.spelledOut[character] ?? "?"
      }
    }
    return result
  }

  private static let spelledOut: [Character: String] = [
    "…": "..", "·": ".", "→": ">", "←": "<", "↑": "^", "↓": "v", "×": "x", "√": "sqrt", "−": "-", "–": "-",
    "│": "|", "─": "-", "●": "*", "○": "o", "▶": ">", "⏸": "=", "≤": "<=", "≥": ">=", "θ": "theta", "γ": "gamma",
    "λ": "lambda", "₀": "0", "₁": "1", "₂": "2", "₃": "3", "█": "#", "░": ".", "▏": "|", "✓": "+", "✗": "x", "■": "#",
    "↵": "/", "␣": "_", "⇥": ">", "◆": "#", "∞": "inf", "▸": ">", "∪": "u", "⌄": "v", "≈": "~", "±": "+-",
  ]
}
