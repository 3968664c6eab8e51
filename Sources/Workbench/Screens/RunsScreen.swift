import Canvas
import FineTuning
import Foundation

/// Screen 5: the runs on disk, their curves over each other, and the paper's table beside ours.
struct RunsScreen: PanedScreen {
  let state: WorkbenchState
  let look: Look

  private var runs: RunsState { state.runs }

  func draw(_ pane: Pane, on canvas: inout Canvas, in rect: Rect) {
    switch pane {
    case .list: drawList(on: &canvas, in: rect)
    case .curves: drawCurves(on: &canvas, in: rect)
    default: drawTables(on: &canvas, in: rect)
    }
  }

  func drawCompact(on canvas: inout Canvas, in rect: Rect) { drawRows(on: &canvas, in: rect) }

  // MARK: - The list

  private func drawList(on canvas: inout Canvas, in rect: Rect) {
    let count = runs.runs?.count ?? 0
    // Where rows have no room for names, the selected one's stands here.
    let hasNames = columns(rect.columns - 4).contains { $0.title == "run" }
    let name = runs.shown.map { hasNames ? "" : $0.name + " · " } ?? ""
    let info = count > 0 ? "\(name)\(runs.selected + 1) of \(count) · \(runs.marked.count) marked" : ""
    drawRows(on: &canvas, in: frame(.list, "Runs", info: info, on: &canvas, in: rect))
  }

  private struct Column {
    var title: String
    var width: Int
    var value: (RunSummary) -> String
  }

  private func columns(_ width: Int) -> [Column] {
    var columns = [
      Column(title: "method", width: 10) {
        "\($0.settings.method)\($0.settings.chunks > 2 ? " \($0.settings.chunks)" : "")"
      },
      Column(title: "scaling", width: width < 90 ? 8 : 14) { $0.settings.scaling },
      Column(title: "L → T", width: 13) { "\(grouped($0.settings.window)) → \(grouped($0.settings.target))" },
      Column(title: "step", width: 10) { "\($0.steps.last?.step ?? 0)/\($0.settings.steps)" },
      Column(title: "loss", width: 7) { $0.steps.last.map { number($0.loss, 3) } ?? "–" },
      Column(title: "ppl at L", width: 9) { $0.perplexity(at: $0.settings.window).map(brief) ?? "–" },
      Column(title: "ppl at T", width: 9) { $0.perplexity(at: $0.settings.target).map(brief) ?? "–" },
    ]
    let rest = width - columns.reduce(0) { $0 + $1.width } - 3
    if rest >= 10 { columns.insert(Column(title: "run", width: min(rest, 24)) { $0.name }, at: 0) }
    return columns
  }

  private func drawRows(on canvas: inout Canvas, in rect: Rect) {
    guard let list = runs.runs else {
      return canvas.write("listing …", centredIn: rect, rect.row + rect.rows / 2, look[.dim])
    }
    guard !list.isEmpty else {
      let middle = rect.row + rect.rows / 2
      canvas.write("no runs yet", centredIn: rect, middle - 1, look[.title])
      return canvas.write("2, then Space, starts one", centredIn: rect, middle, look[.dim])
    }
    let columns = columns(rect.columns)
    let compared = runs.compared
    var x = rect.column + 3
    for column in columns where x + column.width <= rect.endColumn {
      canvas.write(column.title, x, rect.row, look[.dim], limit: column.width - 1)
      x += column.width
    }
    let shown = shownRuns(rows: rect.rows - 1)
    let first = shown.lowerBound
    canvas.scrollbar(
      at: rect.endColumn, beside: Rect(rect.column, rect.row + 1, rect.columns, rect.rows - 1), first: first,
      count: list.count, look[.focus], look.glyphs)
    for (row, run) in list[shown].enumerated() {
      let y = rect.row + 1 + row
      let isSelected = first + row == runs.selected
      let style = look[isSelected ? .selection : .text]
      if isSelected { canvas.fill(Rect(rect.column, y, rect.columns, 1), style) }
      canvas.write(isSelected ? "▸" : " ", rect.column, y, style)
      if let index = compared.firstIndex(where: { $0.path == run.path }), compared.count > 1 {
        // The colour and the letter of its curve.
        let sign = look.lettersLanes ? String(ResultChart.letter(index)) : "●"
        canvas.write(
          sign, rect.column + 1, y, Style(look[ResultChart.role(index)].foreground, on: style.background))
      }
      var x = rect.column + 3
      for column in columns where x + column.width <= rect.endColumn {
        canvas.write(column.value(run), x, y, style, limit: column.width - 1)
        x += column.width
      }
    }
  }

  /// The runs that so many rows show, around the selected one.
  private func shownRuns(rows: Int) -> Range<Int> {
    let count = runs.runs?.count ?? 0
    let room = max(1, rows)
    let first = max(0, min(runs.selected - room / 2, count - room))
    return first..<min(first + room, count)
  }

  /// The run whose row is drawn at a place of the list's pane.
  func run(at point: Point, in rect: Rect) -> Int? {
    let inside = rect.inset(columns: 2, rows: 1)
    let shown = shownRuns(rows: inside.rows - 1)
    let index = shown.lowerBound + point.row - inside.row - 1
    return shown.contains(index) ? index : nil
  }

  // MARK: - Curves

  private func drawCurves(on canvas: inout Canvas, in rect: Rect) {
    let scale = runs.hasLogarithmicLoss ? " · log" : ""
    let inside = frame(.curves, "Loss", info: "nats · smoothed 0.9\(scale)", on: &canvas, in: rect)
    RunComparison.drawCurves(
      runs.compared, isLogarithmic: runs.hasLogarithmicLoss, on: &canvas, in: inside, look)
  }

  // MARK: - Ours and the paper's

  private func drawTables(on canvas: inout Canvas, in rect: Rect) {
    let inside = frame(.tables, "Perplexity: ours and the paper's", info: "", on: &canvas, in: rect)
    let compared = runs.compared
    let paper = PaperTable.table1
    var top = inside
    var chart = RunComparison.chart(compared, limit: 5)
    if !chart.columns.isEmpty {
      // The base model has no curve, so it comes last and the other colours are those of the curves.
      chart.lines += compared.prefix(1).compactMap(\.evaluations.first).map { first in
        ResultChart.Line("before", chart.columns.map { first.perplexity(at: $0) })
      }
      chart.drawTable(on: &canvas, in: top, look, heading: "ours")
      top = Rect(top.column, top.row + chart.tableRows + 1, top.columns, max(0, top.rows - chart.tableRows - 1))
    }
    guard top.rows >= 4 else { return }
    canvas.write("the paper's \(paper.caption)", top.column, top.row, look[.dim], limit: top.columns)
    ResultChart(
      measure: SlidingPerplexity.name, columns: Array(paper.columns.prefix(4)),
      lines: paper.rows.map { ResultChart.Line($0.label, Array($0.values.prefix(4))) }
    ).drawTable(
      on: &canvas, in: Rect(top.column, top.row + 1, top.columns, top.rows - 1), look, heading: "", labelled: false)
  }
}

extension RunSummary {
  /// What the run did, in a few words.
  var shortLabel: String {
    let chunks = settings.method == "pose" ? " N\(settings.chunks)" : ""
    return "\(settings.method)\(chunks) \(settings.scaling) \(steps.last?.step ?? 0)"
  }
}
