/// A grid of cells that screens draw into. Whatever falls outside, or outside the current clip, is left alone.
public struct Canvas: Equatable, Sendable {
  public let size: Size
  /// Row-major, `size.rows × size.columns`.
  public private(set) var cells: [Cell]
  /// Only cells in here can be changed.
  private var clip: Rect

  public init(size: Size, filledWith cell: Cell = .blank) {
    self.size = Size(max(size.columns, 0), max(size.rows, 0))
    cells = Array(repeating: cell, count: self.size.columns * self.size.rows)
    clip = Rect(0, 0, self.size.columns, self.size.rows)
  }

  /// The whole grid.
  public var bounds: Rect { Rect(0, 0, size.columns, size.rows) }

  public subscript(column: Int, row: Int) -> Cell {
    get {
      guard bounds.contains(column, row) else { return .blank }
      return cells[row * size.columns + column]
    }
    set {
      guard clip.contains(column, row) else { return }
      cells[row * size.columns + column] = newValue
    }
  }

  /// Draws with everything outside `rect` protected.
  public mutating func clipped(to rect: Rect, _ body: (inout Canvas) -> Void) {
    let outer = clip
    clip = outer.intersection(rect)
    body(&self)
    clip = outer
  }

  /// Replaces every cell of a rectangle.
  public mutating func fill(_ rect: Rect, _ style: Style, _ glyph: Glyph = Glyph(" ")) {
    let visible = clip.intersection(rect)
    for row in visible.row..<visible.endRow {
      for column in visible.column..<visible.endColumn { self[column, row] = Cell(glyph, style) }
    }
  }
}
