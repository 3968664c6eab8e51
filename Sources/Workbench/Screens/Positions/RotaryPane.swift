import Canvas
import FineTuning
import Foundation
import Positions
import Transformer

/// The rotary pairs over distance: which way each has turned, and where it has turned to an angle that the base model never
/// met inside its window.
///
/// A pair that turns less than once in the original window meets new angles as soon as distances grow; those are the ones
/// that a scaling has to bring back.
struct RotaryPane {
  let settings: RunSettings
  let view: DistanceView
  /// Nil until a model is loaded.
  let configuration: TransformerConfiguration?
  let look: Look

  func draw(on canvas: inout Canvas, in rect: Rect, isFocused: Bool) {
    let phases = configuration.flatMap { RotaryPhases(settings, $0) }
    let info = phases.map { "\(settings.scaling) · a \(brief($0.scaled.attentionFactor))" } ?? ""
    let inside = canvas.frame(rect, look.pane("Rotary", info: info, isFocused: isFocused), look.glyphs)
      .inset(columns: 1)
    guard inside.rows >= 4, inside.columns >= 20 else { return }
    guard let phases else {
      canvas.write("reading the model …", inside.column, inside.row, look[.dim], limit: inside.columns)
      return
    }
    let strip = Rect(inside.column + 11, inside.row, inside.columns - 11, inside.rows - 2)
    canvas.write("pair", inside.column, inside.row, look[.dim])
    canvas.write("turns", endingAt: strip.column - 1, inside.row, look[.dim])
    drawDistances(on: &canvas, strip)
    let pairs = phases.count
    let rows = strip.rows - 1
    for row in 0..<min(rows, pairs) {
      // With fewer rows than pairs, evenly chosen pairs stand for the rest; the slowest is always there.
      let pair = pairs <= rows ? row : row * (pairs - 1) / max(rows - 1, 1)
      draw(pair, phases, on: &canvas, strip, strip.row + 1 + row, inside.column)
    }
    drawFoot(phases, on: &canvas, Rect(inside.column, inside.endRow - 2, inside.columns, 2))
  }

  /// The distances above the first and the last column of the strip, and the original window between.
  private func drawDistances(on canvas: inout Canvas, _ strip: Rect) {
    let shown = view.shown(target: settings.target)
    canvas.write("d \(grouped(shown.lowerBound))", strip.column, strip.row, look[.axis])
    canvas.write(grouped(shown.upperBound), endingAt: strip.endColumn, strip.row, look[.axis])
  }

  private func draw(
    _ pair: Int, _ phases: RotaryPhases, on canvas: inout Canvas, _ strip: Rect, _ row: Int, _ left: Int
  ) {
    let turns = phases.turnsSeen(pair)
    canvas.write("\(pair)", endingAt: left + 3, row, look[.text])
    canvas.write(
      turns < 0.001 ? "<.001" : number(turns, turns < 10 ? 3 : 1), endingAt: strip.column - 1, row, look[.dim])
    let axis = view.axis(target: settings.target)
    for column in 0..<strip.columns {
      let low = Int(axis.value(at: Double(column) / Double(strip.columns)).rounded())
      let high = max(low, Int(axis.value(at: Double(column + 1) / Double(strip.columns)).rounded()) - 1)
      canvas[strip.column + column, row] = cell(phases.stretch(pair, low...high))
    }
  }

  /// An arrow points where the pair has turned to; `!` and `+` stand where the angle is new, all over or in part.
  private func cell(_ stretch: RotaryPhases.Stretch) -> Cell {
    switch stretch {
    case .unseen: Cell(Glyph("!"), look[.warn])
    case .partly: Cell(Glyph("+"), look[.warn])
    case .blurred: Cell(Glyph(look.glyphs == .ascii ? "." : "·"), look[.track])
    case .seen(let turn):
      Cell(
        look.glyphs == .ascii
          ? Glyph(Unicode.Scalar(UInt8(0x30 + Self.eighth(turn)))) : Glyph(Self.arrows[Self.eighth(turn)]),
        look[.series2])
    }
  }

  private static let arrows: [Unicode.Scalar] = ["→", "↗", "↑", "↖", "←", "↙", "↓", "↘"]
  private static func eighth(_ turn: Double) -> Int { Int((turn * 8).rounded()) % 8 }

  /// What is unseen, and how far neighbours are apart.
  private func drawFoot(_ phases: RotaryPhases, on canvas: inout Canvas, _ rect: Rect) {
    let unseen = phases.unseenPairs
    let verdict =
      unseen == 0
      ? Span("no angle is new to the model", look[.good])
      : Span("! \(unseen) of \(phases.count) pairs reach new angles", look[.warn])
    canvas.write([verdict], rect.column, rect.row, limit: rect.columns)
    let (plain, scaled) = (phases.plain.inverse[0], phases.scaled.inverse[0])
    canvas.write(
      "a step turns \(degrees(scaled)), was \(degrees(plain))", rect.column, rect.row + 1, look[.dim],
      limit: rect.columns)
  }
}

/// An angle in degrees, in three digits.
func degrees(_ radians: Double) -> String { "\(brief(radians * 180 / .pi))°" }

/// The angles of the rotary pairs at distances, against those that the base model met in its window.
struct RotaryPhases {
  /// Without scaling, as the base model was trained.
  let plain: RotaryFrequencies
  let scaled: RotaryFrequencies
  /// L0, tokens of the base model's window.
  let window: Int
  let target: Int

  enum Stretch: Equatable {
    /// Every angle is new.
    case unseen
    /// Some angles are.
    case partly
    /// None is new; the pair turns too far in the stretch for one direction, a share of a turn.
    case blurred
    /// None is new, and this is about where it points.
    case seen(turn: Double)
  }

  init(plain: RotaryFrequencies, scaled: RotaryFrequencies, window: Int, target: Int) {
    (self.plain, self.scaled, self.window, self.target) = (plain, scaled, window, target)
  }

  init?(_ settings: RunSettings, _ configuration: TransformerConfiguration) {
    guard let scaling = try? settings.rotaryScaling(for: configuration),
      let unscaled = try? UnscaledRotary(scaling.settings)
    else { return nil }
    plain = unscaled.frequencies
    scaled = scaling.frequencies(length: settings.target)
    window = scaling.settings.originalWindow
    target = settings.target
  }

  var count: Int { plain.inverse.count }

  /// Turns of a pair over the base model's window.
  func turnsSeen(_ pair: Int) -> Double { plain.inverse[pair] * Double(window) / (2 * .pi) }

  /// Whether a pair meets, at some distance below T, an angle farther round than any in the base window.
  var unseenPairs: Int {
    (0..<count).filter { pair in
      let seen = turnsSeen(pair)
      return seen < 1 && scaled.inverse[pair] * Double(target - 1) / (2 * .pi) > seen * 1.001
    }.count
  }

  /// What a pair does over a stretch of distances.
  func stretch(_ pair: Int, _ distances: ClosedRange<Int>) -> Stretch {
    let perStep = scaled.inverse[pair] / (2 * .pi)
    let seen = turnsSeen(pair)
    var new = 0
    let samples = min(distances.count, 16)
    for sample in 0..<samples where seen < 1 {
      let distance = distances.lowerBound + (distances.count - 1) * sample / max(samples - 1, 1)
      let turn = (perStep * Double(distance)).truncatingRemainder(dividingBy: 1)
      if turn > seen * 1.001 { new += 1 }
    }
    if new == samples { return .unseen }
    if new > 0 { return .partly }
    guard perStep * Double(distances.count) < 0.25 else { return .blurred }
    let middle = Double(distances.lowerBound + distances.upperBound) / 2
    return .seen(turn: (perStep * middle).truncatingRemainder(dividingBy: 1))
  }
}
