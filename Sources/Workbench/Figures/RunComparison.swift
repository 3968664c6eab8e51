import Canvas
import FineTuning

/// Losses of runs over each other, and how far they read.
public struct RunComparison {
  private let runs: [RunSummary]

  public init(_ runs: [RunSummary]) { self.runs = runs }

  public func picture(_ size: Size, _ look: Look) -> Canvas {
    var canvas = Canvas(size: size)
    canvas.fill(canvas.bounds, look[.text])
    let (top, bottom) = canvas.bounds.splitBottom(min(runs.count + 3, max(3, size.rows / 2)))
    let loss = canvas.frame(top, look.pane("Loss", info: "nats · smoothed 0.9"), look.glyphs).inset(columns: 1)
    Self.drawCurves(runs, isLogarithmic: false, on: &canvas, in: loss, look)
    let table = canvas.frame(bottom, look.pane("Perplexity by context size"), look.glyphs).inset(columns: 1)
    Self.chart(runs, limit: 6).drawTable(on: &canvas, in: table, look, heading: "run")
    if look.glyphs == .ascii { canvas.limitToASCII() }
    return canvas
  }

  /// How far each run read when it was measured last, at the longest lengths.
  static func chart(_ runs: [RunSummary], limit: Int) -> ResultChart {
    let columns = Array(Set(runs.compactMap(\.evaluations.last).flatMap(\.lengths)).sorted().suffix(limit))
    return ResultChart(
      measure: SlidingPerplexity.name, columns: columns,
      lines: runs.map { run in ResultChart.Line(run.shortLabel, columns.map { run.perplexity(at: $0) }) })
  }

  static func drawCurves(
    _ runs: [RunSummary], isLogarithmic: Bool, on canvas: inout Canvas, in rect: Rect, _ look: Look
  ) {
    let all = runs.flatMap(\.steps).map(\.loss).filter(\.isFinite)
    guard let low = all.min(), let high = all.max() else {
      return canvas.write("no steps yet", centredIn: rect, rect.row + rect.rows / 2, look[.dim])
    }
    let last = runs.compactMap(\.steps.last?.step).max() ?? 2
    let series = runs.enumerated().map { index, run in
      let smooth = MovingAverage.smoothed(run.steps.map(\.loss), weight: 0.9)
      return LinePlot.Series(
        zip(run.steps, smooth).map { (x: Double($0.step), y: $1) }, look[ResultChart.role(index)],
        mark: look.lettersLanes ? ResultChart.letter(index) : nil)
    }
    let y =
      isLogarithmic
      ? Axis(max(low, 1e-6) * 0.9, high * 1.1, scale: .logarithmic) : Axis(max(0, low - 0.05), high + 0.05)
    LinePlot(series, x: Axis(1, Double(max(last, 2))), y: y, axisStyle: look[.axis])
      .draw(on: &canvas, in: rect, look.glyphs)
  }
}
