import Foundation

/// An axis of positions with lettered, coloured intervals on a faint track.
public struct Lane: Sendable {
  /// A run of positions.
  public struct Interval: Equatable, Sendable {
    public var range: Range<Int>
    public var style: Style
    public var letter: Character

    public init(_ range: Range<Int>, _ style: Style, letter: Character) {
      self.range = range
      self.style = style
      self.letter = letter
    }
  }

  /// Positions along the lane, 0 ..< length.
  public var length: Int
  public var intervals: [Interval]
  public var track: Style
  /// Logarithmic spreads out the near positions of a lane too long for its columns.
  public var scale: AxisScale

  public init(length: Int, intervals: [Interval], track: Style, scale: AxisScale = .linear) {
    self.length = length
    self.intervals = intervals
    self.track = track
    self.scale = scale
  }

  /// Where a position lies, 0 at the lane's start and 1 at its end.
  private func share(_ position: Int) -> Double {
    switch scale {
    case .linear: Double(position) / Double(length)
    // Positions are never negative: both logarithms start at 0.
    case .logarithmic, .symmetricLogarithmic: log1p(Double(position)) / log1p(Double(length))
    }
  }

  /// The position at a column's left edge.
  public func position(at column: Int, in width: Int) -> Int {
    guard length > 0, width > 0 else { return 0 }
    let share = min(max(Double(column) / Double(width), 0), 1)
    let place =
      switch scale {
      case .linear: share * Double(length)
      case .logarithmic, .symmetricLogarithmic: expm1(share * log1p(Double(length)))
      }
    return min(Int(place), length - 1)
  }

  /// The columns that an interval covers: at least one, however short it is.
  public func columns(of range: Range<Int>, in width: Int) -> Range<Int> {
    guard length > 0, width > 0 else { return 0..<0 }
    let first = min(Int((share(range.lowerBound) * Double(width)).rounded()), width - 1)
    let last = Int((share(range.upperBound) * Double(width)).rounded())
    return first..<min(max(first + 1, last), width)
  }

  /// Draws the lane over `rows` rows; each interval carries its letter in its middle.
  public func draw(on canvas: inout Canvas, in rect: Rect, _ glyphs: GlyphSet) {
    guard !rect.isEmpty else { return }
    let middle = rect.row + (rect.rows - 1) / 2
    for column in rect.column..<rect.endColumn {
      canvas[column, middle] = Cell(Glyph(glyphs == .ascii ? "." : "─"), track)
    }
    guard intervals.count <= rect.columns / 4 else { return drawScattered(on: &canvas, in: rect, glyphs) }
    for interval in intervals {
      let columns = columns(of: interval.range, in: rect.columns)
      for row in rect.row..<rect.endRow {
        for column in columns { canvas[rect.column + column, row] = body(interval, glyphs) }
      }
      guard glyphs != .ascii, columns.count >= 2 else { continue }
      let label = Style(interval.style.background, on: interval.style.foreground, .bold)
      canvas.write(String(interval.letter), rect.column + columns.lowerBound + columns.count / 2, middle, label)
    }
  }

  /// Intervals too many to be told apart: a cell is as dark as its positions are covered, so that few do not look like all.
  private func drawScattered(on canvas: inout Canvas, in rect: Rect, _ glyphs: GlyphSet) {
    var covered = [Int](repeating: 0, count: rect.columns)
    var last = [Interval?](repeating: nil, count: rect.columns)
    for interval in intervals where !interval.range.isEmpty {
      let first = Int(share(interval.range.lowerBound) * Double(rect.columns))
      let end = Int((share(interval.range.upperBound) * Double(rect.columns)).rounded(.up))
      for column in first..<min(max(end, first + 1), rect.columns) {
        let (low, high) = (position(at: column, in: rect.columns), position(at: column + 1, in: rect.columns))
        covered[column] += max(0, min(high, interval.range.upperBound) - max(low, interval.range.lowerBound))
        last[column] = interval
      }
    }
    for (column, interval) in last.enumerated() {
      guard let interval else { continue }
      let room = position(at: column + 1, in: rect.columns) - position(at: column, in: rect.columns)
      let share = Double(covered[column]) / Double(max(room, 1))
      var cell = body(interval, glyphs)
      if glyphs != .ascii {
        cell.glyph = Glyph(share > 0.75 ? "█" : share > 0.5 ? "▓" : share > 0.25 ? "▒" : "░")
      } else if share <= 0.5, let small = interval.letter.lowercased().unicodeScalars.first {
        cell.glyph = Glyph(small)
      }
      for row in rect.row..<rect.endRow { canvas[rect.column + column, row] = cell }
    }
  }

  private func body(_ interval: Interval, _ glyphs: GlyphSet) -> Cell {
    glyphs == .ascii
      ? Cell(Glyph(interval.letter.unicodeScalars.first ?? "#"), interval.style)
      : Cell(Glyph("█"), interval.style)
  }
}
