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
