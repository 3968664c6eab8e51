import Canvas
import FineTuning
import Positions
import Transformer

/// How far each rotary pair turns: inside the original window, and at the target with the scaling.
///
/// A pair that turns less than once in training meets phases beyond what it has seen as soon as positions grow; those
/// are the ones that a scaling has to bring back.
struct PhasePane {
  let settings: RunSettings
  /// Nil until a model is loaded.
  let configuration: TransformerConfiguration?
  let look: Look

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let scaled = scaling
    let info = scaled.map { "a \(brief($0.frequencies(length: settings.target).attentionFactor))" } ?? ""
    let inside = canvas.frame(rect, look.pane("Rotary turns", info: info), look.glyphs).inset(columns: 1)
    guard let scaled, let plain, inside.rows >= 3, inside.columns >= 20 else { return }
    let trained = plain.frequencies
    let target = scaled.frequencies(length: settings.target)
    let window = Double(scaled.settings.originalWindow)
    let bar = Rect(inside.column + 20, 0, inside.columns - 20 - 2, 1)
    canvas.write("pair", inside.column, inside.row, look[.dim])
    canvas.write("in L", endingAt: inside.column + 11, inside.row, look[.dim])
    canvas.write("→   in T", inside.column + 12, inside.row, look[.dim])
    canvas.write("one turn", endingAt: inside.endColumn - 2, inside.row, look[.dim], limit: max(0, bar.columns))
    let rows = inside.rows - 1
    let pairs = trained.inverse.count
    for row in 0..<min(rows, pairs) {
      // With fewer rows than pairs, evenly chosen pairs stand for the rest; the slowest is always there.
      let pair = pairs <= rows ? row : row * (pairs - 1) / max(rows - 1, 1)
      let seen = trained.inverse[pair] * window / (2 * .pi)
      let needed = target.inverse[pair] * Double(settings.target) / (2 * .pi)
      let isUnseen = needed > seen * 1.001 && seen < 1
      let line = inside.row + 1 + row
      canvas.write("\(pair)", endingAt: inside.column + 3, line, look[.text])
      canvas.write(turns(seen), endingAt: inside.column + 11, line, look[.text])
      canvas.write("→", inside.column + 12, line, look[.dim])
      canvas.write(turns(needed), endingAt: inside.column + 19, line, look[isUnseen ? .warn : .text])
      if bar.columns >= 4 {
        canvas.bar(min(needed, 1), bar.column, line, columns: bar.columns, look[isUnseen ? .warn : .track], look.glyphs)
        canvas.bar(min(seen, 1, needed), bar.column, line, columns: bar.columns, look[.series2], look.glyphs)
      }
      if isUnseen { canvas.write("!", endingAt: inside.endColumn, line, look[.warn]) }
    }
  }

  /// Turns in at most five columns.
  private func turns(_ count: Double) -> String { count < 0.001 ? "<.001" : number(count, count < 10 ? 3 : 1) }

  private var scaling: (any RotaryScaling)? {
    configuration.flatMap { try? settings.rotaryScaling(for: $0) }
  }

  private var plain: UnscaledRotary? {
    scaling.flatMap { try? UnscaledRotary($0.settings) }
  }
}
