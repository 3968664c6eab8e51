import Canvas
import FineTuning
import Foundation

/// What stands beside the loss on a wide Train screen: rate and gradient, the loss by context as it falls, a written sample.
struct TrainSidePanes {
  let state: WorkbenchState
  let look: Look

  private var training: TrainingState { state.training }

  // MARK: - Rate and gradient

  /// Two curves over the steps, one above the other; with few rows that of the rate, whose course is known, is left out.
  func drawSignals(on canvas: inout Canvas, in rect: Rect) {
    let (top, bottom) = rect.splitTop(rect.rows < 8 ? 1 : rect.rows / 2)
    let last = training.shown
    draw(
      "rate", last.map { brief($0.lr) } ?? brief(state.explorer.settings.learningRate), training.curves.rate,
      isLogarithmic: false, on: &canvas, in: top)
    draw(
      "gradient", last.map { brief($0.gradNorm) } ?? "–", training.curves.gradient, isLogarithmic: true,
      on: &canvas, in: bottom)
  }

  private func draw(
    _ name: String, _ now: String, _ curve: MinMaxPyramid, isLogarithmic: Bool, on canvas: inout Canvas, in rect: Rect
  ) {
    guard rect.rows > 0 else { return }
    canvas.write([Span(name, look[.dim]), Span("  \(now)", look[.text])], rect.column, rect.row, limit: rect.columns)
    guard curve.count >= 2, let whole = curve.extremes(in: 0..<curve.count), whole.greatest > 0 else { return }
    let line = LinePlot.Series(training.curves.points(curve, in: training.shownSteps), look[.series0])
    var plot = LinePlot(
      [line], x: training.stepAxis,
      y: isLogarithmic
        ? Axis(whole.least * 0.8, whole.greatest * 1.2, scale: .logarithmic) : Axis(0, whole.greatest * 1.1),
      axisStyle: look[.axis])
    plot.cursor = training.cursor(look)
    plot.draw(on: &canvas, in: rect.splitTop(1).rest, look.glyphs)
  }

  // MARK: - Reach

  /// The loss at each context size over the steps: the far ones come down to the near one.
  func drawReach(on canvas: inout Canvas, in rect: Rect) {
    let records = training.evaluations.filter { $0.step <= training.position || training.lookingAt == nil }
    guard records.count >= 2, let lengths = records.last?.lengths, !lengths.isEmpty else {
      return canvas.write("as it is measured", centredIn: rect, rect.row + rect.rows / 2, look[.dim])
    }
    // The nearest and the farthest, and what lies between as far as there are colours.
    let shown = Array(lengths.prefix(1) + lengths.dropFirst().suffix(3))
    let lines = shown.enumerated().map { index, length in
      LinePlot.Series(
        records.compactMap { record in
          record.perplexity(at: length).map { (x: Double(max(record.step, 1)), y: log($0)) }
        }, look[ResultChart.role(index)], mark: look.lettersLanes ? ResultChart.letter(index) : nil)
    }
    let values = lines.flatMap(\.points).map(\.y).filter(\.isFinite)
    guard let low = values.min(), let high = values.max() else { return }
    var plot = LinePlot(
      lines, x: training.stepAxis, y: Axis(max(low * 0.8, 1e-3), max(high, 0.1) * 1.1, scale: .logarithmic),
      axisStyle: look[.axis])
    plot.cursor = training.cursor(look)
    let (legend, area) = rect.splitTop(1)
    var column = legend.column
    for (index, length) in shown.enumerated() {
      let sign = look.lettersLanes ? String(ResultChart.letter(index)) : "━"
      column += canvas.write(
        "\(sign) \(grouped(length)) ", column, legend.row, look[ResultChart.role(index)],
        limit: legend.endColumn - column)
    }
    plot.draw(on: &canvas, in: area, look.glyphs)
  }

  // MARK: - A sample

  /// The end of a text and how the model goes on with it.
  func drawSample(on canvas: inout Canvas, in rect: Rect) {
    guard let sample = training.shownEvaluation?.sample, rect.columns >= 10 else {
      let text = training.evaluations.isEmpty ? "as it is measured" : "nothing to read in this text"
      return canvas.write(text, centredIn: rect, rect.row + rect.rows / 2, look[.dim])
    }
    let (text, foot) = rect.splitBottom(sample.expected == nil ? 0 : 1)
    let written = Array(sample.text)
    // What was written matters more than what was read.
    let rows = max(1, text.rows)
    let room = rows * text.columns
    let kept = Array(sample.prompt).suffix(max(0, room - min(written.count, room / 2 + text.columns)))
    let signs = kept.map { ($0, look[.dim]) } + written.map { ($0, look[.accent]) }
    for (index, sign) in signs.prefix(room).enumerated() {
      canvas.write(
        String(sign.0), text.column + index % text.columns, text.row + index / text.columns, sign.1, limit: 1)
    }
    guard let expected = sample.expected, let isRight = sample.isRight else { return }
    let told = sample.distance.map { ", told \(grouped($0)) back" } ?? ""
    canvas.write(
      "\(isRight ? "✓" : "✗ not") \(expected)\(told)", foot.column, foot.row, look[isRight ? .good : .warn],
      limit: foot.columns)
  }
}

extension TrainingState {
  /// The steps, as every curve over them has them.
  var stepAxis: Axis { Axis(Double(shownSteps.lowerBound), Double(shownSteps.upperBound)) }

  /// The step looked at, as plots mark it.
  func cursor(_ look: Look) -> (x: Double, style: Style)? {
    lookingAt.map { (Double(max($0, 1)), look[.focus]) }
  }
}
