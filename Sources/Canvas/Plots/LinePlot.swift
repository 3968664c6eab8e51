/// Lines over a common axis, with labelled ticks.
public struct LinePlot: Sendable {
  /// One line. Where several values fall on a dot's column, the column is filled from the least to the greatest, so
  /// that a spike survives however many points there are.
  public struct Series: Sendable {
    public var points: [(x: Double, y: Double)]
    public var style: Style

    public init(_ points: [(x: Double, y: Double)], _ style: Style) {
      self.points = points
      self.style = style
    }
  }

  public var series: [Series]
  public var x: Axis
  public var y: Axis
  /// Ticks and their labels.
  public var axisStyle: Style

  public init(_ series: [Series], x: Axis, y: Axis, axisStyle: Style) {
    self.series = series
    self.x = x
    self.y = y
    self.axisStyle = axisStyle
  }

  public func draw(on canvas: inout Canvas, in rect: Rect, _ glyphs: GlyphSet) {
    guard rect.columns >= 8, rect.rows >= 3 else { return }
    let ticks = y.ticks(max(2, (rect.rows - 1) / 3))
    let gutter = min((ticks.map { Axis.label($0).count }.max() ?? 1) + 1, rect.columns / 2)
    let area = Rect(rect.column + gutter, rect.row, rect.columns - gutter, rect.rows - 1)
    drawVerticalAxis(on: &canvas, area, ticks, gutter, glyphs)
    drawHorizontalAxis(on: &canvas, area)
    // One grid for all lines: where they share a cell each keeps its dots, and the later line its style.
    var dots = DotGrid(area, glyphs)
    for line in series { plot(line, into: &dots) }
    dots.draw(on: &canvas)
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
    for tick in x.ticks(max(2, area.columns / 10)) {
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
        join(previous, (column, row), &dots, line.style)
      }
      if let known = span, known.column == column {
        span = (column, min(known.least, row), max(known.greatest, row))
      } else {
        if let span { dots.vertical(span.column, span.least, span.greatest, line.style) }
        span = (column, row, row)
      }
      previous = (column, row)
    }
    if let span { dots.vertical(span.column, span.least, span.greatest, line.style) }
  }

  /// Draws the line between two points: every column once, and in each the rows that it passes.
  private func join(_ a: (column: Int, row: Int), _ b: (column: Int, row: Int), _ dots: inout DotGrid, _ style: Style) {
    var row = a.row
    for column in (a.column + 1)...b.column {
      let share = Double(column - a.column) / Double(b.column - a.column)
      let next = a.row + Int((Double(b.row - a.row) * share).rounded())
      let start = next > row ? row + 1 : next < row ? row - 1 : row
      dots.vertical(column, start, next, style)
      row = next
    }
  }
}
