import Canvas
import FineTuning
import Foundation
import Positions

/// Screen 2: the loss as it falls, the run in numbers, the layouts of the newest batch, how far the model reads.
struct TrainScreen: PanedScreen {
  let state: WorkbenchState
  let look: Look

  private var training: TrainingState { state.training }

  func draw(_ pane: Pane, on canvas: inout Canvas, in rect: Rect) {
    switch pane {
    case .loss: drawLoss(on: &canvas, in: rect)
    case .batch: drawBatch(on: &canvas, in: rect)
    case .run: drawRun(on: &canvas, in: rect)
    case .signals: side.drawSignals(on: &canvas, in: frame(pane, "Rate and gradient", on: &canvas, in: rect))
    case .reach: side.drawReach(on: &canvas, in: frame(pane, "Loss by context", info: "nats", on: &canvas, in: rect))
    case .sample: side.drawSample(on: &canvas, in: frame(pane, "It writes", info: sampleInfo, on: &canvas, in: rect))
    default: drawReach(on: &canvas, in: rect)
    }
  }

  private var side: TrainSidePanes { TrainSidePanes(state: state, look: look) }

  private var sampleInfo: String {
    training.shownEvaluation.map { $0.step == 0 ? "base model" : "step \($0.step)" } ?? ""
  }

  /// The loss and its curve: what fits 40 × 10.
  func drawCompact(on canvas: inout Canvas, in rect: Rect) {
    let (top, plot) = rect.splitTop(1)
    let last = training.shown
    let steps = training.subject?.settings.steps ?? state.explorer.settings.steps
    canvas.write(
      [
        Span("step \(grouped(last?.step ?? 0)) of \(grouped(steps))  ", look[.text]),
        Span(last.map { "loss \(number($0.loss, 4))" } ?? "Space starts training", look[.accent]),
      ], top.column, top.row, limit: top.columns)
    drawCurve(on: &canvas, in: plot)
  }

  // MARK: - Loss

  private func drawLoss(on canvas: inout Canvas, in rect: Rect) {
    let weight = TrainingState.smoothings[training.smoothing]
    let kind = weight == 0 ? "raw" : "smoothed \(number(weight, 2))"
    let scale = training.hasLogarithmicLoss ? " · log" : ""
    drawCurve(on: &canvas, in: frame(.loss, "Loss", info: "nats · \(kind)\(scale)", on: &canvas, in: rect))
  }

  private func drawCurve(on canvas: inout Canvas, in inside: Rect) {
    guard training.steps.count >= 2 else {
      drawInvitation(on: &canvas, in: inside)
      return
    }
    let plot = curve
    plot.draw(on: &canvas, in: inside, look.glyphs)
    drawMarks(plot, on: &canvas, in: plot.area(in: inside))
  }

  private var curve: LinePlot {
    let curves = training.curves
    let weight = TrainingState.smoothings[training.smoothing]
    let shown = training.shownSteps
    let extremes = curves.extremes(curves.loss, in: shown)
    let (low, high) = (extremes?.least ?? 0, extremes?.greatest ?? 1)
    let margin = max((high - low) * 0.05, 1e-3)
    let isLogarithmic = training.hasLogarithmicLoss
    let y =
      isLogarithmic
      ? Axis(max(low * 0.9, 1e-6), high * 1.1, scale: .logarithmic) : Axis(max(0, low - margin), high + margin)
    var faint = look[.series0]
    faint.attributes.insert(.dim)
    let raw = LinePlot.Series(curves.points(curves.loss, in: shown), weight == 0 ? look[.series0] : faint)
    let smooth = LinePlot.Series(curves.points(curves.smoothedLoss, in: shown), look[.series1])
    var plot = LinePlot(
      weight == 0 ? [raw] : [raw, smooth], x: training.stepAxis, y: y, axisStyle: look[.axis])
    plot.cursor = training.cursor(look)
    return plot
  }

  /// The step whose loss is drawn in a column of the pane.
  func step(at column: Int, in rect: Rect) -> Int? {
    guard training.steps.count >= 2 else { return nil }
    let plot = curve
    let area = plot.area(in: rect.inset(columns: 2, rows: 1))
    let share = Double(column - area.column) / Double(max(area.columns - 1, 1))
    return Int(plot.x.value(at: min(max(share, 0), 1)).rounded())
  }

  /// Where settings were changed: a letter on top of the curve, and what the last ones were.
  private func drawMarks(_ plot: LinePlot, on canvas: inout Canvas, in area: Rect) {
    for (index, change) in training.changes.enumerated() {
      let share = plot.x.share(Double(change.step) + 0.5)
      let column = area.column + min(max(Int(share * Double(area.columns - 1) + 0.5), 0), area.columns - 1)
      for row in area.row + 1..<max(area.row + 1, area.endRow) where (row - area.row) % 2 == 1 {
        canvas[column, row] = Cell(Glyph(look.glyphs == .ascii ? ":" : "┊"), look[.warn])
      }
      canvas.write(String(letter(index % 26)), column, area.row, look[.warn])
    }
    for (row, change) in training.changes.enumerated().suffix(3).enumerated() where row + 1 < area.rows {
      let text = "\(letter(change.offset % 26)) \(change.element.step): \(change.element.change)"
      canvas.write(text, endingAt: area.endColumn, area.row + row + 1, look[.dim], limit: area.columns)
    }
  }

  /// What stands in the plot before there is a curve.
  private func drawInvitation(on canvas: inout Canvas, in rect: Rect) {
    let middle = rect.row + rect.rows / 2
    switch training.phase {
    case .failed(let reason):
      let lines = wrapped(reason, columns: max(rect.columns - 4, 10))
      for (index, line) in lines.enumerated() {
        canvas.write(line, centredIn: rect, middle - lines.count / 2 + index, look[.bad])
      }
    case .loading: canvas.write("reading the model and the text …", centredIn: rect, middle, look[.dim])
    default:
      canvas.write("Space starts training", centredIn: rect, middle - 1, look[.title])
      canvas.write(". takes one step", centredIn: rect, middle, look[.dim])
    }
  }

  // MARK: - The batch

  private func drawBatch(on canvas: inout Canvas, in rect: Rect) {
    let layouts = training.layouts
    let step = training.position > 0 ? "step \(training.position)" : "first batch"
    let info = layouts.isEmpty ? "" : "\(step) · \(layouts.count) examples"
    let inside = frame(.batch, "This batch: where the tokens sat", info: info, on: &canvas, in: rect)
    guard let first = layouts.first, inside.rows >= 2 else { return }
    let target = first.window.target
    let (lanes, axis) = inside.splitBottom(1)
    let width = lanes.columns - 9
    for (index, layout) in layouts.prefix(lanes.rows).enumerated() {
      let row = lanes.row + index
      let intervals =
        layout.chunks.isEmpty
        ? layout.positions.map { Lane.Interval($0..<$0 + 1, look.theme.chunk(0), letter: "A") }
        : layout.chunks.enumerated().map { number, chunk in
          Lane.Interval(chunk.positions, look.theme.chunk(number), letter: letter(number))
        }
      Lane(length: target, intervals: intervals, track: look[.track]).draw(
        on: &canvas, in: Rect(lanes.column, row, width, 1), look.lettersLanes ? .ascii : look.glyphs)
      let label = layout.chunks.count > 1 ? "u \(grouped(layout.chunks.last?.skipBias ?? 0))" : ""
      canvas.write(label, endingAt: lanes.endColumn, row, look[.dim], limit: 8)
    }
    canvas.write("0", axis.column, axis.row, look[.axis])
    canvas.write("position", centredIn: Rect(axis.column, axis.row, width, 1), axis.row, look[.axis])
    canvas.write(grouped(target - 1), endingAt: axis.column + width, axis.row, look[.axis])
  }

  // MARK: - Numbers

  private func drawRun(on canvas: inout Canvas, in rect: Rect) {
    let inside = frame(.run, "Run", on: &canvas, in: rect)
    var row = inside.row
    func line(_ name: String, _ value: String, _ role: Theme.Role = .text, on canvas: inout Canvas) {
      guard row < inside.endRow else { return }
      canvas.write(name, inside.column, row, look[.dim])
      canvas.write(value, inside.column + 9, row, look[role], limit: inside.columns - 9)
      row += 1
    }
    let settings = training.subject?.settings ?? state.explorer.settings
    let last = training.shown
    let back = training.lookingAt == nil ? "" : ", newest \(grouped(training.tip))"
    line("step", "\(grouped(training.position)) of \(grouped(settings.steps))\(back)", .title, on: &canvas)
    drawProgress(Double(training.position) / Double(max(settings.steps, 1)), on: &canvas, inside, row)
    row += 1
    line("loss", last.map { "\(number($0.loss, 4)) nats" } ?? "–", .accent, on: &canvas)
    line("e^loss", last.map { brief(perplexity($0.loss)) } ?? "–", on: &canvas)
    line("gradient", last.map { brief($0.gradNorm) } ?? "–", on: &canvas)
    line("rate", last.map { brief($0.lr) } ?? brief(settings.learningRate), on: &canvas)
    line("speed", training.tokensPerSecond.map { "\(brief($0)) tokens/s" } ?? "–", on: &canvas)
    line("GFLOP/s", utilization(isBrief: inside.columns < 30), on: &canvas)
    line("left", training.secondsLeft.map(spoken) ?? "–", on: &canvas)
    if inside.rows > 14 { line("", "", on: &canvas) }
    let chunks = settings.method == RandomPositionSampler.name ? "" : ", N \(settings.chunks)"
    line("method", settings.method + chunks, on: &canvas)
    line("scaling", settings.scaling, on: &canvas)
    line("window", "\(grouped(settings.window)) → \(grouped(settings.target))", on: &canvas)
    line("text", training.subject?.sourceName ?? "–", on: &canvas)
    line("content", settings.content.rawValue, on: &canvas)
    line("batch", "\(settings.batch) × \(grouped(settings.window))", on: &canvas)
    line("model", training.subject.map { "\(brief(Double($0.parameterCount))) parameters" } ?? "–", on: &canvas)
  }

  /// What the steps reach beside what OpenBLAS reaches.
  private func utilization(isBrief: Bool) -> String {
    guard let reached = training.gflops else { return "–" }
    guard let peak = training.productPeak, peak > 0 else { return brief(reached) }
    let share = percent(reached / peak)
    return isBrief ? "\(share) of \(brief(peak))" : "\(brief(reached)) of \(brief(peak)), \(share)"
  }

  private func perplexity(_ loss: Double) -> Double { loss < 700 ? exp(loss) : .infinity }

  private func drawProgress(_ share: Double, on canvas: inout Canvas, _ rect: Rect, _ row: Int) {
    for column in rect.column..<rect.endColumn {
      canvas[column, row] = Cell(Glyph(look.glyphs == .ascii ? "." : "─"), look[.track])
    }
    let filled = Int((min(max(share, 0), 1) * Double(rect.columns)).rounded())
    for column in rect.column..<rect.column + filled {
      canvas[column, row] = Cell(Glyph(look.glyphs == .ascii ? "#" : "━"), look[.good])
    }
  }

  // MARK: - How far it reads

  /// Perplexity by context size, of the base model and now, as numbers and on a logarithmic bar.
  private func drawReach(on canvas: inout Canvas, in rect: Rect) {
    let latest = training.shownEvaluation
    let info = latest.map { $0.step == 0 ? "" : "step \($0.step)" } ?? ""
    let inside = frame(.context, "Perplexity", info: info, on: &canvas, in: rect)
    guard let before = training.evaluations.first, let latest, inside.rows >= 2 else { return }
    canvas.write("context", inside.column, inside.row, look[.dim])
    canvas.write("base", endingAt: inside.column + 15, inside.row, look[.dim])
    canvas.write("now", endingAt: inside.column + 23, inside.row, look[.dim])
    let lengths = before.lengths
    let worst = lengths.compactMap { before.perplexity(at: $0) }.max() ?? 2
    // With too few rows the shortest context and the longest ones stay.
    let room = inside.rows - 1
    let shown = lengths.count <= room ? lengths : Array(lengths.prefix(1) + lengths.suffix(max(room - 1, 0)))
    for (index, length) in shown.prefix(room).enumerated() {
      let row = inside.row + 1 + index
      let isBeyond = length > before.lengths[0]
      canvas.write(grouped(length), endingAt: inside.column + 7, row, look[isBeyond ? .text : .dim])
      guard let was = before.perplexity(at: length) else { continue }
      canvas.write(brief(was), endingAt: inside.column + 15, row, look[.text])
      guard latest.step > 0, let now = latest.perplexity(at: length) else { continue }
      canvas.write(brief(now), endingAt: inside.column + 23, row, look[now <= was * 1.05 ? .good : .warn])
      let bar = inside.columns - 25
      guard bar >= 6 else { continue }
      let scale = log(max(worst, 2))
      canvas.bar(log(max(was, 1)) / scale, inside.column + 25, row, columns: bar, look[.track], look.glyphs)
      canvas.bar(log(max(now, 1)) / scale, inside.column + 25, row, columns: bar, look[.good], look.glyphs)
    }
  }
}
