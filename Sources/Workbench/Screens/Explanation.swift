import Canvas

/// What a pane shows, in a few lines with its formulas and its live numbers.
struct Explanation: Equatable {
  enum Line: Equatable {
    case text(String)
    case formula(String)
    /// A name and its present value.
    case value(String, String)
    case gap
  }

  var title: String
  var lines: [Line]
}

extension WorkbenchState {
  /// The focused pane, explained.
  var explanation: Explanation {
    switch pane {
    case .layout: explorer.layoutExplanation
    case .distances: explorer.distanceExplanation
    case .pairs: explorer.pairsExplanation
    case .rotary: rotaryExplanation
    case .loss, .batch, .run, .context, .signals, .reach, .sample: trainingExplanation
    case .map, .weight, .profile, .heads: attentionExplanation
    case .perplexity, .retrieval, .needle, .far: evaluationExplanation
    case .list, .curves, .tables: runsExplanation
    case .lesson: learnExplanation
    }
  }
}

/// The explanation over the screen, as tall as its lines.
struct ExplanationOverlay {
  let explanation: Explanation
  let look: Look

  func draw(on canvas: inout Canvas, in body: Rect) {
    let width = min(76, body.columns)
    let room = width - 4
    let rows: [(Explanation.Line, String)] = explanation.lines.flatMap { line -> [(Explanation.Line, String)] in
      switch line {
      case .text(let text): wrapped(text, columns: room).map { (line, $0) }
      case .formula(let text): wrapped(text, columns: room - 2).map { (line, $0) }
      case .value(_, let value): [(line, value)]
      case .gap: [(line, "")]
      }
    }
    let rect = body.centred(Size(width, rows.count + 2))
    canvas.fill(rect, look[.text])
    var pane = look.pane(explanation.title, info: "Tab next pane · Esc closes")
    pane.border = look[.focus]
    let inside = canvas.frame(rect, pane, look.glyphs).inset(columns: 1)
    for (index, row) in rows.prefix(inside.rows).enumerated() {
      let line = inside.row + index
      switch row.0 {
      case .text: canvas.write(row.1, inside.column, line, look[.text], limit: inside.columns)
      case .formula: canvas.write(row.1, inside.column + 2, line, look[.accent], limit: inside.columns - 2)
      case .value(let name, _):
        canvas.write(name, inside.column + 2, line, look[.dim], limit: 30)
        canvas.write(row.1, inside.column + 34, line, look[.title], limit: inside.columns - 34)
      case .gap: break
      }
    }
  }
}
