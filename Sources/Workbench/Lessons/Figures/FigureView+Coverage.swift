import Canvas
import FineTuning
import Foundation
import Positions

extension FigureView {
  // MARK: - Coverage

  func drawCoverage(on canvas: inout Canvas, in rect: Rect) {
    let (plotRect, foot) = rect.splitBottom(min(2, max(0, rect.rows - 6)))
    let samplers: [(name: String, chunks: Int, sampler: String, mark: Character, role: Theme.Role)] = [
      ("N=1", 1, "pose", "1", .series3), ("N=2", 2, "pose", "2", .series0), ("N=3", 3, "pose", "3", .series1),
      ("RandPos", 2, "randpos", "R", .series2),
    ]
    let x = Axis(1, Double(stage.target - 1))
    var series: [LinePlot.Series] = []
    for entry in samplers where !covers(.curve) || entry.chunks == 1 {
      let curve = LessonCoverage.curve(stage, chunks: entry.chunks, sampler: entry.sampler)
      let stride = max(1, curve.count / (plotRect.columns * 4))
      let points = Swift.stride(from: 1, to: curve.count, by: stride).map { (x: Double($0), y: curve[$0]) }
      series.append(LinePlot.Series(points, look[entry.role], mark: entry.mark))
    }
    if let met = stage.met {
      let shares = met.profile[.coverage]
      let stride = max(1, shares.count / (plotRect.columns * 4))
      let points = Swift.stride(from: 1, to: shares.count, by: stride).map { (x: Double($0), y: shares[$0]) }
      series.append(LinePlot.Series(points, look[.dim], mark: "*"))
    }
    var plot = LinePlot(series, x: x, y: Axis(0, 1), axisStyle: look[.axis])
    plot.cursor = (Double(stage.distance), look[.focus])
    plot.draw(on: &canvas, in: plotRect, look.glyphs)
    if let guess = stage.guess {
      let area = plot.area(in: plotRect)
      let column = area.column + Int(x.share(Double(stage.distance)) * Double(area.columns - 1) + 0.5)
      let row = area.row + Int((1 - min(max(guess, 0), 1)) * Double(area.rows - 1) + 0.5)
      canvas.write("g", column, row, look[.warn])
    }
    guard foot.rows > 0 else { return }
    var spans = [Span("P(d), d = \(grouped(stage.distance)):  ", look[.accent])]
    for entry in samplers {
      let hidden = covers(.curve) && entry.chunks != 1
      let value = LessonCoverage.share(stage, chunks: entry.chunks, sampler: entry.sampler, at: stage.distance) ?? 0
      let sign = LessonCoverage.isDrawn(stage, chunks: entry.chunks, sampler: entry.sampler) ? "≈ " : ""
      spans.append(Span("\(entry.name): \(hidden ? "?" : sign + brief(value))   ", look[entry.role]))
    }
    if let guess = stage.guess { spans.append(Span("g guess: \(brief(guess))", look[.warn])) }
    canvas.write(spans, foot.column, foot.row, limit: foot.columns)
    guard foot.rows > 1, stage.drawn > 0, let met = stage.met else { return }
    let count = met.profile[.coverage].filter { $0 > 0 }.count
    canvas.write(
      "* \(grouped(stage.drawn)) examples drawn: \(grouped(count)) of \(grouped(stage.target - 1)) distances met",
      foot.column,
      foot.row + 1, look[.dim], limit: foot.columns)
  }

  func drawNeighbours(on canvas: inout Canvas, in rect: Rect) {
    let random = Double(stage.window) / Double(stage.target)
    let pose = Double(stage.window - stage.chunkCount) / Double(stage.window - 1)
    canvas.write("adjacent tokens that stay 1 apart", rect.column, rect.row, look[.title])
    drawBar("PoSE, N \(stage.chunkCount)", pose, percent(pose), .series0, on: &canvas, rect, rect.row + 1)
    drawBar(
      "RandPos", covers(.numbers) ? 0 : random, covers(.numbers) ? "?" : percent(random), .series2, on: &canvas, rect,
      rect.row + 2)
    guard rect.rows >= 9 else { return }
    canvas.write("perplexity at 16k (Table 1)", rect.column, rect.row + 4, look[.title])
    for (index, row) in [3, 5].enumerated() {
      let entry = PaperTable.table1.rows[row - 1]
      let value = PaperCells.value(.table1, row: row, column: 16_384, isSwapped: false) ?? 0
      drawBar(
        entry.label, covers(.numbers) ? 0 : value / 16, covers(.numbers) ? "?" : Workbench.number(value, 2),
        index == 0 ? .series2 : .series0, on: &canvas, rect, rect.row + 5 + index)
    }
    guard rect.rows >= 11, let layout = try? stage.settings(sampler: "randpos").layout(example: 0) else { return }
    // A position a column: farther out the lane would be solid.
    let shown = rect.columns - 22
    canvas.write("RandPos, 0 … \(shown - 1)", rect.column, rect.row + 8, look[.dim], limit: 21)
    let intervals = layout.positions.prefix { $0 < shown }.map {
      Lane.Interval($0..<$0 + 1, look.theme.chunk(0), letter: "R")
    }
    Lane(length: shown, intervals: intervals, track: look[.track]).draw(
      on: &canvas, in: Rect(rect.column + 22, rect.row + 8, shown, 1), lettersOnly)
  }

  // MARK: - Cost and reach

  func drawCost(on canvas: inout Canvas, in rect: Rect) {
    let cost = LessonCost(stage)
    var row = rect.row
    let hidden = covers(.numbers)
    for tokens in sequence(first: stage.window, next: { $0 * 2 }).prefix(while: { $0 <= stage.target }) {
      guard row < rect.endRow - 3 else { break }
      let share = cost.cells(tokens) / cost.cells(stage.target)
      drawBar(
        "full \(grouped(tokens))", hidden ? 0 : share, hidden ? "?" : "\(brief(cost.cells(tokens))) cells", .series2,
        on: &canvas, rect, row)
      row += 1
    }
    drawBar(
      "PoSE, any T", cost.cells(stage.window) / cost.cells(stage.target), "\(brief(cost.cells(stage.window))) cells",
      .series0, on: &canvas, rect, row)
    guard row + 3 < rect.endRow, !hidden else { return }
    let (full, pose) = (cost.megabytes(stage.target), cost.megabytes(stage.window))
    drawBar("bytes here, full", 1, "\(brief(full)) MB", .series2, on: &canvas, rect, row + 2)
    drawBar("bytes here, PoSE", pose / full, "\(brief(pose)) MB", .series0, on: &canvas, rect, row + 3)
  }

  func drawReach(on canvas: inout Canvas, in rect: Rect) {
    canvas.write("perplexity inside 2k, paid for reach (GovReport, Table 1)", rect.column, rect.row, look[.title])
    let rows: [(name: String, row: Int)] = [("original, reach 2k", 1), ("PoSE, reach 16k", 5), ("PoSE, reach 32k", 6)]
    for (index, entry) in rows.enumerated() {
      let value = PaperCells.value(.table1, row: entry.row, column: 2048, isSwapped: stage.fault == .swappedTable) ?? 0
      let hidden = covers(.numbers) && index > 0
      drawBar(
        entry.name, hidden ? 0 : value / 6, hidden ? "?" : Workbench.number(value, 2), .series0, on: &canvas,
        rect,
        rect.row + 1 + index)
    }
    guard rect.rows >= 8 else { return }
    canvas.write("cache of a LLaMA-7B in float16", rect.column, rect.row + 5, look[.title])
    for (index, tokens) in [2048, 16_384, stage.context].enumerated() where rect.row + 6 + index < rect.endRow {
      let bytes = LessonCost.cacheGibibytes(tokens)
      let hidden = covers(.verdict) && index == 2
      drawBar(
        "\(grouped(tokens)) tokens", hidden ? 0 : bytes / max(LessonCost.cacheGibibytes(stage.context), 1),
        hidden ? "?" : "\(brief(bytes)) GiB", .series1, on: &canvas, rect, rect.row + 6 + index)
    }
  }
}
