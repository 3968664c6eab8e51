import Canvas
import FineTuning
import Positions

/// Where the lanes of the layout pane stand and what lies on them: the drawing and the mouse share it.
struct LayoutPlan {
  enum Kind { case window, target, text }

  /// A lane with its name, and the row under it that names the skips.
  struct NamedLane {
    var kind: Kind
    var name: String
    /// Ranges of the chunks, or of single positions where they are scattered.
    var ranges: [Range<Int>]
    var length: Int
    /// Where the lane itself is drawn, between the numbers at its ends.
    var rect: Rect
    var biasRow: Int?
    var scale: AxisScale

    /// The lane without its colours.
    var shape: Lane { Lane(length: length, intervals: [], track: .plain, scale: scale) }
    /// The token or position under a column of the screen.
    func value(at column: Int) -> Int { shape.position(at: column - rect.column, in: rect.columns) }
    /// The columns of the screen that a range covers.
    func columns(of range: Range<Int>) -> Range<Int> {
      let columns = shape.columns(of: range, in: rect.columns)
      return rect.column + columns.lowerBound..<rect.column + columns.upperBound
    }
  }

  let inside: Rect
  let lanes: [NamedLane]
  /// What is left for the table of chunks.
  let table: Rect

  private static let nameWidth = 8

  init(_ explorer: ExplorerState, in rect: Rect) {
    inside = rect.inset(columns: 2, rows: 1)
    guard let layout = explorer.layout else {
      (lanes, table) = ([], Rect(0, 0, 0, 0))
      return
    }
    let isTall = inside.rows >= 14
    let thickness = isTall ? 2 : 1
    var row = inside.row + (inside.rows >= 9 ? 2 : 1)
    var lanes: [NamedLane] = []
    for lane in Self.lanes(layout, explorer.view.hasLogarithmicDistance ? .logarithmic : .linear) {
      guard row + thickness <= inside.endRow else { break }
      var lane = lane
      let last = grouped(max(lane.length - 1, 0)).count
      lane.rect = Rect(
        inside.column + Self.nameWidth + 2, row, inside.columns - Self.nameWidth - 3 - last, thickness)
      row += thickness
      if lane.kind == .target {
        lane.biasRow = row
        row += 1
      }
      if isTall { row += 1 }
      lanes.append(lane)
    }
    self.lanes = lanes
    table = Rect(inside.column, row, inside.columns, inside.endRow - row)
  }

  private static func lanes(_ layout: PositionLayout, _ scale: AxisScale) -> [NamedLane] {
    let chunks = layout.chunks
    func lane(_ kind: Kind, _ name: String, _ ranges: [Range<Int>], _ length: Int, _ scale: AxisScale) -> NamedLane {
      NamedLane(kind: kind, name: name, ranges: ranges, length: length, rect: Rect(0, 0, 0, 0), scale: scale)
    }
    if chunks.isEmpty {
      let positions = layout.positions
      return [
        lane(.window, "window", [0..<positions.count], positions.count, .linear),
        lane(.target, "target", positions.map { $0..<$0 + 1 }, layout.window.target, scale),
      ]
    }
    let textLength = max(layout.window.target, chunks.map(\.tokens.upperBound).max() ?? 1)
    return [
      lane(.window, "window", chunks.map { $0.start..<$0.start + $0.length }, layout.tokenCount, .linear),
      lane(.target, "target", chunks.map(\.positions), layout.window.target, scale),
      lane(.text, "text", chunks.map(\.tokens), textLength, scale),
    ]
  }

  /// What the mouse takes hold of at a place: the nearest border on the window's lane, the chunk at or behind the pointer on
  /// the target's; with the pointer's distance from the handle's value.
  func handle(at point: Point, _ layout: PositionLayout) -> (handle: LayoutHandle, offset: Int)? {
    guard layout.chunks.count > 1, let lane = lane(at: point) else { return nil }
    let value = lane.value(at: point.column)
    switch lane.kind {
    case .window:
      let borders = layout.chunks.indices.dropFirst()
      guard
        let nearest = borders.min(by: { abs(layout.chunks[$0].start - value) < abs(layout.chunks[$1].start - value) })
      else { return nil }
      return (LayoutHandle(kind: .border, chunk: nearest), 0)
    case .target:
      // A chunk too short to be hit is as wide as a column all the same.
      let hit = layout.chunks.indices.last { lane.columns(of: layout.chunks[$0].positions).contains(point.column) }
      let next = layout.chunks.firstIndex { $0.positions.lowerBound > value }
      guard let chunk = hit ?? next, chunk > 0 else { return nil }
      return (LayoutHandle(kind: .bias, chunk: chunk), value - layout.chunks[chunk].skipBias)
    case .text: return nil
    }
  }

  /// The lane at a place; beside its ends, too, so that a drag may leave it.
  func lane(at point: Point) -> NamedLane? {
    lanes.first { lane in
      let rows = lane.rect.row...(lane.biasRow ?? lane.rect.endRow - 1)
      return rows.contains(point.row) && (lane.rect.column - 1...lane.rect.endColumn).contains(point.column)
    }
  }

  /// What lies at a place, in words; nil beside the lanes.
  func description(at point: Point, _ layout: PositionLayout?) -> String? {
    guard let layout, let lane = lane(at: point) else { return nil }
    let value = min(max(lane.value(at: point.column), 0), max(lane.length - 1, 0))
    guard let index = lane.ranges.lastIndex(where: { $0.contains(value) }) else {
      return lane.kind == .text ? "text token \(grouped(value)): not read" : "position \(grouped(value)): skipped"
    }
    guard !layout.chunks.isEmpty else {
      let position = layout.positions[lane.kind == .window ? value : index]
      return "token \(grouped(lane.kind == .window ? value : index)) at position \(grouped(position))"
    }
    let chunk = layout.chunks[index]
    let token = chunk.start + value - lane.ranges[index].lowerBound
    return
      "token \(grouped(token)) of the window: chunk \(letter(index)), position \(grouped(token + chunk.skipBias)), "
      + "text \(grouped(token + chunk.contentOffset))"
  }

  func lane(_ kind: Kind) -> NamedLane? { lanes.first { $0.kind == kind } }
}
