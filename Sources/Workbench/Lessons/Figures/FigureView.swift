import Canvas
import FineTuning
import Foundation
import Positions

/// Draws a stage's picture.
struct FigureView {
  let stage: LessonStage
  let look: Look

  func draw(on canvas: inout Canvas, in rect: Rect) {
    switch stage.figure {
    case .lanes: drawLanes(on: &canvas, in: rect)
    case .pairs: drawPairs(on: &canvas, in: rect)
    case .coverage: drawCoverage(on: &canvas, in: rect)
    case .clocks: drawClocks(on: &canvas, in: rect)
    case .phases: drawPhases(on: &canvas, in: rect)
    case .scalings: drawScalings(on: &canvas, in: rect)
    case .cost: drawCost(on: &canvas, in: rect)
    case .content: drawContent(on: &canvas, in: rect)
    case .neighbours: drawNeighbours(on: &canvas, in: rect)
    case .training: drawTraining(on: &canvas, in: rect)
    case .attention: drawAttention(on: &canvas, in: rect)
    case .reach: drawReach(on: &canvas, in: rect)
    }
  }

  var lettersOnly: GlyphSet { look.lettersLanes ? .ascii : look.glyphs }

  func covers(_ part: LessonPart) -> Bool { stage.covered.contains(part) }

  /// A row with a name before it and a bar behind.
  func drawBar(
    _ name: String, _ share: Double, _ value: String, _ role: Theme.Role, on canvas: inout Canvas, _ rect: Rect,
    _ row: Int
  ) {
    guard row < rect.endRow else { return }
    let names = 22
    canvas.write(name, rect.column, row, look[.dim], limit: names - 1)
    let room = max(4, rect.columns - names - 16)
    canvas.bar(share, rect.column + names, row, columns: room, look[role], look.glyphs)
    canvas.write(value, endingAt: rect.endColumn, row, look[.text], limit: 15)
  }

  // MARK: - One example

  private func intervals(_ chunks: [Chunk], _ range: (Chunk) -> Range<Int>) -> [Lane.Interval] {
    chunks.enumerated().map { Lane.Interval(range($1), look.theme.chunk($0), letter: letter($0)) }
  }

  private func drawLanes(on canvas: inout Canvas, in rect: Rect) {
    guard let layout = stage.layout else { return }
    let lanes = Rect(rect.column + 7, rect.row, rect.columns - 7, rect.rows)
    func lane(_ name: String, _ intervals: [Lane.Interval], _ row: Int, on canvas: inout Canvas) {
      guard row < rect.endRow else { return }
      canvas.write(name, rect.column, row, look[.dim])
      Lane(length: stage.target, intervals: intervals, track: look[.track]).draw(
        on: &canvas, in: Rect(lanes.column, row, lanes.columns, 1), lettersOnly)
    }
    let chunks = layout.chunks
    lane("train", intervals(chunks) { $0.start..<$0.start + $0.length }, rect.row, on: &canvas)
    canvas.write("0", lanes.column, rect.row + 1, look[.axis])
    let edge = lanes.column + stage.window * lanes.columns / max(stage.target, 1)
    canvas.write("^L \(grouped(stage.window))", min(edge, lanes.endColumn - 10), rect.row + 1, look[.axis])
    canvas.write(grouped(stage.target - 1), endingAt: lanes.endColumn, rect.row + 1, look[.axis])
    lane("PoSE", intervals(chunks) { $0.positions }, rect.row + 3, on: &canvas)
    let spans = chunks.enumerated().map {
      "\(letter($0)) \(grouped($1.positions.lowerBound))–\(grouped($1.positions.upperBound - 1))"
    }
    let skips = chunks.dropFirst().enumerated().map { "u\(subscripted($0 + 1)) \(grouped($1.skipBias))" }
    canvas.write(
      (spans + skips).joined(separator: "   "), lanes.column, rect.row + 4, look[.text], limit: lanes.columns)
    guard rect.rows >= 7 else { return }
    drawDistances(layout, on: &canvas, lanes, rect)
  }

  private func drawDistances(_ layout: PositionLayout, on canvas: inout Canvas, _ lanes: Rect, _ rect: Rect) {
    let row = rect.row + 6
    canvas.write("dist", rect.column, row, look[.dim])
    guard !covers(.dist) else {
      canvas.write(String(repeating: "?", count: lanes.columns), lanes.column, row, look[.warn])
      canvas.write("covered until you answer", lanes.column, row + 1, look[.dim])
      return
    }
    let ranges = layout.distances.map {
      Lane.Interval($0.lowerBound..<$0.upperBound + 1, look[.good], letter: look.lettersLanes ? "#" : " ")
    }
    Lane(length: stage.target, intervals: ranges, track: look[.track]).draw(
      on: &canvas, in: Rect(lanes.column, row, lanes.columns, 1), lettersOnly)
    let text = layout.distances.map { "\(grouped($0.lowerBound))–\(grouped($0.upperBound))" }.joined(
      separator: "  and  ")
    canvas.write(text, lanes.column, row + 1, look[.good], limit: lanes.columns)
    for mark in stage.marks where row + 2 < rect.endRow {
      let column = lanes.column + mark.range.lowerBound * lanes.columns / stage.target
      canvas.write("↑ \(mark.label)", min(column, lanes.endColumn - mark.label.count - 2), row + 2, look[.accent])
    }
  }

  private func drawPairs(on canvas: inout Canvas, in rect: Rect) {
    guard let chunks = stage.layout?.chunks else { return }
    let width = max(14, min(22, (rect.columns - 10) / max(chunks.count, 1)))
    for (column, key) in chunks.enumerated() {
      canvas.write(
        "key \(letter(column)) (\(grouped(key.length)))", rect.column + 10 + column * width, rect.row,
        look.theme.chunk(column), limit: width - 1)
    }
    let all = Double(stage.window * (stage.window - 1) / 2)
    for (row, query) in chunks.enumerated() {
      let line = rect.row + 1 + 3 * row
      guard line + 1 < rect.endRow else { return }
      canvas.write("query \(letter(row))", rect.column, line, look.theme.chunk(row))
      for (column, key) in chunks.enumerated() {
        let place = rect.column + 10 + column * width
        guard column <= row else {
          canvas.write("· causal", place, line, look[.dim])
          continue
        }
        let nearest = row == column ? 1 : query.positions.lowerBound - key.positions.upperBound + 1
        let farthest = row == column ? query.length - 1 : query.positions.upperBound - 1 - key.positions.lowerBound
        let pairs = row == column ? query.length * (query.length - 1) / 2 : query.length * key.length
        canvas.write(
          covers(.dist) && row != column ? "????" : "\(grouped(nearest))–\(grouped(farthest))", place, line,
          look[farthest >= stage.window ? .good : .text], limit: width - 1)
        canvas.write(
          "\(grouped(pairs)) pairs, \(percent(Double(pairs) / max(all, 1)))", place, line + 1, look[.dim],
          limit: width - 1)
      }
    }
  }

  private func drawContent(on canvas: inout Canvas, in rect: Rect) {
    guard let layout = stage.layout else { return }
    let lanes = Rect(rect.column + 10, rect.row, rect.columns - 10, rect.rows)
    let length = max(stage.document, stage.target)
    func lane(_ name: String, _ intervals: [Lane.Interval], _ row: Int, length: Int, on canvas: inout Canvas) {
      canvas.write(name, rect.column, row, look[.dim])
      Lane(length: length, intervals: intervals, track: look[.track]).draw(
        on: &canvas, in: Rect(lanes.column, row, lanes.columns, 1), lettersOnly)
    }
    // The document in the scale of the positions: what lies behind its end is not there.
    let end = stage.document
    canvas.write("text", rect.column, rect.row, look[.dim])
    let inside = layout.chunks.filter { $0.tokens.upperBound <= end }
    Lane(length: end, intervals: intervals(inside) { $0.tokens }, track: look[.track]).draw(
      on: &canvas, in: Rect(lanes.column, rect.row, max(1, lanes.columns * end / length), 1), lettersOnly)
    canvas.write("document of \(grouped(stage.document)) tokens", lanes.column, rect.row + 1, look[.dim])
    lane("positions", intervals(layout.chunks) { $0.positions }, rect.row + 3, length: length, on: &canvas)
    canvas.write("0 … T−1 = \(grouped(stage.target - 1))", lanes.column, rect.row + 4, look[.dim])
    guard rect.rows >= 7 else { return }
    let aligned = layout.chunks.allSatisfy { $0.contentOffset == $0.skipBias }
    let needed = stage.content == .aligned ? stage.target : stage.window
    let fits = stage.document >= needed
    canvas.write(
      [
        Span("v: \(stage.content.rawValue)   ", look[.accent]),
        Span(aligned ? "text and positions agree   " : "positions are not where the text was   ", look[.text]),
        Span("needs \(grouped(needed)) tokens\(fits ? "" : ": document too short")", look[fits ? .dim : .bad]),
      ], rect.column, rect.row + 6, limit: rect.columns)
    guard !covers(.numbers), rect.rows >= 12 else { return }
    for (index, row) in PaperTable.table4.rows.enumerated() {
      let value = row.values.last.flatMap { $0 } ?? 0
      drawBar(
        "\(row.label), 16k", value / 6, Workbench.number(value, 2), .series0, on: &canvas, rect, rect.row + 8 + index)
    }
  }
}
