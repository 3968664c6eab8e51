import Canvas
import FineTuning
import Foundation

extension Experiment {
  /// The figure over its numbers, the paper's beside them, and in words whether they say the same.
  public func picture(_ result: ExperimentResult, columns: Int, rows: Int?, _ look: Look) -> Canvas {
    let charts = result.measures.map { chart(result, $0) }
    let findings = findings(result)
    let tables = charts.reduce(0) { $0 + $1.tableRows + 1 } + (paper.map { $0.rows.count + 3 } ?? 0)
    let needed = tables + findings.count + 3
    var canvas = Canvas(size: Size(columns, rows ?? needed + 14))
    canvas.fill(canvas.bounds, look[.text])
    var rest = canvas.frame(canvas.bounds, look.pane("\(heading): \(title)", info: info(result)), look.glyphs)
      .inset(columns: 1)
    if let first = charts.first, rest.rows > needed + 4 {
      let (plot, below) = rest.splitBottom(needed - 2)
      first.drawPlot(on: &canvas, in: plot, look, window: result.window)
      rest = below
    }
    for chart in charts {
      let unit = chart.measure == SlidingPerplexity.name ? "perplexity by context size" : chart.measure
      rest = Self.below(rest, 1)
      chart.drawTable(on: &canvas, in: rest, look, heading: "ours: \(unit)")
      rest = Self.below(rest, chart.tableRows)
    }
    if let paper {
      let table = ResultChart(
        measure: SlidingPerplexity.name, columns: paper.columns,
        lines: paper.rows.map { ResultChart.Line($0.label, $0.values) })
      rest = Self.below(rest, 1)
      canvas.write("the paper: \(paper.caption), LLaMA-7B", rest.column, rest.row, look[.dim], limit: rest.columns)
      table.drawTable(on: &canvas, in: Self.below(rest, 1), look, heading: "", labelled: false)
      rest = Self.below(rest, table.tableRows + 1)
    }
    rest = Self.below(rest, 1)
    for (row, finding) in findings.enumerated() {
      let verdict = look.glyphs == .ascii ? (finding.holds ? "yes " : "no  ") : (finding.holds ? "✓ " : "✗ ")
      canvas.write(
        [Span(verdict, look[finding.holds ? .good : .bad]), Span(finding.claim, look[.text])], rest.column,
        rest.row + row, limit: rest.columns)
    }
    if look.glyphs == .ascii { canvas.limitToASCII() }
    return canvas
  }

  /// "Table 1" of "table1"; other names begin with a capital.
  private var heading: String {
    for kind in ["table", "figure"] where name.hasPrefix(kind) {
      return kind.capitalized + " " + name.dropFirst(kind.count)
    }
    return name.prefix(1).uppercased() + name.dropFirst()
  }

  private func info(_ result: ExperimentResult) -> String {
    let seeds = size.seeds.count == 1 ? "1 seed" : "\(size.seeds.count) seeds"
    let work = result.steps > 1 ? " · \(result.steps) × \(brief(Double(result.tokensPerStep))) tokens · \(seeds)" : ""
    return "\(result.base) · L \(grouped(result.window)) → T \(grouped(result.target))\(work)"
  }

  private func chart(_ result: ExperimentResult, _ measure: String) -> ResultChart {
    let columns = result.columns(measure)
    return ResultChart(
      measure: measure, columns: columns,
      lines: result.arms.map { arm in
        ResultChart.Line(
          arm, columns.map { result.mean(arm, measure, $0) }, spreads: columns.map { result.spread(arm, measure, $0) })
      })
  }

  private static func below(_ rect: Rect, _ rows: Int) -> Rect {
    Rect(rect.column, rect.row + rows, rect.columns, max(0, rect.rows - rows))
  }
}
