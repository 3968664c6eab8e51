/// A pane's frame: a rounded border with a title set into its upper edge.
public struct PaneFrame: Sendable {
  public var title: String
  /// Short facts at the right end of the upper edge.
  public var info: String
  public var border: Style
  public var titleStyle: Style
  public var infoStyle: Style

  public init(_ title: String, info: String = "", border: Style, titleStyle: Style, infoStyle: Style) {
    self.title = title
    self.info = info
    self.border = border
    self.titleStyle = titleStyle
    self.infoStyle = infoStyle
  }
}

extension Canvas {
  /// Draws a frame and returns what is inside it.
  @discardableResult
  public mutating func frame(_ rect: Rect, _ pane: PaneFrame, _ glyphs: GlyphSet) -> Rect {
    guard rect.columns >= 2, rect.rows >= 2 else { return Rect(rect.column, rect.row, 0, 0) }
    let box = glyphs.box
    let (right, bottom) = (rect.endColumn - 1, rect.endRow - 1)
    for column in rect.column + 1..<right {
      self[column, rect.row] = Cell(box.horizontal, pane.border)
      self[column, bottom] = Cell(box.horizontal, pane.border)
    }
    for row in rect.row + 1..<bottom {
      self[rect.column, row] = Cell(box.vertical, pane.border)
      self[right, row] = Cell(box.vertical, pane.border)
    }
    for (corner, place) in zip(
      box.corners, [(rect.column, rect.row), (right, rect.row), (right, bottom), (rect.column, bottom)])
    {
      self[place.0, place.1] = Cell(corner, pane.border)
    }
    let room = rect.columns - 4
    let title = pane.title
    let titleWidth = min(title.columnCount, max(0, room - 2))
    if titleWidth > 0, !title.isEmpty {
      write(" ", rect.column + 2, rect.row, pane.titleStyle)
      write(title, rect.column + 3, rect.row, pane.titleStyle, limit: titleWidth)
      write(" ", rect.column + 3 + titleWidth, rect.row, pane.titleStyle)
    }
    let info = pane.info
    if !info.isEmpty, titleWidth + info.columnCount + 6 <= room {
      write(" \(info) ", endingAt: right - 1, rect.row, pane.infoStyle)
    }
    return rect.inset(columns: 1, rows: 1)
  }
}
