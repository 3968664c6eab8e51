/// Lines over a common axis, with labelled ticks.
public struct LinePlot: Sendable {
  /// One line. Where several values fall on a dot's column, the column is filled from the least to the greatest, so
  /// that a spike survives however many points there are.
  public struct Series: Sendable {
    public var points: [(x: Double, y: Double)]
    public var style: Style
    /// Written on the line here and there, so that it can be told apart without colour.
    public var mark: Character?

    public init(_ points: [(x: Double, y: Double)], _ style: Style, mark: Character? = nil) {
      self.points = points
      self.style = style
      self.mark = mark
    }
  }

  public var series: [Series]
  public var x: Axis
  public var y: Axis
  /// Ticks and their labels.
  public var axisStyle: Style
  /// Where x is labelled; nil where round numbers are.
  public var horizontalTicks: [Double]?
  /// A value of x that is looked at: a line from top to bottom.
  public var cursor: (x: Double, style: Style)?

  public init(_ series: [Series], x: Axis, y: Axis, axisStyle: Style) {
    self.series = series
    self.x = x
    self.y = y
    self.axisStyle = axisStyle
  }

  /// Where the lines are drawn: what the labels of the axes leave of a rectangle.
  public func area(in rect: Rect) -> Rect {
    let gutter = min((verticalTicks(rect).map { Axis.label($0).count }.max() ?? 1) + 1, rect.columns / 2)
    return Rect(rect.column + gutter, rect.row, rect.columns - gutter, rect.rows - 1)
  }

  private func verticalTicks(_ rect: Rect) -> [Double] { y.ticks(max(2, (rect.rows - 1) / 3)) }

  public func draw(on canvas: inout Canvas, in rect: Rect, _ glyphs: GlyphSet) {
    guard rect.columns >= 8, rect.rows >= 3 else { return }
    let ticks = verticalTicks(rect)
    let area = area(in: rect)
    let gutter = area.column - rect.column
    drawVerticalAxis(on: &canvas, area, ticks, gutter, glyphs)
    drawHorizontalAxis(on: &canvas, area)
    drawCursor(on: &canvas, area, glyphs)
    // One grid for all lines: where they share a cell each keeps its dots, and the later line its style.
    var dots = DotGrid(area, glyphs)
    for line in series { plot(line, into: &dots) }
    dots.draw(on: &canvas)
    for (index, line) in series.enumerated() { drawMarks(of: line, index, on: &canvas, area) }
  }

  private func drawCursor(on canvas: inout Canvas, _ area: Rect, _ glyphs: GlyphSet) {
    guard let cursor, (0...1).contains(x.share(cursor.x)) else { return }
    let column = area.column + Int(x.share(cursor.x) * Double(area.columns - 1) + 0.5)
    for row in area.row..<area.endRow {
      canvas[column, row] = Cell(Glyph(glyphs == .ascii ? "|" : "│"), cursor.style)
    }
  }

  /// Three marks a line, at places that differ from line to line.
  private func drawMarks(of line: Series, _ index: Int, on canvas: inout Canvas, _ area: Rect) {
    guard let mark = line.mark else { return }
    for third in 0..<3 {
      let place = (Double(third) + Double(2 * index % 7 + 1) / 8) / 3
      let wanted = x.value(at: place)
      let point = line.points.min { abs($0.x - wanted) < abs($1.x - wanted) }
      guard let point, point.y.isFinite, abs(x.share(point.x) - place) < 0.1 else { continue }
      let height = min(max(y.share(point.y), 0), 1)
      let row = area.row + Int((1 - height) * Double(area.rows - 1) + 0.5)
      canvas.write(String(mark), area.column + Int(place * Double(area.columns - 1)), row, line.style)
    }
  }

  private func drawVerticalAxis(
    on canvas: inout Canvas, _ area: Rect, _ ticks: [Double], _ gutter: Int, _ glyphs: GlyphSet
  ) {
    for tick in ticks {
      let row = area.row + Int((1 - y.share(tick)) * Double(area.rows - 1) + 0.5)
      guard area.contains(area.column, row) else { continue }
      canvas.write(Axis.label(tick), endingAt: area.column - 1, row, axisStyle, limit: gutter - 1)
      var faint = axisStyle
      faint.attributes.insert(.dim)
      for column in stride(from: area.column, to: area.endColumn, by: 2) {
        canvas[column, row] = Cell(Glyph(glyphs == .ascii ? "." : "·"), faint)
      }
    }
  }

  private func drawHorizontalAxis(on canvas: inout Canvas, _ area: Rect) {
    var free = area.column
    for tick in horizontalTicks ?? x.ticks(max(2, area.columns / 10)) {
      let label = Axis.label(tick)
      let centre = area.column + Int(x.share(tick) * Double(area.columns - 1) + 0.5)
      let column = min(max(centre - label.count / 2, area.column), area.endColumn - label.count)
      guard column >= free, column >= area.column else { continue }
      canvas.write(label, column, area.endRow, axisStyle)
      free = column + label.count + 1
    }
  }

  private func plot(_ line: Series, into dots: inout DotGrid) {
    var previous: (column: Int, row: Int)?
    var span: (column: Int, least: Int, greatest: Int)?
    for point in line.points where point.y.isFinite && point.x.isFinite {
      let (across, up) = (x.share(point.x), y.share(point.y))
      guard across >= 0, across <= 1 else { continue }
      let column = Int(across * Double(dots.columns - 1) + 0.5)
      // Written so that what is not a number, as between infinite ends, counts as the lowest.
      let height = up > 1 ? 1 : up > 0 ? up : 0
      let row = Int((1 - height) * Double(dots.rows - 1) + 0.5)
      if let previous, column > previous.column {
        join(previous, (column, row), &dots, line)
      }
      if let known = span, known.column == column {
        span = (column, min(known.least, row), max(known.greatest, row))
      } else {
        if let span { dots.vertical(span.column, span.least, span.greatest, line.style, mark: line.mark) }
        span = (column, row, row)
      }
      previous = (column, row)
    }
    if let span { dots.vertical(span.column, span.least, span.greatest, line.style, mark: line.mark) }
  }

  /// Draws the line between two points: every column once, and in each the rows that it passes.
  private func join(_ a: (column: Int, row: Int), _ b: (column: Int, row: Int), _ dots: inout DotGrid, _ line: Series) {
    var row = a.row
    for column in (a.column + 1)...b.column {
      let share = Double(column - a.column) / Double(b.column - a.column)
      let next = a.row + Int((Double(b.row - a.row) * share).rounded())
      let start = next > row ? row + 1 : next < row ? row - 1 : row
      dots.vertical(column, start, next, line.style, mark: line.mark)
      row = next
    }
  }
}
