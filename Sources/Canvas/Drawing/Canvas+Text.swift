/// A piece of a line in one style.
public struct Span: Equatable, Sendable {
  public var text: String
  public var style: Style

  public init(_ text: String, _ style: Style) {
    self.text = text
    self.style = style
  }
}

extension Canvas {
  /// Writes one line and returns the columns it took.
  ///
  /// - Parameter limit: columns at most; a longer text ends in `…`.
  @discardableResult
  public mutating func write(_ text: String, _ column: Int, _ row: Int, _ style: Style, limit: Int = .max) -> Int {
    let shown = CellText(text)
    guard limit > 0 else { return 0 }
    let isCut = shown.columns > limit
    let room = isCut ? limit - 1 : limit
    var used = 0
    for (glyph, width) in shown.glyphs {
      guard used + width <= room else { break }
      self[column + used, row] = Cell(glyph, style)
      if width == 2 { self[column + used + 1, row] = Cell(.continuation, style) }
      used += width
    }
    if isCut {
      self[column + used, row] = Cell(Glyph("…"), style)
      used += 1
    }
    return used
  }

  /// Writes pieces one after the other and returns the columns they took.
  @discardableResult
  public mutating func write(_ spans: [Span], _ column: Int, _ row: Int, limit: Int = .max) -> Int {
    var used = 0
    for span in spans { used += write(span.text, column + used, row, span.style, limit: limit - used) }
    return used
  }

  /// Writes a text that ends at `endColumn`.
  public mutating func write(
    _ text: String, endingAt endColumn: Int, _ row: Int, _ style: Style, limit: Int = .max
  ) {
    let width = min(text.columnCount, limit)
    write(text, endColumn - width, row, style, limit: width)
  }

  /// Writes a text in the middle of a rectangle's row.
  public mutating func write(_ text: String, centredIn rect: Rect, _ row: Int, _ style: Style) {
    let width = min(text.columnCount, rect.columns)
    write(text, rect.column + (rect.columns - width) / 2, row, style, limit: rect.columns)
  }
}

/// A text broken at spaces into lines of at most `columns`; longer words are cut.
public func wrapped(_ text: String, columns: Int) -> [String] {
  guard columns > 0 else { return [] }
  var lines: [String] = []
  for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
    var line = ""
    for var word in paragraph.split(separator: " ") {
      // Measured once, so that a word of a hundred thousand letters is cut as fast as it is read.
      var width = String(word).columnCount
      if !line.isEmpty, line.columnCount + 1 + width <= columns {
        line += " " + word
        continue
      }
      if !line.isEmpty { lines.append(line) }
      while width > columns {
        let piece = String(word.prefix(columns))
        lines.append(piece)
        width -= piece.columnCount
        word = word.dropFirst(columns)
      }
      line = String(word)
    }
    lines.append(line)
  }
  return lines
}
