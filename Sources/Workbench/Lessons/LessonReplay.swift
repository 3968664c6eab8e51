import Canvas

/// A recording of a lesson being watched: forward and backward, press by press or step by step, at any size.
///
/// Every moment is a whole state, worked out once, so that going back costs nothing and shows exactly what was there.
public struct LessonReplay: Sendable {
  private let lesson: Lesson
  private let script: LessonScript
  private var moments: [LessonScript.Moment]
  private var size: Size
  /// The moment that is shown.
  public private(set) var index = 0
  public private(set) var isPlaying = true

  public init(_ script: LessonScript, _ lesson: Lesson, size: Size) {
    (self.script, self.lesson, self.size) = (script, lesson, size)
    moments = script.states(lesson, size)
  }

  public mutating func resize(_ size: Size) {
    guard size != self.size else { return }
    self.size = size
    moments = script.states(lesson, size)
  }

  /// Seconds until the next moment; nil while nothing moves.
  public var secondsToNext: Double? {
    guard isPlaying, index + 1 < moments.count else { return nil }
    return moments[index + 1].time - moments[index].time
  }

  /// Goes on to the next moment; at the last one it stops.
  public mutating func advance() {
    index = min(index + 1, moments.count - 1)
    if index == moments.count - 1 { isPlaying = false }
  }

  /// What a key does: Space plays and pauses, `.` and `,` go a press on and back, `]` and `[` a step, digits to tenths.
  public mutating func press(_ key: KeyPress) {
    switch key.key {
    case .character(" "):
      if index == moments.count - 1 { index = 0 }
      isPlaying.toggle()
    case .character("."), .right, .down: stop(at: index + 1)
    case .character(","), .left, .up: stop(at: index - 1)
    case .character("]"), .pageDown:
      stop(at: moments.indices.first { $0 > index && moments[$0].mark != nil } ?? moments.count - 1)
    case .character("["), .pageUp: stop(at: moments.indices.last { $0 < index && moments[$0].mark != nil } ?? 0)
    case .home: stop(at: 0)
    case .end: stop(at: moments.count - 1)
    case .character(let character):
      guard let tenth = character.wholeNumberValue, (0...9).contains(tenth) else { return }
      let wanted = length * Double(tenth) / 10
      index = moments.lastIndex { $0.time <= wanted } ?? 0
    default: break
    }
  }

  private mutating func stop(at wanted: Int) {
    isPlaying = false
    index = min(max(wanted, 0), moments.count - 1)
  }

  /// Seconds of the whole recording.
  private var length: Double { moments.last?.time ?? 0 }

  /// The lesson as it was, with a line that says where the recording stands in place of the key hints.
  public func picture(_ look: Look) -> Canvas {
    let moment = moments[index]
    var canvas = view(moment.state, look)
    guard size.rows >= 2 else { return canvas }
    let row = size.rows - 1
    canvas.fill(Rect(0, row, size.columns, 1), look[.bar])
    let sign = isPlaying ? "▶" : index == moments.count - 1 ? "■" : "❚❚"
    let place = " \(sign) \(clock(Int(moment.time))) of \(clock(Int(length))) · press \(index) of \(moments.count - 1) "
    canvas.write(place, 0, row, look[.bar], limit: size.columns)
    let keys = " Space plays  , . press  [ ] step  0–9  q "
    let left = place.columnCount
    let right = size.columns - keys.columnCount
    if right - left >= 4 { canvas.write(keys, right, row, look[.bar]) }
    let room = (right - left >= 4 ? right : size.columns) - left
    if room >= 4 {
      canvas.bar(length > 0 ? moment.time / length : 1, left, row, columns: room, look[.accent], look.glyphs)
    }
    if look.glyphs == .ascii { canvas.limitToASCII() }
    return canvas
  }
}
