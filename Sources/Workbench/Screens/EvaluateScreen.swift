import Canvas
import FineTuning
import Foundation

/// Screen 4: how far models read, measured: perplexity, retrieval, needles and loss by distance.
struct EvaluateScreen: PanedScreen {
  let state: WorkbenchState
  let look: Look

  private var evaluation: EvaluationState { state.evaluation }

  func draw(_ pane: Pane, on canvas: inout Canvas, in rect: Rect) {
    switch pane {
    case .perplexity where evaluation.showsPositions:
      drawCurves(pane, PositionPerplexity.name, "Perplexity by position", on: &canvas, in: rect)
    case .perplexity: drawCurves(pane, SlidingPerplexity.name, "Perplexity by context size", on: &canvas, in: rect)
    case .retrieval:
      let measure = evaluation.retrieval
      drawCurves(pane, measure, "Retrieval by length: \(measure)", on: &canvas, in: rect)
    case .needle: drawNeedles(on: &canvas, in: rect)
    default: drawCurves(pane, DistanceLoss.name, "Loss by distance, nats a digit", on: &canvas, in: rect)
    }
  }

  func drawCompact(on canvas: inout Canvas, in rect: Rect) {
    let chart = evaluation.chart(SlidingPerplexity.name)
    guard !chart.columns.isEmpty else { return drawWaiting(on: &canvas, in: rect) }
    chart.drawTable(on: &canvas, in: rect, look, heading: "perplexity")
  }

  /// A plot over its table; with few rows the table alone, since numbers say more.
  private func drawCurves(_ pane: Pane, _ measure: String, _ title: String, on canvas: inout Canvas, in rect: Rect) {
    let inside = frame(pane, title, info: pane == .perplexity ? progress : "", on: &canvas, in: rect)
    let chart = evaluation.chart(measure)
    guard !chart.columns.isEmpty else { return drawWaiting(on: &canvas, in: inside) }
    let fits = chart.fits(inside.columns)
    let tableRows = fits ? min(chart.tableRows, max(0, inside.rows - 5)) : min(chart.lines.count, 2)
    let (plot, table) = inside.splitBottom(tableRows)
    if plot.rows >= 4 { chart.drawPlot(on: &canvas, in: plot, look, window: window, scale: evaluation.valueScale) }
    if fits {
      chart.drawTable(on: &canvas, in: table, look, heading: measure)
    } else {
      drawLegend(chart, on: &canvas, in: table)
    }
  }

  private func drawLegend(_ chart: ResultChart, on canvas: inout Canvas, in rect: Rect) {
    for (index, line) in chart.lines.prefix(rect.rows).enumerated() {
      canvas.write(
        "\(look.lettersLanes ? String(ResultChart.letter(index)) : "━━") \(line.label)", rect.column, rect.row + index,
        look[ResultChart.role(index)], limit: rect.columns)
    }
  }

  private var window: Int { evaluation.shown?.request.settings.window ?? state.explorer.settings.window }

  /// What is being measured, as far as it is known.
  private var progress: String {
    let running = evaluation.models.compactMap { model -> String? in
      guard case .measuring(let share, let measure) = model.phase else { return nil }
      return "\(model.request.label): \(measure) \(percent(share))"
    }
    let waiting = evaluation.models.filter { $0.phase == .waiting }.count
    return (running + (waiting > 0 ? ["\(waiting) waiting"] : [])).joined(separator: " · ")
  }

  private func drawWaiting(on canvas: inout Canvas, in rect: Rect) {
    let middle = rect.row + rect.rows / 2
    switch evaluation.shown?.phase {
    case .failed(let reason):
      for (index, line) in wrapped(reason, columns: max(10, rect.columns - 4)).enumerated() {
        canvas.write(line, centredIn: rect, middle + index, look[.bad])
      }
    case .finished: canvas.write("not measured for this text", centredIn: rect, middle, look[.dim])
    case .waiting, .measuring: canvas.write("measuring …", centredIn: rect, middle, look[.dim])
    case nil:
      canvas.write("m measures the run as it is now", centredIn: rect, middle - 1, look[.title])
      canvas.write("o measures the base model", centredIn: rect, middle, look[.dim])
    }
  }

  // MARK: - The needle grid

  /// A share as ground, with the one of black and white on it that can be read.
  private func shade(_ share: Double) -> Style {
    guard !look.isColorless else { return look[.text] }
    let ground = look.theme[.coverage].color(share)
    let (dark, light) = (RGB(0, 0, 0), RGB(255, 255, 255))
    let isBright = ground.rgb.map { $0.contrast(with: dark) > $0.contrast(with: light) } ?? false
    return Style((isBright ? dark : light).color, on: ground, .bold)
  }

  /// Lengths across, depths down, for the model that is selected.
  private func drawNeedles(on canvas: inout Canvas, in rect: Rect) {
    let label = evaluation.shown?.request.label ?? ""
    let inside = frame(.needle, "Needle: length × depth", info: label, on: &canvas, in: rect)
    guard let result = evaluation.shown?.result(PasskeyAccuracy.gridName) else {
      return drawWaiting(on: &canvas, in: inside)
    }
    let width = max(5, min(12, (inside.columns - 6) / max(result.columns.count, 1)))
    canvas.write("depth", inside.column, inside.row, look[.dim])
    for (index, length) in result.columns.enumerated() {
      canvas.write(
        grouped(length), endingAt: inside.column + 6 + (index + 1) * width - 1, inside.row,
        look[length <= window ? .accent : .dim], limit: width)
    }
    let rowHeight = max(1, min(3, (inside.rows - 1) / max(result.rows.count, 1)))
    for (row, depth) in result.rows.enumerated() {
      let y = inside.row + 1 + row * rowHeight
      guard y + rowHeight <= inside.endRow else { return }
      canvas.write(percent(depth), endingAt: inside.column + 5, y + rowHeight / 2, look[.dim])
      for (column, value) in result.values[row].enumerated() {
        let cell = Rect(inside.column + 6 + column * width, y, width - 1, rowHeight)
        guard let value else {
          canvas.write("·", centredIn: cell, y, look[.dim])
          continue
        }
        // The share as a number, so that colour is not alone in saying it.
        let style = shade(value)
        canvas.fill(cell, style)
        canvas.write(number(100 * value, 0), centredIn: cell, y + rowHeight / 2, style)
      }
    }
  }
}
