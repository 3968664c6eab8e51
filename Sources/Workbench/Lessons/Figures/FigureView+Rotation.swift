import Canvas
import Foundation
import Positions

extension FigureView {
  private static let hands: [Unicode.Scalar] = ["→", "↗", "↑", "↖", "←", "↙", "↓", "↘"]

  /// An eighth of a turn as an arrow, or as its number.
  private func hand(_ angle: Double) -> String {
    let turn = angle / (2 * .pi)
    let eighth = Int(((turn - turn.rounded(.down)) * 8).rounded()) % 8
    return look.glyphs == .ascii ? "\(eighth)" : String(Character(Self.hands[eighth]))
  }

  /// Eight of the 64 pairs as hands of clocks at the query's and the key's positions, and the score.
  func drawClocks(on canvas: inout Canvas, in rect: Rect) {
    let rotation = LessonRotation(stage)
    guard let plain = rotation.plain else { return }
    let shown = Set([0, 9, 18, 27, 36, 45, 54, stage.pair, 63]).sorted()
    canvas.write("pair", rect.column, rect.row, look[.dim])
    canvas.write("turns in L", rect.column + 6, rect.row, look[.dim])
    canvas.write("at m \(grouped(stage.query))", rect.column + 20, rect.row, look[.accent])
    canvas.write("at n \(grouped(stage.key))", rect.column + 40, rect.row, look[.series1])
    canvas.write("difference", rect.column + 60, rect.row, look[.dim])
    let room = rect.rows - (rect.rows >= 6 ? 3 : 1)
    for (index, pair) in shown.prefix(room).enumerated() {
      let row = rect.row + 1 + index
      let theta = plain.inverse[pair]
      let (m, n) = (theta * Double(stage.query), theta * Double(stage.key))
      let isLooked = pair == stage.pair
      canvas.write("\(pair)", endingAt: rect.column + 4, row, look[isLooked ? .accent : .text])
      let turns = theta * Double(stage.window) / (2 * .pi)
      canvas.write(brief(turns), endingAt: rect.column + 17, row, look[.dim])
      guard !(isLooked && covers(.numbers)) else {
        canvas.write("?", rect.column + 20, row, look[.warn])
        continue
      }
      canvas.write("\(hand(m)) \(degreesText(m))", rect.column + 20, row, look[.accent])
      canvas.write("\(hand(n)) \(degreesText(n))", rect.column + 40, row, look[.series1])
      canvas.write("\(hand(m - n)) \(degreesText(m - n))", rect.column + 60, row, look[.text])
    }
    guard rect.rows >= 6 else { return }
    let score = covers(.score) ? "?" : Workbench.number(rotation.score, 6)
    canvas.write(
      [
        Span("score q·k/√d = \(score)", look[.title]),
        Span("   m − n = \(grouped(stage.query - stage.key))", look[.text]),
        Span("   changed by \(covers(.score) ? "?" : brief(rotation.scoreChange))", look[.dim]),
      ], rect.column, rect.endRow - 1, limit: rect.columns)
  }

  private func degreesText(_ angle: Double) -> String {
    let degrees = angle * 180 / .pi
    let turns = (degrees / 360).rounded(.towardZero)
    let rest = degrees - turns * 360
    guard abs(turns) >= 1 else { return "\(Workbench.number(rest, 1))°" }
    return "\(grouped(Int(turns))) turn\(abs(turns) == 1 ? "" : "s") \(Workbench.number(rest, 0))°"
  }

  // MARK: - Unseen angles

  /// Rows are pairs, columns distances; `!` where a pair points where it never pointed in training.
  func drawPhases(on canvas: inout Canvas, in rect: Rect) {
    guard let phases = LessonRotation(stage).phases else { return }
    drawMap(phases, "\(stage.scaling)", on: &canvas, in: rect)
  }

  func drawScalings(on canvas: inout Canvas, in rect: Rect) {
    let width = rect.columns / 3
    for (index, name) in ["linear", "ntk", "yarn"].enumerated() {
      var other = stage
      other.scaling = name
      // The knob turns the factor of NTK, the one that needs more than T / L.
      if name != "ntk" { other.factor = nil }
      let rotation = LessonRotation(other)
      guard let phases = rotation.phases else { continue }
      let place = Rect(rect.column + index * width, rect.row, width - 1, rect.rows - 1)
      drawMap(phases, name, on: &canvas, in: place)
      let unseen = phases.unseenPairs
      let hidden = covers(.verdict)
      canvas.write(
        hidden ? "?" : "step \(brief(rotation.scaled?.inverse.first ?? 0)) rad, \(unseen) unseen", place.column,
        rect.endRow - 1, look[unseen == 0 && !hidden ? .good : .warn], limit: place.columns)
    }
  }

  /// Pairs evenly chosen where there are more than rows, with the last that completes a turn in the window and the first
  /// that does not among them.
  private func shownPairs(_ phases: RotaryPhases, rows: Int) -> [Int] {
    guard rows > 1, rows < phases.count else { return Array(0..<min(max(rows, 0), phases.count)) }
    var pairs = (0..<rows).map { $0 * (phases.count - 1) / (rows - 1) }
    let border = (0..<phases.count).first { phases.turnsSeen($0) < 1 } ?? phases.count
    guard let place = pairs.firstIndex(where: { $0 >= border }), place > 0 else { return pairs }
    (pairs[place - 1], pairs[place]) = (border - 1, border)
    return pairs
  }

  private func drawMap(_ phases: RotaryPhases, _ name: String, on canvas: inout Canvas, in rect: Rect) {
    let isWide = rect.columns >= 50
    let legend = isWide ? "  ! never met before  + in part  gap: back among known angles" : ""
    canvas.write([Span(name, look[.title]), Span(legend, look[.dim])], rect.column, rect.row, limit: rect.columns - 8)
    canvas.write(grouped(stage.target), endingAt: rect.endColumn, rect.row, look[.axis])
    let left = isWide ? 16 : 3
    let strip = Rect(rect.column + left, rect.row + 1, rect.columns - left, rect.rows - 1)
    let pairs = shownPairs(phases, rows: strip.rows)
    guard strip.columns > 4, !pairs.isEmpty else { return }
    for (row, pair) in pairs.enumerated() {
      canvas.write("\(pair)", endingAt: rect.column + 2, strip.row + row, look[.dim])
      if isWide {
        let turns = brief(phases.turnsSeen(pair))
        canvas.write("\(turns) turns", endingAt: strip.column - 1, strip.row + row, look[.dim])
      }
      for column in 0..<strip.columns {
        let low = max(1, column * stage.target / strip.columns)
        let high = max(low, (column + 1) * stage.target / strip.columns - 1)
        let cell: Cell =
          switch covers(.verdict) ? .blurred : phases.stretch(pair, low...high) {
          case .unseen: Cell(Glyph("!"), look[.bad])
          case .partly: Cell(Glyph("+"), look[.warn])
          case .blurred, .seen: Cell(Glyph(look.glyphs == .ascii ? "." : "·"), look[.track])
          }
        canvas[strip.column + column, strip.row + row] = cell
      }
    }
    // The wall: what lies right of it was never read.
    guard stage.target > stage.window else { return }
    let wall = min(strip.column + stage.window * strip.columns / stage.target, strip.endColumn - 1)
    for row in strip.row..<strip.row + pairs.count
    where !["!", "+"].contains(canvas[wall, row].glyph.scalar) {
      canvas[wall, row] = Cell(Glyph(look.glyphs == .ascii ? "|" : "│"), look[.focus])
    }
  }
}
