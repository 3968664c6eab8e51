import Canvas
import FineTuning
import Transformer

/// Attention maps side by side, each in a frame of its own.
public struct AttentionFigure {
  public let maps: [Inference.AttentionMap]
  /// A position a token.
  public let positions: [Int]

  public init(maps: [Inference.AttentionMap], positions: [Int]) {
    self.maps = maps
    self.positions = positions
  }

  /// Tokens after which positions jump.
  private var seams: [Int] { positions.indices.dropFirst().filter { positions[$0] != positions[$0 - 1] + 1 } }

  /// Maps fill the picture in rows of about equal width and height; colour grows with the weight's square root, so that weak
  /// weights show.
  public func picture(_ size: Size, _ look: Look) -> Canvas {
    var canvas = Canvas(size: size)
    canvas.fill(canvas.bounds, look[.text])
    let across = max(1, (1...max(1, maps.count)).first { $0 * $0 >= maps.count } ?? 1)
    let down = max(1, (maps.count + across - 1) / across)
    for (index, map) in maps.enumerated() {
      let (column, row) = (index % across, index / across)
      let (left, right) = (column * size.columns / across, (column + 1) * size.columns / across)
      let (top, bottom) = (row * size.rows / down, (row + 1) * size.rows / down)
      draw(map, on: &canvas, in: Rect(left, top, right - left, bottom - top), look)
    }
    if look.glyphs == .ascii { canvas.limitToASCII() }
    return canvas
  }

  private func draw(_ map: Inference.AttentionMap, on canvas: inout Canvas, in rect: Rect, _ look: Look) {
    let last = positions.last ?? 0
    let inside = canvas.frame(
      rect, look.pane("Layer \(map.layer) head \(map.head)", info: "positions 0 … \(grouped(last))"), look.glyphs)
    let largest = max(map.weights.max() ?? 1, 1e-9)
    let values = map.weights.indices.map { index -> Float in
      index % map.tokens <= index / map.tokens ? (map.weights[index] / largest).squareRoot() : .nan
    }
    var heatmap = Heatmap(
      rows: map.tokens, columns: map.tokens, values: values, ramp: look.theme[.heat], background: look[.text],
      seamStyle: look[.axis], cursorStyle: look[.cursor])
    heatmap.seams = seams
    heatmap.draw(on: &canvas, in: inside, look.lettersLanes ? .ascii : look.glyphs)
  }
}
