import CNcurses
import Canvas

/// Writes frames to the terminal through ncurses, only the cells that changed.
///
/// Use on the main thread, while a `TerminalSession` is up.
@MainActor
final class Presenter {
  /// More pairs than any theme needs; a heatmap of a 32-step ramp in half blocks takes 1,024.
  private static let pairBound = 8192
  private static let styleBound = 16_384

  private let palette: CursesPalette
  private let normalizer: FrameNormalizer
  private let speaksControlSequences: Bool
  private var pairs: ColorPairs
  private var knownStyles: [Style: (attributes: UInt32, colors: ColorPair)] = [:]
  private var lastFrame: Canvas?
  private var lastTitle: String?
  private let setsTitle: Bool
  private var mustRepaint = false

  init(abilities: TerminalAbilities, speaksControlSequences: Bool, setsTitle: Bool) {
    let hasColor = abilities.colorDepth != .mono && cn_start_color()
    palette = CursesPalette(depth: abilities.colorDepth, colorCount: hasColor ? Int(cn_color_count()) : 0)
    normalizer = FrameNormalizer(isUnicode: abilities.isUnicode)
    pairs = ColorPairs(limit: hasColor ? min(Int(cn_pair_limit()), Self.pairBound) : 0)
    self.speaksControlSequences = speaksControlSequences
    self.setsTitle = setsTitle
  }

  /// The size of the screen in cells.
  var size: Size { Size(Int(cn_columns()), Int(cn_rows())) }

  /// The next frame is written whole, whatever the terminal shows now.
  func invalidate() {
    mustRepaint = true
    lastTitle = nil
  }

  /// The terminal has a new size.
  func resize(to size: Size) {
    cn_resize(Int32(size.rows), Int32(size.columns))
    cn_erase()
    lastFrame = nil
    mustRepaint = true
  }

  /// Shows a frame. Writes nothing where nothing changed.
  func present(_ canvas: Canvas, title: String) {
    present(title: title)
    let frame = normalizer.normalized(canvas)
    let hasChanges = put(frame)
    lastFrame = frame
    guard hasChanges || mustRepaint else { return }
    if mustRepaint { cn_repaint_all() }
    mustRepaint = false
    // Terminals that know the mode show the frame at once; the others ignore it. ncurses buffers apart from
    // stdio, so the marks go around its update by plain writes.
    if speaksControlSequences { TerminalOutput.write("\u{1B}[?2026h") }
    cn_update()
    if speaksControlSequences { TerminalOutput.write("\u{1B}[?2026l") }
  }

  /// Hands changed cells to ncurses; returns whether there were any.
  private func put(_ frame: Canvas) -> Bool {
    pairs.beginFrame()
    let previous = lastFrame?.size == frame.size ? lastFrame?.cells : nil
    var hasChanges = false
    var style: Style?
    var attributes: UInt32 = 0
    var pair: Int32 = 0
    var index = 0
    for row in 0..<frame.size.rows {
      for column in 0..<frame.size.columns {
        defer { index += 1 }
        let cell = frame.cells[index]
        if let previous, previous[index] == cell { continue }
        hasChanges = true
        if cell.glyph == .continuation { continue }
        if cell.style != style {
          style = cell.style
          let curses = cursesStyle(cell.style)
          attributes = curses.attributes
          pair = number(of: curses.colors, in: frame)
        }
        cn_put(Int32(row), Int32(column), cell.glyph.scalar.value, attributes, pair)
      }
    }
    return hasChanges
  }

  /// The palette's answer, remembered: to find the nearest of 256 colours takes longer than to draw a cell.
  private func cursesStyle(_ style: Style) -> (attributes: UInt32, colors: ColorPair) {
    if let known = knownStyles[style] { return known }
    if knownStyles.count >= Self.styleBound { knownStyles.removeAll(keepingCapacity: true) }
    let found = palette.style(style)
    knownStyles[style] = found
    return found
  }

  private func number(of colors: ColorPair, in frame: Canvas) -> Int32 {
    pairs.number(
      of: colors,
      inUse: { Set(Set(frame.cells.map(\.style)).map { cursesStyle($0).colors }) },
      define: { number, pair in _ = cn_set_pair(number, pair.foreground, pair.background) })
  }

  private func present(title: String) {
    guard setsTitle && title != lastTitle else { return }
    lastTitle = title
    TerminalOutput.write("\u{1B}]2;\(TitleText.sanitized(title, isUnicode: normalizer.isUnicode))\u{07}")
  }
}
