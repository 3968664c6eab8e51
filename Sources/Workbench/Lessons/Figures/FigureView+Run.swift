import Canvas
import FineTuning
import Foundation

extension FigureView {
  // MARK: - Training

  func drawTraining(on canvas: inout Canvas, in rect: Rect) {
    guard let run = stage.run, run.steps.count >= 2 else {
      let settings = stage.training
      canvas.write("no step yet", centredIn: rect, rect.row + rect.rows / 2 - 1, look[.dim])
      canvas.write(
        settings.map { "\($0.method), \($0.scaling), \($0.window) → \($0.target), \($0.steps) steps" } ?? "",
        centredIn: rect, rect.row + rect.rows / 2, look[.dim])
      return
    }
    let (left, right) = rect.splitLeft(rect.columns * 11 / 20)
    drawLoss(run, on: &canvas, in: left)
    drawPerplexity(run, on: &canvas, in: Rect(right.column + 2, right.row, right.columns - 2, right.rows))
  }

  private func drawLoss(_ run: LessonRun, on canvas: inout Canvas, in rect: Rect) {
    let losses = run.steps.map(\.loss)
    let smooth = MovingAverage.smoothed(losses, weight: 0.9)
    let (low, high) = (losses.min() ?? 0, losses.max() ?? 1)
    let x = Axis(1, Double(run.steps.last?.step ?? 2))
    var raw = look[.series0]
    raw.attributes.insert(.dim)
    let series = [
      LinePlot.Series(zip(run.steps, losses).map { (x: Double($0.step), y: $1) }, raw),
      LinePlot.Series(zip(run.steps, smooth).map { (x: Double($0.step), y: $1) }, look[.series1]),
    ]
    canvas.write(
      [
        Span("loss a step", raw), Span(", averaged", look[.series1]),
        Span("\(run.isRecorded ? ", a recorded run" : "")  step \(run.steps.last?.step ?? 0)", look[.dim]),
      ], rect.column, rect.row, limit: rect.columns)
    LinePlot(series, x: x, y: Axis(max(0, low - 0.05), high + 0.05), axisStyle: look[.axis]).draw(
      on: &canvas, in: rect.splitTop(1).rest, look.glyphs)
  }

  private func drawPerplexity(_ run: LessonRun, on canvas: inout Canvas, in rect: Rect) {
    guard let before = run.evaluations.first else { return }
    canvas.write("perplexity, log bars: b before, a after", rect.column, rect.row, look[.dim], limit: rect.columns)
    let worst = before.lengths.compactMap { before.perplexity(at: $0) }.max() ?? 2
    let scale = log(max(worst, 2))
    var row = rect.row + 1
    for length in before.lengths where row + 1 < rect.endRow {
      let values = [
        ("b", before.perplexity(at: length)), ("a", covers(.after) ? nil : run.last?.perplexity(at: length)),
      ]
      for (name, value) in values {
        canvas.write(name == "b" ? grouped(length) : "", endingAt: rect.column + 6, row, look[.text])
        canvas.write(name, rect.column + 7, row, look[name == "b" ? .dim : .good])
        if let value {
          canvas.bar(
            log(max(value, 1.01)) / scale, rect.column + 9, row, columns: max(4, rect.columns - 18),
            look[name == "b" ? .series1 : .good], look.glyphs)
          canvas.write(brief(value), endingAt: rect.endColumn, row, look[.text])
        } else {
          canvas.write("?", rect.column + 9, row, look[.warn])
        }
        row += 1
      }
    }
    guard row < rect.endRow, let passkey = run.last?.eval.passkey, !covers(.after) else { return }
    let found = passkey.keys.compactMap { Int($0) }.sorted().map { number(100 * (passkey["\($0)"] ?? 0), 0) }
    canvas.write(
      "passkeys found: \(found.joined(separator: ", ")) %", rect.column, row, look[.accent], limit: rect.columns)
  }

  // MARK: - Attention

  func drawAttention(on canvas: inout Canvas, in rect: Rect) {
    guard let attention = LessonAttention(stage) else {
      canvas.write("no map yet", centredIn: rect, rect.row + rect.rows / 2, look[.dim])
      return
    }
    let tokens = attention.view.map.tokens
    let positions = attention.view.layout.positions
    let (left, right) = rect.splitLeft(min(rect.columns - 34, 2 * rect.rows + 8))
    let area = Rect(left.column + 6, left.row, left.columns - 7, left.rows - 1)
    let largest = (0..<tokens).flatMap { q in (0...q).map { attention.weight(q, $0) } }.max() ?? 1
    let values = (0..<tokens * tokens).map { index -> Float in
      let (q, k) = (index / tokens, index % tokens)
      return k > q ? .nan : Float((attention.weight(q, k) / max(largest, 1e-9)).squareRoot())
    }
    var map = Heatmap(
      rows: tokens, columns: tokens, values: values, ramp: look.theme[.heat], background: look[.text],
      seamStyle: look[.axis], cursorStyle: look[.cursor])
    map.seams = attention.view.layout.chunks.dropFirst().map(\.start)
    map.cursor = (attention.query, attention.key)
    map.draw(on: &canvas, in: area, lettersOnly)
    for row in stride(from: 0, to: area.rows, by: 3) {
      canvas.write(grouped(positions[row * tokens / area.rows]), endingAt: area.column - 1, area.row + row, look[.axis])
    }
    canvas.write(grouped(positions[0]), area.column, area.endRow, look[.axis])
    canvas.write(grouped(positions[tokens - 1]), endingAt: area.endColumn, area.endRow, look[.axis])
    drawCell(attention, positions, on: &canvas, right)
  }

  private func drawCell(
    _ attention: LessonAttention, _ positions: [Int], on canvas: inout Canvas, _ rect: Rect
  ) {
    let far = attention.distance >= attention.view.layout.window.training
    func told(_ token: Int) -> String {
      let byte = attention.view.tokens[checked: token].flatMap { UInt8(exactly: $0) } ?? 0
      let letter = (0x21...0x7E).contains(byte) ? Character(UnicodeScalar(byte)) : " "
      return "\(grouped(positions[token]))  “\(letter)”"
    }
    let lines: [(String, String, Theme.Role)] = [
      ("query at", told(attention.query), .text), ("key at", told(attention.key), .text),
      ("distance", grouped(attention.distance), far ? .good : .text),
      ("weight", Workbench.number(attention.weight, 3), .accent),
      ("", far ? "across the skip, beyond L" : "inside the window", far ? .good : .dim),
      ("to far keys", covers(.numbers) ? "?" : percent(attention.far), .accent),
    ]
    for (index, line) in lines.enumerated() where rect.row + index < rect.endRow {
      canvas.write(line.0, rect.column, rect.row + index, look[.dim])
      canvas.write(line.1, rect.column + 13, rect.row + index, look[line.2], limit: rect.columns - 13)
    }
  }
}
