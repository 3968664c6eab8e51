/// A size in cells.
public struct Size: Hashable, Sendable {
  public var columns: Int
  public var rows: Int

  public init(_ columns: Int, _ rows: Int) {
    self.columns = columns
    self.rows = rows
  }
}

/// A cell's place; column 0, row 0 is the upper left.
public struct Point: Hashable, Sendable {
  public var column: Int
  public var row: Int

  public init(_ column: Int, _ row: Int) {
    self.column = column
    self.row = row
  }
}

/// A rectangle of cells. Its size is never negative.
public struct Rect: Hashable, Sendable {
  public var column: Int
  public var row: Int
  public var columns: Int
  public var rows: Int

  public init(_ column: Int, _ row: Int, _ columns: Int, _ rows: Int) {
    self.column = column
    self.row = row
    self.columns = max(columns, 0)
    self.rows = max(rows, 0)
  }
}

extension Rect {
  public var endColumn: Int { column + columns }
  public var endRow: Int { row + rows }
  public var isEmpty: Bool { columns == 0 || rows == 0 }
  public var size: Size { Size(columns, rows) }

  public func contains(_ column: Int, _ row: Int) -> Bool {
    column >= self.column && column < endColumn && row >= self.row && row < endRow
  }

  public func intersection(_ other: Rect) -> Rect {
    let left = max(column, other.column)
    let top = max(row, other.row)
    return Rect(left, top, min(endColumn, other.endColumn) - left, min(endRow, other.endRow) - top)
  }

  /// Smaller by `columns` on the left and right, and by `rows` above and below.
  public func inset(columns horizontal: Int = 0, rows vertical: Int = 0) -> Rect {
    Rect(column + horizontal, row + vertical, columns - 2 * horizontal, rows - 2 * vertical)
  }

  /// The upper `count` rows, and the rest.
  public func splitTop(_ count: Int) -> (top: Rect, rest: Rect) {
    let taken = min(max(count, 0), rows)
    return (Rect(column, row, columns, taken), Rect(column, row + taken, columns, rows - taken))
  }

  /// The lower `count` rows, and the rest.
  public func splitBottom(_ count: Int) -> (rest: Rect, bottom: Rect) {
    let taken = min(max(count, 0), rows)
    return (Rect(column, row, columns, rows - taken), Rect(column, endRow - taken, columns, taken))
  }

  /// The left `count` columns, and the rest.
  public func splitLeft(_ count: Int) -> (left: Rect, rest: Rect) {
    let taken = min(max(count, 0), columns)
    return (Rect(column, row, taken, rows), Rect(column + taken, row, columns - taken, rows))
  }

  /// A rectangle of the given size in the middle, no larger than this one.
  public func centred(_ size: Size) -> Rect {
    let (width, height) = (min(size.columns, columns), min(size.rows, rows))
    return Rect(column + (columns - width) / 2, row + (rows - height) / 2, width, height)
  }
}
