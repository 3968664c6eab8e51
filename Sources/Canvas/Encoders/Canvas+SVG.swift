import Foundation

extension Canvas {
  /// The frame as a picture: blocks and braille are drawn as shapes, so that no font leaves gaps; the rest is text.
  ///
  /// - Parameter background: what lies behind cells that have the terminal's own background.
  public func svg(background: RGB) -> String {
    let picture = SVGPicture(canvas: self, background: background)
    return picture.document
  }
}

/// Turns cells into SVG elements, a row at a time.
private struct SVGPicture {
  let canvas: Canvas
  let background: RGB

  /// A cell's size in the picture's units.
  private static let width = 8.4
  private static let height = 17.0
  private static let fontSize = 14.0

  var document: String {
    let (columns, rows) = (Double(canvas.size.columns), Double(canvas.size.rows))
    let margin = Self.width
    let (width, height) = (columns * Self.width + 2 * margin, rows * Self.height + 2 * margin)
    var body = ""
    for row in 0..<canvas.size.rows {
      body += backgrounds(row) + shapes(row) + texts(row)
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(short(width)) \(short(height))" \
      font-family="DejaVu Sans Mono,Menlo,Consolas,monospace" font-size="\(short(Self.fontSize))">
      <style>rect{shape-rendering:crispEdges}</style>
      <rect width="\(short(width))" height="\(short(height))" rx="6" fill="\(background.hex)"/>
      <g transform="translate(\(short(margin)) \(short(margin)))" xml:space="preserve">
      \(body)</g>
      </svg>

      """
  }

  private func colors(_ style: Style) -> (foreground: RGB, background: RGB) {
    let light = background.luminance < 0.5 ? RGB(212, 212, 212) : RGB(32, 32, 32)
    var (front, back) = (style.foreground.rgb ?? light, style.background.rgb ?? background)
    if style.attributes.contains(.reverse) { swap(&front, &back) }
    if style.attributes.contains(.dim) { front = front.blended(with: back, by: 0.4) }
    return (front, back)
  }

  /// Runs of cells that one value describes.
  private func runs<Value: Equatable>(_ row: Int, _ value: (Cell) -> Value?) -> [(columns: Range<Int>, value: Value)] {
    var runs: [(columns: Range<Int>, value: Value)] = []
    for column in 0..<canvas.size.columns {
      guard let found = value(canvas[column, row]) else { continue }
      if let last = runs.last, last.columns.upperBound == column, last.value == found {
        runs[runs.count - 1].columns = last.columns.lowerBound..<column + 1
      } else {
        runs.append((column..<column + 1, found))
      }
    }
    return runs
  }

  private func backgrounds(_ row: Int) -> String {
    runs(row) { cell in
      let back = colors(cell.style).background
      return back == background ? nil : back
    }.map { run in
      rect(Double(run.columns.lowerBound), Double(row), Double(run.columns.count), 1, run.value)
    }.joined()
  }

  // MARK: - Shapes

  private func shapes(_ row: Int) -> String {
    var output = ""
    // Equal blocks side by side become one rectangle.
    let blocks = runs(row) { cell -> BlockRun? in
      Block(cell.glyph).map { BlockRun(block: $0, color: colors(cell.style).foreground) }
    }
    for run in blocks {
      let block = run.value.block
      let isPartial = block.width < 1
      for column in isPartial ? Array(run.columns) : [run.columns.lowerBound] {
        let width = isPartial ? block.width : Double(run.columns.count)
        output += rect(Double(column) + block.x, Double(row) + block.y, width, block.height, run.value.color)
      }
    }
    for column in 0..<canvas.size.columns {
      let cell = canvas[column, row]
      let value = cell.glyph.scalar.value
      if (0x2801...0x28FF).contains(value) {
        output += dots(value - 0x2800, column, row, colors(cell.style).foreground)
      }
    }
    return output + lines(row)
  }

  /// A rectangle inside a cell, in shares of it.
  private struct Block: Equatable {
    var x = 0.0
    var y = 0.0
    var width = 1.0
    var height = 1.0

    init?(_ glyph: Glyph) {
      switch glyph.scalar.value {
      case 0x2588: break
      case 0x2580: height = 0.5
      case 0x2581...0x2587:
        height = Double(glyph.scalar.value - 0x2580) / 8
        y = 1 - height
      case 0x2589...0x258F: width = Double(0x2590 - glyph.scalar.value) / 8
      case 0x2501:
        y = 0.44
        height = 0.12
      default: return nil
      }
    }
  }

  private struct BlockRun: Equatable {
    var block: Block
    var color: RGB
  }

  private func dots(_ bits: UInt32, _ column: Int, _ row: Int, _ color: RGB) -> String {
    let order: [(Double, Double)] = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
    let path = order.enumerated().filter { bits >> UInt32($0.offset) & 1 == 1 }.map { _, place in
      let x = (Double(column) + 0.25 + 0.5 * place.0) * Self.width
      let y = (Double(row) + 0.125 + 0.25 * place.1) * Self.height
      return "M\(short(x)) \(short(y))h0"
    }.joined()
    return "<path d=\"\(path)\" stroke=\"\(color.hex)\" stroke-width=\"2.2\" stroke-linecap=\"round\"/>\n"
  }

  /// Box-drawing lines, as paths through the cells' middles; a row's lines of one colour are one path.
  private func lines(_ row: Int) -> String {
    var paths: [(color: RGB, path: String)] = []
    for column in 0..<canvas.size.columns {
      let cell = canvas[column, row]
      guard let path = line(cell.glyph, column, row) else { continue }
      let color = colors(cell.style).foreground
      if let index = paths.firstIndex(where: { $0.color == color }) {
        paths[index].path += path
      } else {
        paths.append((color, path))
      }
    }
    return paths.map { "<path d=\"\($0.path)\" fill=\"none\" stroke=\"\($0.color.hex)\"/>\n" }.joined()
  }

  private func line(_ glyph: Glyph, _ column: Int, _ row: Int) -> String? {
    let (left, top) = (Double(column) * Self.width, Double(row) * Self.height)
    let (right, bottom) = (left + Self.width, top + Self.height)
    let (x, y) = (left + Self.width / 2, top + Self.height / 2)
    func move(_ points: [Double]) -> String {
      "M\(short(points[0])) \(short(points[1]))" + (points.count == 4 ? "L" : "Q")
        + points.dropFirst(2).map(short).joined(separator: " ")
    }
    switch glyph.scalar {
    case "─", "╌": return move([left, y, right, y])
    case "│", "╎": return move([x, top, x, bottom])
    case "╭": return move([right, y, x, y, x, bottom])
    case "╮": return move([left, y, x, y, x, bottom])
    case "╯": return move([left, y, x, y, x, top])
    case "╰": return move([right, y, x, y, x, top])
    default: return nil
    }
  }

  private func rect(_ column: Double, _ row: Double, _ columns: Double, _ rows: Double, _ color: RGB) -> String {
    let place = "x=\"\(short(column * Self.width))\" y=\"\(short(row * Self.height))\""
    let size = "width=\"\(short(columns * Self.width))\" height=\"\(short(rows * Self.height))\""
    return "<rect \(place) \(size) fill=\"\(color.hex)\"/>\n"
  }

  // MARK: - Text

  private struct TextStyle: Equatable {
    var color: RGB
    var attributes: Style.Attributes
  }

  private func texts(_ row: Int) -> String {
    runs(row) { cell -> TextStyle? in
      guard isText(cell.glyph) else { return nil }
      return TextStyle(color: colors(cell.style).foreground, attributes: cell.style.attributes)
    }.compactMap { run -> String? in
      let scalars = run.columns.map { canvas[$0, row].glyph }.filter { $0 != .continuation }.map(\.scalar)
      let text = String(String.UnicodeScalarView(scalars))
      guard text.contains(where: { $0 != " " }) else { return nil }
      let x = short(Double(run.columns.lowerBound) * Self.width)
      let y = short((Double(row) + 0.76) * Self.height)
      // The length is given, so that another font's width cannot shift the columns.
      let length = short(Double(run.columns.count) * Self.width)
      var extra = run.value.attributes.contains(.bold) ? " font-weight=\"bold\"" : ""
      if run.value.attributes.contains(.italic) { extra += " font-style=\"italic\"" }
      if run.value.attributes.contains(.underline) { extra += " text-decoration=\"underline\"" }
      return "<text x=\"\(x)\" y=\"\(y)\" textLength=\"\(length)\" fill=\"\(run.value.color.hex)\"\(extra)>"
        + "\(escaped(text))</text>\n"
    }.joined()
  }

  private func isText(_ glyph: Glyph) -> Bool {
    Block(glyph) == nil && line(glyph, 0, 0) == nil && !(0x2800...0x28FF).contains(glyph.scalar.value)
  }

  private func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;")
  }

  /// At most two digits behind the point, none that say nothing.
  private func short(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let (whole, rest) = (hundredths / 100, abs(hundredths % 100))
    if rest == 0 { return "\(whole)" }
    return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
