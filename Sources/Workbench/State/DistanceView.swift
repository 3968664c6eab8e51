import Canvas
import Positions

/// How distances are looked at: which measure, on which axes, how near, and where the cursor stands.
public struct DistanceView: Equatable, Sendable {
  public var measure = DistanceMeasure.coverage
  /// Spreads out near distances, and the near positions of the lanes.
  public var hasLogarithmicDistance = false
  public var valueScale = AxisScale.linear
  /// The distances shown; nil for all of them.
  public private(set) var zoom: ClosedRange<Int>?
  /// The distance looked at; nil without a cursor.
  public private(set) var cursor: Int?

  public init() {}

  /// The distances shown, of 1 … T−1.
  public func shown(target: Int) -> ClosedRange<Int> {
    let last = max(target - 1, 1)
    guard let zoom, zoom.lowerBound < last else { return 1...last }
    return zoom.lowerBound...min(zoom.upperBound, last)
  }

  func axis(target: Int) -> Axis {
    let shown = shown(target: target)
    return Axis(
      Double(shown.lowerBound), Double(shown.upperBound), scale: hasLogarithmicDistance ? .logarithmic : .linear)
  }

  /// Shows the part of the axis around a distance that is `share` of what is shown now.
  ///
  /// - Parameter distance: stays where it is; the cursor if nil, and without one the middle.
  mutating func zoom(by share: Double, around distance: Int? = nil, target: Int) {
    let axis = axis(target: target)
    let centre = (distance ?? cursor).map { axis.share(Double($0)) } ?? 0.5
    let middle = (0...1).contains(centre) ? centre : 0.5
    let low = Int(axis.value(at: middle * (1 - share)).rounded())
    let high = Int(axis.value(at: middle * (1 - share) + share).rounded())
    let last = max(target - 1, 1)
    guard high - low >= 8 || share > 1 else { return }
    let bounded = min(max(low, 1), last)...min(max(high, 1), last)
    zoom = bounded == 1...last ? nil : bounded
  }

  mutating func showAll() { zoom = nil }

  /// Puts the cursor on a distance, as near as there is one.
  mutating func place(cursor distance: Int, target: Int) {
    let shown = shown(target: target)
    cursor = min(max(distance, shown.lowerBound), shown.upperBound)
  }

  /// Moves the cursor by sixty-fourths of what is shown, or by single distances; it begins in the middle.
  mutating func moveCursor(by steps: Int, finely: Bool, target: Int) {
    let axis = axis(target: target)
    guard let present = cursor else {
      place(cursor: Int(axis.value(at: 0.5)), target: target)
      return
    }
    guard !finely else {
      place(cursor: present + steps, target: target)
      return
    }
    let next = Int(axis.value(at: axis.share(Double(present)) + Double(steps) / 64).rounded())
    // A step is never lost to rounding.
    place(cursor: next == present ? present + steps.signum() : next, target: target)
  }

  mutating func toggleCursor(target: Int) {
    if cursor == nil { moveCursor(by: 0, finely: false, target: target) } else { cursor = nil }
  }

  mutating func hideCursor() { cursor = nil }

  /// Keeps cursor and zoom inside another target window.
  mutating func fit(target: Int) {
    if let zoom, zoom.lowerBound >= target - 1 { self.zoom = nil }
    if let cursor { place(cursor: cursor, target: target) }
  }
}
