import Canvas
import FineTuning
import Positions

/// Screen 1: one example's layout as lanes, the distances it trains, and how far the rotary pairs turn.
struct PositionsScreen {
  let state: WorkbenchState
  let look: Look

  private var explorer: ExplorerState { state.explorer }
  private var settings: RunSettings { explorer.settings }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let isTall = rect.rows >= 30
    let chunks = max(explorer.layout?.chunks.count ?? 1, 1)
    let (top, bottom) = rect.splitTop(isTall ? 16 + min(chunks, 6) : 11 + min(chunks, 3))
    drawLayout(on: &canvas, in: top, isTall: isTall)
    let (left, right) = bottom.splitLeft(bottom.columns * 11 / 20)
    drawCoverage(on: &canvas, in: left)
    PhasePane(settings: settings, configuration: state.training.subject?.configuration, look: look)
      .draw(on: &canvas, in: right)
  }

  // MARK: - The layout

  private func drawLayout(on canvas: inout Canvas, in rect: Rect, isTall: Bool) {
    let place = "example \(grouped(explorer.example + 1)) · seed \(settings.seed)"
    let info = explorer.isByHand ? "edited by hand · n draws again" : place
    let inside = canvas.frame(rect, look.pane("Positions", info: info), look.glyphs).inset(columns: 1)
    drawSettings(on: &canvas, inside.column, inside.row, limit: inside.columns)
    guard let layout = explorer.layout else {
      for (row, line) in wrapped(explorer.problem ?? "", columns: inside.columns).enumerated() {
        canvas.write(line, inside.column, inside.row + 2 + row, look[.bad], limit: inside.columns)
      }
      return
    }
    let thickness = isTall ? 2 : 1
    var row = inside.row + 2
    for lane in lanes(layout) {
      drawLane(lane, on: &canvas, Rect(inside.column, row, inside.columns, thickness))
      row += thickness
      if lane.hasBiases {
        drawBiases(layout, lane, on: &canvas, Rect(inside.column, row, inside.columns, 1))
        row += 1
      }
      if isTall { row += 1 }
    }
    drawChunks(layout, on: &canvas, Rect(inside.column, row, inside.columns, inside.endRow - row))
  }

  private func drawSettings(on canvas: inout Canvas, _ column: Int, _ row: Int, limit: Int) {
    let facts: [(String, String)] = [
      ("L", grouped(settings.window)), ("T", grouped(settings.target)),
      ("", "×\(brief(Double(settings.target) / Double(settings.window)))"),
      ("N", "\(settings.chunks)"), ("sampler", settings.method), ("content", settings.content),
      ("scaling", settings.scaling),
    ]
    var spans: [Span] = []
    for (name, value) in facts {
      if !name.isEmpty { spans.append(Span(name + " ", look[.dim])) }
      spans.append(Span(value + "  ", look[name.isEmpty ? .dim : .accent]))
    }
    canvas.write(spans, column, row, limit: limit)
  }

  /// A lane with its name and its range.
  private struct NamedLane {
    var name: String
    var lane: Lane
    var hasBiases = false
  }

  private func lanes(_ layout: PositionLayout) -> [NamedLane] {
    let chunks = layout.chunks
    func lane(_ length: Int, _ range: (Chunk) -> Range<Int>) -> Lane {
      let intervals = chunks.enumerated().map { index, chunk in
        Lane.Interval(range(chunk), look.theme.chunk(index), letter: letter(index))
      }
      return Lane(length: length, intervals: intervals, track: look[.track])
    }
    if chunks.isEmpty {
      let positions = layout.positions
      let dots = positions.map { Lane.Interval($0..<$0 + 1, look.theme.chunk(0), letter: "A") }
      return [
        NamedLane(
          name: "window",
          lane: Lane(
            length: positions.count,
            intervals: [Lane.Interval(0..<positions.count, look.theme.chunk(0), letter: "A")], track: look[.track])),
        NamedLane(name: "target", lane: Lane(length: layout.window.target, intervals: dots, track: look[.track])),
      ]
    }
    let textLength = max(layout.window.target, chunks.map(\.tokens.upperBound).max() ?? 1)
    return [
      NamedLane(name: "window", lane: lane(layout.tokenCount) { $0.start..<$0.start + $0.length }),
      NamedLane(name: "target", lane: lane(layout.window.target, \.positions), hasBiases: true),
      NamedLane(name: "text", lane: lane(textLength, \.tokens)),
    ]
  }

  private static let nameWidth = 8

  private func laneRect(_ rect: Rect, _ lane: Lane) -> Rect {
    let last = grouped(max(lane.length - 1, 0)).count
    return Rect(
      rect.column + Self.nameWidth + 2, rect.row, rect.columns - Self.nameWidth - 3 - last, rect.rows)
  }

  private func drawLane(_ named: NamedLane, on canvas: inout Canvas, _ rect: Rect) {
    let lane = laneRect(rect, named.lane)
    let row = rect.row + (rect.rows - 1) / 2
    canvas.write(named.name, rect.column, row, look[.dim])
    canvas.write("0", rect.column + Self.nameWidth, row, look[.axis])
    canvas.write(grouped(max(named.lane.length - 1, 0)), lane.endColumn + 1, row, look[.axis])
    named.lane.draw(on: &canvas, in: lane, look.lettersLanes ? .ascii : look.glyphs)
  }

  /// u_i under each gap, where there is room.
  private func drawBiases(_ layout: PositionLayout, _ named: NamedLane, on canvas: inout Canvas, _ rect: Rect) {
    let lane = laneRect(rect, named.lane)
    var free = lane.column
    for (index, chunk) in layout.chunks.enumerated().dropFirst() {
      let label = "u\(subscripted(index)) \(grouped(chunk.skipBias))"
      let start = lane.column + named.lane.columns(of: chunk.positions, in: lane.columns).lowerBound
      let column = min(max(start - label.columnCount / 2, free), lane.endColumn - label.columnCount)
      guard column >= free else { break }
      var style = look.theme.chunk(index)
      style.attributes = []
      canvas.write(label, column, rect.row, style)
      free = column + label.columnCount + 2
    }
  }

  private func drawChunks(_ layout: PositionLayout, on canvas: inout Canvas, _ rect: Rect) {
    guard !rect.isEmpty else { return }
    if layout.chunks.isEmpty {
      let gaps = layout.positions.count > 1 ? zip(layout.positions.dropFirst(), layout.positions).map { $0 - $1 } : []
      let neighbours = gaps.filter { $0 == 1 }.count
      canvas.write(
        "\(grouped(layout.positions.count)) scattered positions; \(grouped(neighbours)) of \(grouped(gaps.count)) "
          + "neighbours stay 1 apart", rect.column, rect.row, look[.text], limit: rect.columns)
      return
    }
    canvas.write(
      "chunk   tokens  positions                skip u   content v", rect.column, rect.row, look[.dim],
      limit: rect.columns)
    let room = rect.rows - 1
    let shown = layout.chunks.count > room ? max(room - 1, 0) : layout.chunks.count
    for (index, chunk) in layout.chunks.prefix(shown).enumerated() {
      let row = rect.row + 1 + index
      canvas.write("● \(letter(index))", rect.column, row, look.theme.chunk(index))
      let range = "\(grouped(chunk.positions.lowerBound)) – \(grouped(chunk.positions.upperBound - 1))"
      canvas.write(grouped(chunk.length), endingAt: rect.column + 14, row, look[.text])
      canvas.write(range, rect.column + 16, row, style(.border, index))
      canvas.write(grouped(chunk.skipBias), endingAt: rect.column + 47, row, style(.bias, index))
      canvas.write(grouped(chunk.contentOffset), endingAt: rect.column + 59, row, look[.text])
    }
    if shown < layout.chunks.count, room > 0 {
      canvas.write(
        "… \(layout.chunks.count - shown) more", rect.column, rect.row + 1 + shown, look[.dim], limit: rect.columns)
    }
  }

  /// The numbers that the arrows move stand out, by reversed colours and not by hue alone.
  private func style(_ kind: LayoutHandle.Kind, _ chunk: Int) -> Style {
    let isSelected = explorer.handle == LayoutHandle(kind: kind, chunk: chunk)
    return look[isSelected ? .cursor : .text]
  }

  private func letter(_ index: Int) -> Character { Character(UnicodeScalar(UInt8(65 + index % 26))) }

  // MARK: - Distances

  private func drawCoverage(on canvas: inout Canvas, in rect: Rect) {
    let examples = explorer.met.examples
    let drawn = examples == 1 ? "1 example" : "\(grouped(examples)) examples"
    let info = explorer.expected == nil ? drawn : "\(drawn) and P(d)"
    let inside = canvas.frame(rect, look.pane("Distances met", info: info), look.glyphs)
    guard let layout = explorer.layout, inside.rows >= 3 else { return }
    let (plot, strip) = inside.splitBottom(1)
    let shares = explorer.met.shares
    var series = [LinePlot.Series(envelope(shares, columns: plot.columns * 2), look[.series0])]
    if let expected = explorer.expected {
      series.append(LinePlot.Series(envelope(expected, columns: plot.columns * 2), look[.series1]))
    }
    LinePlot(
      series, x: Axis(1, Double(max(layout.window.target - 1, 2))), y: Axis(0, 1), axisStyle: look[.axis]
    ).draw(on: &canvas, in: plot.inset(columns: 1), look.glyphs)
    drawStrip(layout, on: &canvas, strip.inset(columns: 1))
  }

  /// The least and the greatest share in each of `columns` stretches of distances: what can be seen of a million.
  private func envelope(_ shares: [Double], columns: Int) -> [(x: Double, y: Double)] {
    let count = shares.count - 1
    guard count > columns else { return shares.indices.dropFirst().map { (x: Double($0), y: shares[$0]) } }
    return (0..<columns).flatMap { column -> [(x: Double, y: Double)] in
      let stretch = shares[1 + column * count / columns..<1 + (column + 1) * count / columns]
      let x = Double(stretch.startIndex)
      return [(x: x, y: stretch.min() ?? 0), (x: x, y: stretch.max() ?? 0)]
    }
  }

  /// Which distances this one example contains.
  private func drawStrip(_ layout: PositionLayout, on canvas: inout Canvas, _ rect: Rect) {
    let ranges = layout.distances
    let count = ranges.reduce(0) { $0 + $1.count }
    let label = "this one: \(grouped(count)) of \(grouped(layout.window.target - 1))"
    canvas.write(label, rect.column, rect.row, look[.dim], limit: rect.columns)
    let lane = Rect(
      rect.column + label.columnCount + 1, rect.row, rect.columns - label.columnCount - 1, 1)
    guard lane.columns >= 8 else { return }
    let intervals = ranges.map { Lane.Interval($0.lowerBound..<$0.upperBound + 1, look[.series0], letter: "#") }
    let width = lane.columns
    let strip = Lane(length: layout.window.target, intervals: [], track: look[.track])
    strip.draw(on: &canvas, in: lane, look.lettersLanes ? .ascii : look.glyphs)
    for interval in intervals {
      for column in strip.columns(of: interval.range, in: width) {
        canvas[lane.column + column, lane.row] = Cell(Glyph(look.lettersLanes ? "#" : "━"), interval.style)
      }
    }
  }
}
