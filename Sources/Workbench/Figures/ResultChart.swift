import Canvas
import FineTuning
import Foundation

/// Numbers by context size for several models: a plot and a table that share colours and letters.
struct ResultChart {
  struct Line {
    var label: String
    /// A number a column; nil where there is none.
    var values: [Double?]
    /// From the smallest to the largest over seeds.
    var spreads: [ClosedRange<Double>?]

    init(_ label: String, _ values: [Double?], spreads: [ClosedRange<Double>?] = []) {
      self.label = label
      self.values = values
      self.spreads = spreads
    }
  }

  /// What is measured, as `Evaluation.measure` has it.
  var measure: String
  var columns: [Int]
  var lines: [Line]

  /// Whether the numbers are shares, drawn from 0 to 1.
  var isShare: Bool { [PasskeyAccuracy.name, PasskeyAccuracy.gridName, RecallAccuracy.name].contains(measure) }

  private static let roles: [Theme.Role] = [.series0, .series1, .series2, .series3, .series4, .series5]

  /// The letter that stands for a line where colours do not suffice.
  static func letter(_ index: Int) -> Character { Character(UnicodeScalar(UInt8(97 + index % 26))) }

  static func role(_ index: Int) -> Theme.Role { roles[index % roles.count] }

  private func lettersLines(_ look: Look) -> Bool { look.lettersLanes || lines.count > Self.roles.count }

  /// - Parameters:
  ///   - window: marked, where what the models were trained on ends.
  ///   - scale: nil takes logarithms where values differ much.
  func drawPlot(
    on canvas: inout Canvas, in rect: Rect, _ look: Look, window: Int, scale: AxisScale? = nil
  ) {
    let numbers = lines.flatMap(\.values).compactMap { $0 }.filter(\.isFinite)
    guard let first = columns.first, let last = columns.last, let least = numbers.min(), let most = numbers.max() else {
      return canvas.write("nothing measured yet", centredIn: rect, rect.row + rect.rows / 2, look[.dim])
    }
    let series = lines.enumerated().map { index, line in
      LinePlot.Series(
        zip(columns, line.values).compactMap { column, value in value.map { (x: Double(column), y: $0) } },
        look[Self.role(index)], mark: lettersLines(look) ? Self.letter(index) : nil)
    }
    let y: Axis =
      isShare
      ? Axis(0, 1)
      : scale == .logarithmic || scale == nil && most > 8 * max(least, 1e-9)
        ? Axis(max(least, 1e-9) * 0.9, most * 1.1, scale: .logarithmic)
        : Axis(least - 0.08 * (most - least), most + 0.08 * (most - least))
    var plot = LinePlot(
      series, x: Axis(Double(first), Double(max(last, first + 1)), scale: .logarithmic), y: y, axisStyle: look[.axis])
    plot.horizontalTicks = columns.map(Double.init)
    if window > first { plot.cursor = (Double(window), look[.track]) }
    plot.draw(on: &canvas, in: rect, look.glyphs)
  }

  /// Cells that a number and a label need.
  private static let leastColumn = 7
  private static let leastLabel = 10

  /// Whether a table fits with labels that can be told apart.
  func fits(_ columns: Int) -> Bool { columns >= 12 + Self.leastColumn * self.columns.count }

  /// Rows that the table takes.
  var tableRows: Int { lines.count + 1 }

  /// Of columns that do not fit beside labels the first and the last ones.
  private func fitting(_ width: Int) -> ResultChart {
    let room = max(1, (width - Self.leastLabel) / Self.leastColumn)
    guard columns.count > room else { return self }
    let kept = columns.indices.filter { $0 == 0 && room > 1 || $0 > columns.count - room - (room > 1 ? 0 : 1) }
    var chart = self
    chart.columns = kept.map { columns[$0] }
    chart.lines = lines.map { line in
      var line = line
      line.spreads = line.spreads.isEmpty ? [] : kept.map { line.spreads[$0] }
      line.values = kept.map { line.values[$0] }
      return line
    }
    return chart
  }

  /// - Parameter labelled: whether lines bear the sign that the plot gives them.
  func drawTable(on canvas: inout Canvas, in rect: Rect, _ look: Look, heading: String, labelled: Bool = true) {
    fitting(rect.columns).drawFittingTable(on: &canvas, in: rect, look, heading: heading, labelled: labelled)
  }

  private func drawFittingTable(
    on canvas: inout Canvas, in rect: Rect, _ look: Look, heading: String, labelled: Bool
  ) {
    // A long label gives way to the numbers.
    let widest = max(heading.count, lines.map { $0.label.count + (labelled ? 3 : 0) }.max() ?? 0) + 1
    let labelColumns = max(Self.leastLabel, min(widest, rect.columns - Self.leastColumn * columns.count))
    let width = max(Self.leastColumn, min(15, (rect.columns - labelColumns) / max(columns.count, 1)))
    canvas.write(heading, rect.column, rect.row, look[.dim], limit: columns.isEmpty ? rect.columns : labelColumns - 1)
    for (index, column) in columns.enumerated() {
      canvas.write(
        grouped(column), endingAt: rect.column + labelColumns + (index + 1) * width, rect.row, look[.dim])
    }
    for (row, line) in lines.enumerated() where row + 1 < rect.rows {
      let y = rect.row + 1 + row
      let style = labelled ? look[Self.role(row)] : look[.text]
      let sign = lettersLines(look) ? "\(Self.letter(row))  " : look.glyphs == .ascii ? "-- " : "━━ "
      canvas.write(labelled ? sign + line.label : line.label, rect.column, y, style, limit: labelColumns - 1)
      for (index, value) in line.values.enumerated() {
        canvas.write(
          text(value, line.spreads.indices.contains(index) ? line.spreads[index] : nil, columns: width),
          endingAt: rect.column + labelColumns + (index + 1) * width, y, look[.text])
      }
    }
  }

  /// "1.342 ±0.01", without the spread where there is no room for it.
  private func text(_ value: Double?, _ spread: ClosedRange<Double>?, columns: Int) -> String {
    guard let value else { return "–" }
    if value == .infinity { return "> 1000" }
    if isShare {
      let half = spread.map { ($0.upperBound - $0.lowerBound) / 2 } ?? 0
      return percent(value) + (half > 0 && columns >= 13 ? " ±\(number(100 * half, 1))" : "")
    }
    let short = value < 100 ? number(value, value < 10 ? 3 : 1) : brief(value)
    let half = spread.map { ($0.upperBound - $0.lowerBound) / 2 }
    guard let half, columns >= 13 else { return short }
    return short + " ±" + (half < 9.995 ? number(half, half < 0.9995 ? 3 : 1) : brief(half))
  }
}
