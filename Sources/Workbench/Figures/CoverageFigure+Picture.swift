import Canvas
import FineTuning
import Foundation
import Positions

extension CoverageFigure {
  /// The figure over its numbers, and whether what it is there to show holds.
  public func picture(_ size: Size, _ look: Look) -> Canvas {
    var canvas = Canvas(size: size)
    canvas.fill(canvas.bounds, look[.text])
    let info = "L \(grouped(window.training)) → T \(grouped(window.target))"
    let inside = canvas.frame(
      canvas.bounds, look.pane("PoSE, Figure 5: coverage of relative distances P(d)", info: info), look.glyphs
    ).inset(columns: 1)
    let rows = distances(count: max(2, min(11, inside.rows - findings.count - 14)))
    let (rest, bottom) = inside.splitBottom(rows.count + findings.count + 3)
    let (plot, legend) = rest.splitBottom(1)
    drawPlot(on: &canvas, in: plot, look)
    drawLegend(on: &canvas, legend, look)
    drawTable(rows, on: &canvas, bottom, look)
    for (index, finding) in findings.enumerated() {
      let row = bottom.endRow - findings.count + index
      let verdict = finding.holds ? "✓ " : "✗ "
      canvas.write(
        [Span(verdict, look[finding.holds ? .good : .bad]), Span(finding.claim, look[.text])], bottom.column, row,
        limit: bottom.columns)
    }
    if look.glyphs == .ascii { canvas.limitToASCII() }
    return canvas
  }

  private static let roles: [Theme.Role] = [.series3, .series0, .series1, .series2]
  private static let marks: [Character] = ["o", "2", "3", "R"]

  private func drawPlot(on canvas: inout Canvas, in rect: Rect, _ look: Look) {
    let columns = rect.columns * 2
    let lines = series.enumerated().map { index, curve in
      let pyramid = MinMaxPyramid(curve.coverage)
      let points = (0..<columns).flatMap { column -> [(x: Double, y: Double)] in
        let (start, end) = (
          1 + column * (window.target - 1) / columns, 1 + (column + 1) * (window.target - 1) / columns
        )
        guard end > start, let extremes = pyramid.extremes(in: start..<end) else { return [] }
        return [(x: Double(start), y: extremes.greatest), (x: Double(start), y: extremes.least)]
      }
      return LinePlot.Series(points, look[Self.roles[index]], mark: look.lettersLanes ? Self.marks[index] : nil)
    }
    LinePlot(lines, x: Axis(1, Double(max(window.target - 1, 2))), y: Axis(0, 1), axisStyle: look[.axis])
      .draw(on: &canvas, in: rect, look.glyphs)
  }

  private func drawLegend(on canvas: inout Canvas, _ rect: Rect, _ look: Look) {
    let spans = series.enumerated().map { index, curve in
      let sign = look.lettersLanes ? String(Self.marks[index]) : "━━"
      let kind = curve.samples.map { "\(brief(Double($0))) drawn" } ?? "exact"
      return Span("\(sign) \(curve.name) (\(kind))   ", look[Self.roles[index]])
    }
    canvas.write(spans, rect.column, rect.row, limit: rect.columns)
  }

  private func drawTable(_ rows: [Int], on canvas: inout Canvas, _ rect: Rect, _ look: Look) {
    let width = 18
    let top = rect.row + 1
    canvas.write("distance", endingAt: rect.column + 9, top, look[.dim])
    for (index, curve) in series.enumerated() {
      canvas.write(curve.name, endingAt: rect.column + 9 + (index + 1) * width, top, look[Self.roles[index]])
    }
    for (row, distance) in rows.enumerated() {
      canvas.write(grouped(distance), endingAt: rect.column + 9, top + 1 + row, look[.text])
      for (index, curve) in series.enumerated() {
        let error = curve.standardError.map { " ±" + number($0[distance], 4) } ?? ""
        canvas.write(
          number(curve.coverage[distance], error.isEmpty ? 6 : 4) + error,
          endingAt: rect.column + 9 + (index + 1) * width, top + 1 + row, look[.text])
      }
    }
  }

  /// Distances worth reading: around L, at the ends, and evenly between.
  private func distances(count: Int) -> [Int] {
    let (length, last) = (window.training, window.target - 1)
    let wanted = [1, length / 2, length - 1, length, last / 2, window.target - length, last]
    let even = (1...max(count, 2)).map { $0 * last / max(count, 2) }
    var chosen: [Int] = []
    for distance in wanted + even where (1...max(last, 1)).contains(distance) && !chosen.contains(distance) {
      if chosen.count < count { chosen.append(distance) }
    }
    return chosen.sorted()
  }
}
