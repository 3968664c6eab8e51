/// A grid of cells that screens draw into. Whatever falls outside is clipped.
public struct Canvas: Equatable, Sendable {
  public let size: Size
  /// Row-major, `size.rows × size.columns`.
  public private(set) var cells: [Cell]

  public init(size: Size, filledWith cell: Cell = .blank) {
    self.size = Size(max(size.columns, 0), max(size.rows, 0))
    cells = Array(repeating: cell, count: self.size.columns * self.size.rows)
  }

  public subscript(column: Int, row: Int) -> Cell {
    get {
      guard contains(column, row) else { return .blank }
      return cells[row * size.columns + column]
    }
    set {
      guard contains(column, row) else { return }
      cells[row * size.columns + column] = newValue
    }
  }

  private func contains(_ column: Int, _ row: Int) -> Bool {
    column >= 0 && column < size.columns && row >= 0 && row < size.rows
  }
}
