import Canvas
import FineTuning
import Positions

/// Screen 1: one example's layout, what all examples teach about distances, which chunk attends to which, and how the rotary
/// pairs turn.
struct PositionsScreen: PanedScreen {
  let state: WorkbenchState
  let look: Look

  func draw(_ pane: Pane, on canvas: inout Canvas, in rect: Rect) {
    let isFocused = state.pane == pane
    switch pane {
    case .layout: LayoutPane(explorer: state.explorer, look: look).draw(on: &canvas, in: rect, isFocused: isFocused)
    case .distances:
      DistancePane(explorer: state.explorer, look: look).draw(on: &canvas, in: rect, isFocused: isFocused)
    case .pairs: PairsPane(explorer: state.explorer, look: look).draw(on: &canvas, in: rect, isFocused: isFocused)
    default:
      RotaryPane(
        settings: state.explorer.settings, view: state.explorer.view,
        configuration: state.training.subject?.configuration, look: look
      ).draw(on: &canvas, in: rect, isFocused: isFocused)
    }
  }

  /// Settings, the target lane and the coverage curve: what fits 40 × 10.
  func drawCompact(on canvas: inout Canvas, in rect: Rect) {
    let explorer = state.explorer
    let settings = explorer.settings
    canvas.write(
      [
        Span("\(explorer.curveLabel)  ", look[.accent]),
        Span("L \(grouped(settings.window)) T \(grouped(settings.target))", look[.text]),
      ], rect.column, rect.row, limit: rect.columns)
    guard let layout = explorer.layout else { return }
    let intervals =
      layout.chunks.isEmpty
      ? layout.positions.map { Lane.Interval($0..<$0 + 1, look.theme.chunk(0), letter: "A") }
      : layout.chunks.enumerated().map { Lane.Interval($1.positions, look.theme.chunk($0), letter: letter($0)) }
    Lane(length: layout.window.target, intervals: intervals, track: look[.track]).draw(
      on: &canvas, in: Rect(rect.column, rect.row + 1, rect.columns, 1), look.lettersLanes ? .ascii : look.glyphs)
    let skips = layout.chunks.enumerated().dropFirst().map { "u\(subscripted($0)) \(grouped($1.skipBias))" }
    canvas.write(skips.joined(separator: "  "), rect.column, rect.row + 2, look[.dim], limit: rect.columns)
    DistancePane(explorer: explorer, look: look).drawPlot(
      on: &canvas, in: Rect(rect.column, rect.row + 3, rect.columns, rect.rows - 3))
  }
}
