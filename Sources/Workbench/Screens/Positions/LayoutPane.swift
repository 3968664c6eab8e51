import Canvas
import FineTuning
import Positions

/// One example's layout: the window, the target window and the text as lanes, and the chunks in numbers.
struct LayoutPane {
  let explorer: ExplorerState
  let look: Look

  private var settings: RunSettings { explorer.settings }

  func draw(on canvas: inout Canvas, in rect: Rect, isFocused: Bool) {
    let place = "example \(grouped(explorer.example + 1)) · seed \(settings.seed)"
    let info = explorer.isByHand ? "edited by hand · n draws again" : place
    canvas.frame(rect, look.pane("Positions", info: info, isFocused: isFocused), look.glyphs)
    let plan = LayoutPlan(explorer, in: rect)
    let inside = plan.inside
    canvas.write(facts, inside.column, inside.row, limit: inside.columns)
    guard let layout = explorer.layout else {
      for (row, line) in wrapped(explorer.problem ?? "", columns: inside.columns).enumerated() {
        canvas.write(line, inside.column, inside.row + 2 + row, look[.bad], limit: inside.columns)
      }
      return
    }
    for lane in plan.lanes { draw(lane, layout, on: &canvas) }
    drawChunks(layout, on: &canvas, plan.table)
  }

  /// The settings that the sampler reads.
  private var facts: [Span] {
    let reads = (try? SamplerRegistry.type(named: settings.method))?.reads ?? []
    var facts: [(name: String, value: String)] = [("", settings.method)]
    if reads.contains(.chunkCount) { facts.append(("N", "\(settings.chunks)")) }
    facts += [("L", grouped(settings.window)), ("T", grouped(settings.target))]
    facts.append(("×", brief(Double(settings.target) / Double(settings.window))))
    if reads.contains(.content) { facts.append(("content", settings.content.rawValue)) }
    if settings.split != .uniform, reads.contains(.split) { facts.append(("split", settings.split.rawValue)) }
    if settings.biases != .chained, reads.contains(.biases) { facts.append(("skips", settings.biases.rawValue)) }
    facts.append(("seam", settings.seam.rawValue))
    facts.append(("scaling", settings.scaling))
    return facts.flatMap { name, value in
      [
        Span(name == "×" || name.isEmpty ? name : name + " ", look[.dim]),
        Span(value + "  ", look[name == "×" ? .dim : .accent]),
      ]
    }
  }

  private func draw(_ named: LayoutPlan.NamedLane, _ layout: PositionLayout, on canvas: inout Canvas) {
    let rect = named.rect
    let row = rect.row + (rect.rows - 1) / 2
    canvas.write(named.name, rect.column - 10, row, look[.dim])
    canvas.write("0", rect.column - 2, row, look[.axis])
    canvas.write(grouped(max(named.length - 1, 0)), rect.endColumn + 1, row, look[.axis])
    let isScattered = layout.chunks.isEmpty
    let intervals = named.ranges.enumerated().map { index, range in
      Lane.Interval(range, look.theme.chunk(isScattered ? 0 : index), letter: letter(isScattered ? 0 : index))
    }
    Lane(length: named.length, intervals: intervals, track: look[.track], scale: named.scale)
      .draw(on: &canvas, in: rect, look.lettersLanes ? .ascii : look.glyphs)
    if let biasRow = named.biasRow { drawBiases(layout, named, on: &canvas, biasRow) }
  }

  /// u_i under each chunk that was moved, where there is room.
  private func drawBiases(
    _ layout: PositionLayout, _ named: LayoutPlan.NamedLane, on canvas: inout Canvas, _ row: Int
  ) {
    let lane = named.rect
    if named.scale == .logarithmic {
      canvas.write("log", lane.column - 10, row, look[.dim])
    }
    var free = lane.column
    for (index, chunk) in layout.chunks.enumerated().dropFirst() {
      let label = "u\(subscripted(index)) \(grouped(chunk.skipBias))"
      let start = named.columns(of: chunk.positions).lowerBound
      let column = min(max(start - label.columnCount / 2, free), lane.endColumn - label.columnCount)
      guard column >= free else { break }
      var style = look.theme.chunk(index)
      style.attributes = []
      canvas.write(label, column, row, isSelected(.bias, index) ? look[.cursor] : style)
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
    canvas.write("chunk   tokens  positions", rect.column, rect.row, look[.dim], limit: rect.columns)
    let ends = columnEnds(rect)
    canvas.write("skip u", endingAt: ends.skip, rect.row, look[.dim])
    if let content = ends.content { canvas.write("content v", endingAt: content, rect.row, look[.dim]) }
    let room = rect.rows - 1
    let shown = layout.chunks.count > room ? max(room - 1, 0) : layout.chunks.count
    // The chunk that is edited stays in sight.
    let selected = min(explorer.handle.chunk, layout.chunks.count - 1)
    let first = min(max(0, selected - shown + 1), layout.chunks.count - shown)
    for (row, index) in (first..<first + shown).enumerated() {
      drawChunk(index, layout.chunks[index], on: &canvas, rect, rect.row + 1 + row)
    }
    if shown < layout.chunks.count, room > 0 {
      canvas.write(
        "… \(layout.chunks.count - shown) more", rect.column, rect.row + 1 + shown, look[.dim], limit: rect.columns)
    }
  }

  /// Where the skips end, and the content offsets where there is room for them.
  private func columnEnds(_ rect: Rect) -> (skip: Int, content: Int?) {
    rect.columns >= 59 ? (rect.column + 47, rect.column + 59) : (rect.endColumn, nil)
  }

  private func drawChunk(_ index: Int, _ chunk: Chunk, on canvas: inout Canvas, _ rect: Rect, _ row: Int) {
    canvas.write("● \(letter(index))", rect.column, row, look.theme.chunk(index))
    let range = "\(grouped(chunk.positions.lowerBound)) – \(grouped(chunk.positions.upperBound - 1))"
    canvas.write(
      grouped(chunk.length), endingAt: rect.column + 14, row, look[isSelected(.border, index) ? .cursor : .text])
    canvas.write(range, rect.column + 16, row, look[.text])
    let ends = columnEnds(rect)
    canvas.write(grouped(chunk.skipBias), endingAt: ends.skip, row, look[isSelected(.bias, index) ? .cursor : .text])
    if let content = ends.content {
      canvas.write(grouped(chunk.contentOffset), endingAt: content, row, look[.text])
    }
  }

  /// The numbers that the arrows move stand out, by reversed colours and not by hue alone.
  private func isSelected(_ kind: LayoutHandle.Kind, _ chunk: Int) -> Bool {
    chunk > 0 && explorer.handle == LayoutHandle(kind: kind, chunk: chunk)
  }
}

/// What a chunk is called in every view: A for the first, beginning again after Z.
func letter(_ chunk: Int) -> Character { Character(UnicodeScalar(UInt8(65 + chunk % 26))) }
