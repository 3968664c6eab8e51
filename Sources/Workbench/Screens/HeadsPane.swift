import Canvas
import FineTuning
import Transformer

/// Every head in small, layers down and heads across; the one looked at is marked, a click looks at another.
struct HeadsPane {
  let state: WorkbenchState
  let look: Look

  private var heads: [HeadSketch] { state.attention.view?.heads ?? [] }

  /// Where the sketches stand: what a head takes, its gap included.
  private struct Grid {
    var origin: Point
    var columns: Int
    var rows: Int
    var layers: Int
    var heads: Int

    func rect(_ address: Inference.HeadAddress) -> Rect {
      Rect(origin.column + address.head * columns, origin.row + address.layer * rows, columns - 1, max(rows - 1, 1))
    }
  }

  private func grid(in rect: Rect) -> Grid? {
    let inside = rect.inset(columns: 2, rows: 1)
    guard let last = heads.last else { return nil }
    let (layers, count) = (last.address.layer + 1, last.address.head + 1)
    let columns = min(13, (inside.columns + 1) / count)
    let rows = min(7, (inside.rows + 1) / layers)
    guard columns >= 2, rows >= 1 else { return nil }
    return Grid(
      origin: Point(inside.column, inside.row), columns: columns, rows: rows, layers: layers, heads: count)
  }

  /// The head whose sketch is drawn at a place.
  func head(at point: Point, in rect: Rect) -> Inference.HeadAddress? {
    guard let grid = grid(in: rect) else { return nil }
    return heads.map(\.address).first { grid.rect($0).contains(point.column, point.row) }
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let shown = heads.first { $0.address == state.attention.address }
    let info = shown.map { "sink \(percent($0.sink)) · far \(percent($0.far))" } ?? ""
    let inside = canvas.frame(
      rect, look.pane("All heads", info: info, isFocused: state.pane == .heads), look.glyphs)
    guard let grid = grid(in: rect) else {
      guard state.attention.view != nil else { return }
      let text = heads.isEmpty ? "too many weights to sketch" : "no room for all heads: + enlarges"
      canvas.write(text, centredIn: inside, inside.row + inside.rows / 2, look[.dim])
      return
    }
    for head in heads { draw(head, grid, on: &canvas) }
  }

  private func draw(_ head: HeadSketch, _ grid: Grid, on canvas: inout Canvas) {
    let place = grid.rect(head.address)
    let isShown = head.address == state.attention.address
    let largest = max(head.tiles.max() ?? 1, 1e-9)
    let map = Heatmap(
      rows: head.side, columns: head.side, values: head.tiles.map { $0 < 0 ? .nan : ($0 / largest).squareRoot() },
      ramp: look.theme[.heat], background: look[.text], seamStyle: look[.axis], cursorStyle: look[.cursor])
    map.draw(on: &canvas, in: place, look.lettersLanes ? .ascii : look.glyphs)
    guard isShown, place.columns >= 3 else { return }
    // The empty half above the diagonal has room for the mark.
    canvas.write("◂", place.endColumn - 1, place.row, look[.focus])
  }
}
