import Canvas
import FineTuning
import Foundation
import Positions
import Transformer

/// Screen 3: one head's attention over one example, with the chunks' seams, a cursor and the weight by distance.
struct AttentionScreen: PanedScreen {
  let state: WorkbenchState
  let look: Look

  private var attention: AttentionState { state.attention }

  func draw(_ pane: Pane, on canvas: inout Canvas, in rect: Rect) {
    switch pane {
    case .map: drawMap(on: &canvas, in: rect)
    case .weight: drawCursor(on: &canvas, in: rect)
    case .heads: HeadsPane(state: state, look: look).draw(on: &canvas, in: rect)
    default: drawProfile(on: &canvas, in: rect)
    }
  }

  private func frame(_ pane: Pane, _ title: String, info: String, on canvas: inout Canvas, in rect: Rect) -> Rect {
    canvas.frame(rect, look.pane(title, info: info, isFocused: state.pane == pane), look.glyphs)
  }

  // MARK: - The map

  private func drawMap(on canvas: inout Canvas, in rect: Rect) {
    let address = attention.address
    let shape = state.training.subject?.configuration
    let title = "Layer \(address.layer + 1)/\(shape?.layerCount ?? 1) head \(address.head + 1)/\(shape?.headCount ?? 1)"
    let side = attention.side == .now ? "" : "\(attention.side.rawValue) · "
    let sink = attention.hidesSink ? "no sink · " : ""
    let inside = frame(.map, title, info: side + sink + attention.scale.rawValue, on: &canvas, in: rect)
    guard let view = attention.view, view.map.tokens > 0, attention.side == .now || view.before != nil else {
      canvas.write(waiting, centredIn: inside, inside.row + inside.rows / 2, look[.dim])
      return
    }
    let tokens = view.map.tokens
    let hasMarginals = hasMarginals(inside)
    let area = area(inside)
    var heatmap = Heatmap(
      rows: tokens, columns: tokens, values: scaled(view),
      ramp: look.theme[attention.side == .difference ? .diverging : .heat], background: look[.text],
      seamStyle: look[.axis], cursorStyle: look[.cursor])
    if attention.side == .difference { heatmap.pivot = 0.5 }
    heatmap.seams = view.layout.chunks.dropFirst().map(\.start)
    heatmap.cursor = (attention.query, attention.key)
    heatmap.draw(on: &canvas, in: area, look.lettersLanes ? .ascii : look.glyphs)
    if hasMarginals { drawMarginals(view, on: &canvas, area) }
    drawAxes(view, on: &canvas, area, labelRow: area.endRow + (hasMarginals ? 1 : 0))
  }

  private func hasMarginals(_ inside: Rect) -> Bool { inside.rows >= 16 }

  /// Where the weights are drawn: what axes and marginals leave.
  private func area(_ inside: Rect) -> Rect {
    let (columns, rows) = hasMarginals(inside) ? (9, 2) : (7, 1)
    return Rect(inside.column + 7, inside.row, inside.columns - columns, inside.rows - rows)
  }

  /// The query and the key drawn at a place; nil outside the map.
  func cell(at point: Point, in rect: Rect) -> (row: Int, column: Int)? {
    let area = area(rect.inset(columns: 1, rows: 1))
    guard let tokens = attention.view?.map.tokens, area.contains(point.column, point.row) else { return nil }
    return ((point.row - area.row) * tokens / area.rows, (point.column - area.column) * tokens / area.columns)
  }

  /// Under the map what each key receives of all queries; beside it over how many keys each query spreads.
  private func drawMarginals(_ view: SessionNews.AttentionView, on canvas: inout Canvas, _ area: Rect) {
    guard attention.side != .difference else { return }
    let tokens = view.map.tokens
    let weights = weights(view)
    var received = [Double](repeating: 0, count: tokens)
    var spread = [Double](repeating: 0, count: tokens)
    for query in 0..<tokens {
      var entropy = 0.0
      for key in 0...query {
        let weight = Double(weights[query * tokens + key])
        guard weight > 0 else { continue }
        received[key] += weight
        entropy -= weight * log(weight)
      }
      spread[query] = exp(entropy)
    }
    /// The largest value of the tokens under a slot, as a share of the largest of all.
    func share(_ values: [Double], _ slot: Int, of slots: Int) -> Double {
      let range = slot * tokens / slots...max(slot * tokens / slots, (slot + 1) * tokens / slots - 1)
      return (values[range].max() ?? 0) / max(values.max() ?? 1, 1e-12)
    }
    let bars = Array((look.glyphs == .ascii ? " .:-=+*#%" : " ▁▂▃▄▅▆▇█").unicodeScalars)
    for column in 0..<area.columns {
      let level = Int((share(received, column, of: area.columns).squareRoot() * 8).rounded())
      canvas[area.column + column, area.endRow] = Cell(Glyph(bars[level]), look[.series0])
    }
    let sides = Array((look.glyphs == .ascii ? " .:-=+*#%" : " ▏▎▍▌▋▊▉█").unicodeScalars)
    for row in 0..<area.rows {
      let level = Int((share(spread, row, of: area.rows) * 8).rounded())
      canvas[area.endColumn + 1, area.row + row] = Cell(Glyph(sides[level]), look[.series1])
    }
    canvas.write("recv", area.column - 7, area.endRow, look[.series0], limit: 6)
  }

  private var waiting: String {
    if attention.side != .now, attention.view != nil { return "computing the base model's map …" }
    if case .failed(let reason) = state.training.phase { return reason }
    return "computing the map …"
  }

  /// The weights of the side looked at; a difference goes from −1 to 1.
  private func weights(_ view: SessionNews.AttentionView) -> [Float] {
    let now = shown(view.map)
    guard let before = view.before, attention.side != .now else { return now }
    return attention.side == .before ? shown(before) : zip(now, shown(before)).map { $0 - $1 }
  }

  /// A map's weights; without the sink each row is what is left, summing to 1 again.
  private func shown(_ map: Inference.AttentionMap) -> [Float] {
    guard attention.hidesSink else { return map.weights }
    var weights = map.weights
    for query in 0..<map.tokens {
      let row = query * map.tokens
      let rest = 1 - weights[row]
      weights[row] = 0
      guard rest > 1e-6 else { continue }
      for key in 1..<max(query + 1, 1) { weights[row + key] /= rest }
    }
    return weights
  }

  /// Weights as shares of the ramp; what a query cannot see is missing. No difference is the ramp's middle.
  private func scaled(_ view: SessionNews.AttentionView) -> [Float] {
    let tokens = view.map.tokens
    let weights = weights(view)
    let largest = max(weights.reduce(0) { max($0, abs($1)) }, 1e-9)
    return weights.indices.map { index in
      guard index % tokens <= index / tokens else { return .nan }
      let share = abs(weights[index]) / largest
      let scaled: Float =
        switch attention.scale {
        case .linear: share
        case .squareRoot: share.squareRoot()
        case .logarithmic: max(0, 1 + Float(log10(Double(max(share, 1e-9)))) / 4)
        }
      guard attention.side == .difference else { return scaled }
      return 0.5 + (weights[index] < 0 ? -0.5 : 0.5) * scaled
    }
  }

  private func drawAxes(
    _ view: SessionNews.AttentionView, on canvas: inout Canvas, _ area: Rect, labelRow: Int
  ) {
    let labels = attention.showsPositions ? view.layout.positions : Array(0..<view.map.tokens)
    let tokens = view.map.tokens
    for row in stride(from: 0, to: area.rows, by: 4) {
      let token = row * tokens / area.rows
      canvas.write(grouped(labels[token]), endingAt: area.column - 1, area.row + row, look[.axis], limit: 6)
    }
    var free = area.column
    for column in stride(from: 0, to: area.columns, by: 10) {
      let label = grouped(labels[column * tokens / area.columns])
      guard area.column + column >= free, area.column + column + label.count <= area.endColumn else { continue }
      canvas.write(label, area.column + column, labelRow, look[.axis])
      free = area.column + column + label.count + 1
    }
    canvas.write(attention.showsPositions ? "pos" : "token", area.column - 7, labelRow, look[.dim], limit: 6)
  }

  // MARK: - The cell looked at

  private func drawCursor(on canvas: inout Canvas, in rect: Rect) {
    let step = attention.view.map { "step \($0.step)" } ?? ""
    let inside = frame(.weight, "Cursor", info: step, on: &canvas, in: rect).inset(columns: 1)
    guard let view = attention.view, attention.query < view.map.tokens else { return }
    let positions = view.layout.positions
    let (query, key) = (attention.query, attention.key)
    let place = query * view.map.tokens + key
    let weight = view.map.weights[place]
    func line(_ index: Int, _ name: String, _ spans: [Span], on canvas: inout Canvas) {
      guard inside.row + index < inside.endRow else { return }
      canvas.write(name, inside.column, inside.row + index, look[.dim])
      canvas.write(spans, inside.column + 9, inside.row + index, limit: inside.columns - 9)
    }
    func spans(_ token: Int) -> [Span] {
      let chunk = view.layout.chunks.lastIndex { $0.start <= token } ?? 0
      let name = view.layout.chunks.isEmpty ? "" : " \(letter(chunk))"
      return [
        Span("“\(ByteTokenizer().glyph(of: view.tokens[token]))” ", look[.title]),
        Span("\(grouped(positions[token]))", look[.text]), Span(name, look.theme.chunk(chunk)),
      ]
    }
    line(0, "query", spans(query), on: &canvas)
    line(1, "key", spans(key), on: &canvas)
    line(2, "distance", [Span(grouped(positions[query] - positions[key]), look[.accent])], on: &canvas)
    let before = view.before.map { Span("  before \(number(Double($0.weights[place]), 4))", look[.dim]) }
    line(3, "weight", [Span(number(Double(weight), 4), look[.accent])] + (before.map { [$0] } ?? []), on: &canvas)
    let isAcross = chunkIndex(query, view.layout) != chunkIndex(key, view.layout)
    line(4, "", [Span(isAcross ? "across a skip" : "inside one chunk", look[isAcross ? .warn : .dim])], on: &canvas)
    line(5, "text", [Span(context(view, key), look[.text])], on: &canvas)
    line(6, "", [Span("… " + context(view, query), look[.text])], on: &canvas)
  }

  private func chunkIndex(_ token: Int, _ layout: PositionLayout) -> Int {
    layout.chunks.lastIndex { $0.start <= token } ?? token
  }

  /// The text around a token, as far as it is one chunk.
  private func context(_ view: SessionNews.AttentionView, _ token: Int) -> String {
    let range = max(0, token - 8)..<min(view.tokens.count, token + 9)
    return ByteTokenizer().line(view.tokens[range])
  }

  // MARK: - Weight by distance

  private func drawProfile(on canvas: inout Canvas, in rect: Rect) {
    let inside = frame(.profile, "Attention by distance", info: "mean over queries", on: &canvas, in: rect)
      .inset(columns: 1)
    guard let view = attention.view, inside.rows >= 2 else { return }
    let bins = profile(view)
    let largest = bins.compactMap(\.mass).max() ?? 1
    let barColumns = inside.columns - 13 - 7
    for (index, bin) in bins.prefix(inside.rows).enumerated() {
      let row = inside.row + index
      canvas.write(bin.label, endingAt: inside.column + 12, row, look[.dim])
      guard let mass = bin.mass else {
        canvas.write("skipped", inside.column + 13, row, look[.dim], limit: barColumns)
        continue
      }
      let style = look[bin.isBeyondWindow ? .series1 : .series0]
      canvas.bar(mass / max(largest, 1e-9), inside.column + 13, row, columns: barColumns, style, look.glyphs)
      canvas.write(number(mass, 3), endingAt: inside.endColumn, row, look[.text])
    }
  }

  private struct Bin {
    var label: String
    /// Mean attention mass of a query in the bin; nil where no pair of the example has such a distance.
    var mass: Double?
    var isBeyondWindow: Bool
  }

  /// Attention mass by doubling distances: 0, 1, 2–3, 4–7 …
  private func profile(_ view: SessionNews.AttentionView) -> [Bin] {
    let tokens = view.map.tokens
    let positions = view.layout.positions
    let weights = attention.side == .before ? weights(view) : shown(view.map)
    let count = 2 + (view.layout.window.target - 1).bitWidth - (view.layout.window.target - 1).leadingZeroBitCount
    var mass = [Double](repeating: 0, count: count)
    var pairs = [Int](repeating: 0, count: count)
    for query in 0..<tokens {
      for key in 0...query {
        let distance = positions[query] - positions[key]
        let bin = distance == 0 ? 0 : distance.bitWidth - distance.leadingZeroBitCount
        mass[bin] += Double(weights[query * tokens + key])
        pairs[bin] += 1
      }
    }
    let last = pairs.lastIndex { $0 > 0 } ?? 0
    return (0...last).map { bin in
      let low = bin == 0 ? 0 : 1 << (bin - 1)
      let high = bin == 0 ? 0 : (1 << bin) - 1
      let label = low == high ? grouped(low) : "\(grouped(low))–\(grouped(high))"
      return Bin(
        label: label, mass: pairs[bin] == 0 ? nil : mass[bin] / Double(tokens),
        isBeyondWindow: low >= view.layout.window.training)
    }
  }
}
