import Canvas
import Positions

/// Which chunk attends to which: the causal triangle of one example, each block with its distances and how many pairs it has.
///
/// A block's area is its number of pairs, so the share that reaches beyond the window is seen before it is read.
struct PairsPane {
  let explorer: ExplorerState
  let look: Look

  /// The pairs of a later chunk's queries with an earlier or the same chunk's keys.
  struct Block: Equatable {
    var query: Int
    var key: Int
    var distances: ClosedRange<Int>
    var count: Int
  }

  static func blocks(_ layout: PositionLayout) -> [Block] {
    let chunks = layout.chunks
    return chunks.indices.flatMap { query in
      (0...query).compactMap { key -> Block? in
        let (later, earlier) = (chunks[query].positions, chunks[key].positions)
        if query == key {
          guard later.count > 1 else { return nil }
          return Block(
            query: query, key: key, distances: 1...later.count - 1, count: later.count * (later.count - 1) / 2)
        }
        return Block(
          query: query, key: key,
          distances: later.lowerBound - earlier.upperBound + 1...later.upperBound - 1 - earlier.lowerBound,
          count: later.count * earlier.count)
      }
    }
  }

  func draw(on canvas: inout Canvas, in rect: Rect, isFocused: Bool) {
    let total = explorer.layout.map { $0.tokenCount * ($0.tokenCount - 1) / 2 } ?? 0
    let pane = look.pane("Who attends to whom", info: "\(grouped(total)) pairs", isFocused: isFocused)
    let inside = canvas.frame(rect, pane, look.glyphs).inset(columns: 1)
    guard let layout = explorer.layout, inside.rows >= 3, inside.columns >= 24 else { return }
    let lines = list(layout, max(total, 1), rows: inside.rows)
    let width = lines.map { $0.reduce(0) { $0 + $1.text.columnCount } }.max() ?? 0
    // A cell is twice as high as wide: the triangle is as high as it is wide.
    let rows = max(min(inside.rows - 1, (inside.columns - width - 2) / 2), 3)
    let triangle = Rect(inside.column, inside.row, rows * 2, rows)
    drawTriangle(layout, on: &canvas, triangle)
    canvas.write("key →", triangle.column, triangle.endRow, look[.axis], limit: triangle.columns)
    for (index, line) in lines.prefix(inside.rows).enumerated() {
      canvas.write(
        line, triangle.endColumn + 2, inside.row + index, limit: inside.endColumn - triangle.endColumn - 2)
    }
  }

  private func drawTriangle(_ layout: PositionLayout, on canvas: inout Canvas, _ rect: Rect) {
    let tokens = layout.tokenCount
    let starts = layout.chunks.map(\.start)
    func chunk(_ token: Int) -> Int { max(0, (starts.firstIndex { $0 > token } ?? starts.count) - 1) }
    for row in 0..<rect.rows {
      for column in 0...min(2 * row + 1, rect.columns - 1) {
        let query = min((2 * row + 1) * tokens / (2 * rect.rows), tokens - 1)
        let key = column * tokens / rect.columns
        guard key <= query || column <= 2 * row else { continue }
        let (later, earlier) = (chunk(query), chunk(min(key, query)))
        canvas[rect.column + column, rect.row + row] = cell(later, earlier, isScattered: starts.isEmpty)
      }
    }
  }

  /// A block inside a chunk has the chunk's colour; one across skips has the query's, in a weave that no colour is needed for.
  private func cell(_ query: Int, _ key: Int, isScattered: Bool) -> Cell {
    let style = look.theme.chunk(query)
    if isScattered { return Cell(Glyph(look.lettersLanes ? ":" : "▒"), style) }
    if query == key { return Cell(look.lettersLanes ? Glyph(scalar(query)) : Glyph("█"), style) }
    return Cell(Glyph(look.lettersLanes ? ":" : "▒"), style)
  }

  private func scalar(_ chunk: Int) -> Unicode.Scalar { letter(chunk).unicodeScalars.first ?? "#" }

  // MARK: - The numbers

  /// The blocks with their distances and counts, as fully as the rows allow, and the share that the window alone never holds.
  private func list(_ layout: PositionLayout, _ total: Int, rows: Int) -> [[Span]] {
    func share(_ count: Int) -> String { "\(grouped(count)) · \(percent(Double(count) / Double(total)))" }
    func range(_ distances: ClosedRange<Int>) -> String {
      "\(grouped(distances.lowerBound))–\(grouped(distances.upperBound))"
    }
    let far = Double(layout.pairsBeyondWindow) / Double(total)
    let last = [Span(look.glyphs == .ascii ? "d >= L  " : "d ≥ L  ", look[.warn]), Span(percent(far), look[.title])]
    if layout.chunks.isEmpty {
      let farthest = (layout.positions.last ?? 0) - (layout.positions.first ?? 0)
      return [
        [Span("all pairs", look[.title])], [Span("d 1–\(grouped(farthest))", look[.text])],
        [Span(share(total), look[.text])], last,
      ]
    }
    let blocks = layout.chunks.count <= 6 ? Self.blocks(layout) : []
    if !blocks.isEmpty, blocks.count * 2 + 1 <= rows {
      return blocks.flatMap { block in
        [
          [name(block), Span("  " + range(block.distances), look[.text])],
          [Span("     " + share(block.count), look[.dim])],
        ]
      } + [last]
    }
    if !blocks.isEmpty, blocks.count + 1 <= rows {
      return blocks.map { [name($0), Span("  " + share($0.count), look[.text])] } + [last]
    }
    return Self.parts(layout).flatMap { part in
      [
        [Span(part.title, look[.title])], [Span("  d " + range(part.distances), look[.text])],
        [Span("  " + share(part.count), look[.text])],
      ]
    } + [last]
  }

  /// All blocks inside chunks, and all across skips, where there are too many to name.
  private static func parts(_ layout: PositionLayout) -> [(title: String, distances: ClosedRange<Int>, count: Int)] {
    let chunks = layout.chunks
    let inside = chunks.reduce(0) { $0 + $1.length * ($1.length - 1) / 2 }
    let across = layout.tokenCount * (layout.tokenCount - 1) / 2 - inside
    let longest = chunks.map(\.length).max() ?? 1
    let nearest = zip(chunks, chunks.dropFirst()).map { $1.positions.lowerBound - $0.positions.upperBound + 1 }.min()
    let farthest = (chunks.last?.positions.upperBound ?? 1) - 1
    return (longest > 1 ? [("inside a chunk", 1...longest - 1, inside)] : [])
      + (nearest.map { [("across skips", $0...farthest, across)] } ?? [])
  }

  private func name(_ block: Block) -> Span {
    Span("\(letter(block.query))→\(letter(block.key))", look.theme.chunk(block.query))
  }
}

extension PositionLayout {
  /// Pairs of tokens farther apart than the window alone would ever hold, d ≥ L.
  var pairsBeyondWindow: Int {
    let positions = positions
    var first = 0
    return positions.reduce(0) { count, position in
      while positions[first] <= position - window.training { first += 1 }
      return count + first
    }
  }
}
