import Canvas
import FineTuning
import Positions

/// Coverage or mass over relative distances: what the examples drawn one by one have met, what all of them meet, and what was
/// pinned for comparison, with a cursor that reads them all off.
struct DistancePane {
  let explorer: ExplorerState
  let look: Look

  private var view: DistanceView { explorer.view }
  private var measure: DistanceMeasure { view.measure }
  private var target: Int { explorer.settings.target }

  /// A curve with its name and how to read it.
  private struct Curve {
    var name: String
    var style: Style
    /// Written on the line; nil where colour is enough.
    var mark: Character?
    /// The least and greatest value over a range of distances.
    var extremes: (Range<Int>) -> (least: Double, greatest: Double)?
    var value: (Int) -> Double?
    var error: (Int) -> Double?
  }

  func draw(on canvas: inout Canvas, in rect: Rect, isFocused: Bool) {
    let inside = canvas.frame(rect, look.pane(title, info: info, isFocused: isFocused), look.glyphs)
    guard let layout = explorer.layout, inside.rows >= 4 else { return }
    let (rest, strip) = inside.inset(columns: 1).splitBottom(1)
    let (plot, legend) = rest.splitBottom(1)
    drawPlot(on: &canvas, in: plot)
    drawLegend(on: &canvas, legend)
    if measure == .coverage { drawStrip(layout, on: &canvas, strip) } else { drawEvenness(on: &canvas, strip) }
  }

  /// How far the mass is from what `balanced` is asked for, beside PoSE.
  private func drawEvenness(on canvas: inout Canvas, _ rect: Rect) {
    guard let survey = explorer.survey, let own = survey.distanceToWanted, let pose = survey.poseDistanceToWanted
    else { return }
    let goal = survey.request.settings.wantedMass.isEmpty ? "even" : "wanted"
    canvas.write(
      [
        Span("off \(goal) mass by ", look[.dim]), Span(number(own, 3), look[.text]),
        Span("; pose N 2 by ", look[.dim]), Span(number(pose, 3), look[.text]),
      ], rect.column, rect.row, limit: rect.columns)
  }

  private var title: String {
    switch measure {
    case .coverage: "Coverage P(d)"
    case .pairMass: "Pairs at d"
    case .supervisedMass: "Supervised pairs at d"
    }
  }

  private var info: String {
    guard let survey = explorer.survey else { return "working it out …" }
    if let problem = survey.problem { return problem }
    if !survey.isFinished {
      return "\(grouped(survey.drawn?.samples ?? 0)) of \(brief(Double(survey.samplesWanted))) drawn"
    }
    return survey.exact != nil ? "exact" : "\(grouped(survey.drawn?.samples ?? 0)) drawn"
  }

  // MARK: - Curves

  private var curves: [Curve] {
    let pins: [Curve] = explorer.pins.enumerated().map { index, pin in
      let shown = explorer.layout?.window
      let length = pin.window.training == shown?.training ? "" : grouped(pin.window.training)
      let window = pin.window == shown ? "" : " \(length)→\(grouped(pin.window.target))"
      return curve("\(index + 1) \(pin.label)\(window)", Self.pinRoles[index], Character("\(index + 1)"), pin.curves)
    }
    return pins + [drawnCurve]
      + (explorer.curves.map { [curve(ownName, .series1, look.lettersLanes ? "P" : nil, $0)] } ?? [])
  }

  private static let pinRoles: [Theme.Role] = [.series2, .series3, .series4, .series5]

  private var ownName: String {
    explorer.survey?.exact != nil || explorer.curves?.profile.standardErrors[measure] == nil ? "exact" : "estimate"
  }

  private func curve(_ name: String, _ role: Theme.Role, _ mark: Character?, _ curves: DistanceCurves) -> Curve {
    let measure = measure
    return Curve(
      name: name, style: look[role], mark: mark,
      extremes: { curves.extremes(measure, in: $0).map { ($0.least, $0.greatest) } },
      value: { curves.value(measure, at: $0) },
      error: { distance in
        curves.profile.standardErrors[measure].flatMap { $0.indices.contains(distance) ? $0[distance] : nil }
      })
  }

  /// The examples stepped through, or a million of them beside the closed form.
  private var drawnCurve: Curve {
    let million = explorer.survey.flatMap { $0.exact == nil ? nil : $0.drawn }
    let values = million?[measure] ?? explorer.met.means(measure)
    let count = million?.samples ?? explorer.met.samples
    return Curve(
      name: "\(grouped(count)) drawn", style: look[.series0], mark: look.lettersLanes ? "o" : nil,
      extremes: { range in
        let slice = values[range.clamped(to: values.indices)]
        guard var least = slice.first else { return nil }
        var greatest = least
        for value in slice {
          least = min(least, value)
          greatest = max(greatest, value)
        }
        return (least, greatest)
      },
      value: { values.indices.contains($0) ? values[$0] : nil }, error: { _ in nil })
  }

  // MARK: - The plot

  func drawPlot(on canvas: inout Canvas, in rect: Rect) {
    guard explorer.layout != nil else { return }
    plot(columns: rect.columns * 2).draw(on: &canvas, in: rect, look.glyphs)
  }

  private func plot(columns: Int) -> LinePlot {
    let x = view.axis(target: target)
    let sampled = curves.map { ($0, points(of: $0, x, columns)) }
    let values = sampled.flatMap { $1.map(\.y) }
    let highest = measure == .coverage ? 1 : values.max() ?? 1
    let lowest = values.filter { $0 > 0 }.min() ?? highest / 1000
    let y = Axis(view.valueScale == .logarithmic ? lowest : 0, highest, scale: view.valueScale)
    var plot = LinePlot(
      sampled.map { LinePlot.Series($1, $0.style, mark: $0.mark) }, x: x, y: y, axisStyle: look[.axis])
    plot.cursor = view.cursor.map { (Double($0), look[.dim]) }
    return plot
  }

  /// The distance under a column of the screen.
  func distance(at column: Int, in rect: Rect) -> Int {
    let inside = rect.inset(columns: 2, rows: 1)
    let room = Rect(inside.column, inside.row, inside.columns, inside.rows - 2)
    let area = plot(columns: room.columns * 2).area(in: room)
    let share = Double(column - area.column) / Double(max(area.columns - 1, 1))
    return Int(view.axis(target: target).value(at: min(max(share, 0), 1)).rounded())
  }

  /// The least and the greatest value in each dot's stretch of distances: what can be seen of a million.
  private func points(of curve: Curve, _ x: Axis, _ columns: Int) -> [(x: Double, y: Double)] {
    let shown = view.shown(target: target)
    if shown.count <= columns {
      return shown.compactMap { distance in curve.value(distance).map { (x: Double(distance), y: $0) } }
    }
    func distance(_ column: Int) -> Int { Int(x.value(at: Double(column) / Double(columns)).rounded()) }
    return (0..<columns).flatMap { column -> [(x: Double, y: Double)] in
      let end = column == columns - 1 ? shown.upperBound + 1 : distance(column + 1)
      let start = distance(column)
      guard end > start, let extremes = curve.extremes(start..<end) else { return [] }
      return [(x: Double(start), y: extremes.least), (x: Double(start), y: extremes.greatest)]
    }
  }

  // MARK: - Names and values

  private func drawLegend(on canvas: inout Canvas, _ rect: Rect) {
    let full = legend(isShort: false)
    let isTooLong = full.reduce(0) { $0 + $1.text.columnCount } > rect.columns
    canvas.write(isTooLong ? legend(isShort: true) : full, rect.column, rect.row, limit: rect.columns)
  }

  /// The curve of the present settings first, then what was drawn, then the pins; at the cursor with their values.
  private func legend(isShort: Bool) -> [Span] {
    var spans: [Span] = []
    if let cursor = view.cursor { spans.append(Span("d \(grouped(cursor)) ", look[.title])) }
    let pins = curves.dropLast(explorer.curves == nil ? 1 : 2)
    for curve in curves.suffix(curves.count - pins.count).reversed() + pins {
      let isPin = curve.mark?.isNumber == true
      let sign = isPin ? "" : curve.mark.map { "\($0) " } ?? (look.glyphs == .ascii ? "- " : "━ ")
      let isBare = isShort && view.cursor != nil
      spans.append(Span(" " + sign + (isBare ? (isPin ? String(curve.name.prefix(1)) : "") : curve.name), curve.style))
      guard let cursor = view.cursor else { continue }
      spans.append(Span((isBare ? (isPin ? ":" : "") : " ") + reading(curve, at: cursor, isShort), look[.text]))
    }
    return spans
  }

  private func reading(_ curve: Curve, at distance: Int, _ isShort: Bool) -> String {
    guard let value = curve.value(distance) else { return "–" }
    guard measure == .coverage else {
      guard let error = curve.error(distance), !isShort else { return brief(value) }
      return "\(brief(value)) ±\(brief(error))"
    }
    // A share below one needs no zero before its point where room is short.
    if isShort { return value >= 0.9995 ? "1" : String(number(value, 4).dropFirst()) }
    return curve.error(distance).map { "\(number(value, 4)) ±\(number($0, 4))" } ?? number(value, 6)
  }

  /// Which distances this one example contains.
  private func drawStrip(_ layout: PositionLayout, on canvas: inout Canvas, _ rect: Rect) {
    let ranges = explorer.distances
    let count = ranges.reduce(0) { $0 + $1.count }
    let label = "this one: \(grouped(count)) of \(grouped(layout.window.target - 1))"
    canvas.write(label, rect.column, rect.row, look[.dim], limit: rect.columns)
    let lane = Rect(
      rect.column + label.columnCount + 1, rect.row, rect.columns - label.columnCount - 1, 1)
    guard lane.columns >= 8 else { return }
    let shape = Lane(
      length: layout.window.target, intervals: [], track: look[.track],
      scale: view.hasLogarithmicDistance ? .logarithmic : .linear)
    shape.draw(on: &canvas, in: lane, look.lettersLanes ? .ascii : look.glyphs)
    for range in ranges {
      for column in shape.columns(of: range.lowerBound..<range.upperBound + 1, in: lane.columns) {
        canvas[lane.column + column, lane.row] = Cell(Glyph(look.lettersLanes ? "#" : "━"), look[.series0])
      }
    }
  }
}
