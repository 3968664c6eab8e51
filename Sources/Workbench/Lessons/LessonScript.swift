import Canvas
import FineTuning

/// Keys pressed in a lesson with their times, on a clock of its own: replays at any size, in any theme.
public struct LessonScript: Codable, Equatable, Sendable {
  public struct Press: Codable, Equatable, Sendable {
    /// Seconds from the start.
    public var time: Double
    /// The step it is pressed in.
    public var step: String
    /// As the help names it.
    public var key: String
  }

  public var lesson: String
  public var seed: UInt64
  public var version: String
  public var presses: [Press]

  /// The walk through a lesson that answers everything rightly, slowly enough to be read.
  public init(solving lesson: Lesson) {
    self.lesson = lesson.id
    seed = lesson.seed
    version = Skipwise.version
    presses = []
    var state = Self.state(lesson, Size(80, 24))
    var time = 0.0
    for index in lesson.steps.indices {
      let step = lesson.steps[index]
      // Three words a second, as one reads to oneself.
      let words = step.spoken(state.learn.play?.stage ?? LessonStage(seed: seed), columns: 78)
        .joined(separator: " ").split(separator: " ").count
      time += 2 + Double(words) / 3
      var keys: [String] = []
      if let question = step.question, let stage = state.learn.play?.stage {
        let answer = question.rightAnswer(stage)
        keys = answer.isEmpty ? ["."] : answer.map(String.init) + ["Enter"]
      }
      if step.kind == .live, step.fallback != nil { keys = ["P"] }
      if index + 1 < lesson.steps.count { keys.append("Enter") }
      for (place, key) in keys.enumerated() {
        time += place == keys.count - 1 && place > 0 ? 3 : 0.5
        presses.append(Press(time: time, step: step.id, key: key))
        if let press = KeyPress(named: key) { _ = reduce(&state, .key(press)) }
      }
    }
  }

  fileprivate static func state(_ lesson: Lesson, _ size: Size) -> WorkbenchState {
    var state = WorkbenchState(settings: RunSettings(), size: size, themeNames: [], themeName: "")
    state.screen = .learn
    state.learn.lessons = [lesson]
    _ = openLesson(0, &state)
    return state
  }

  /// What there was to see from a time on.
  struct Moment: Sendable {
    /// Seconds from the start.
    var time: Double
    /// The step that begins here.
    var mark: String?
    var state: WorkbenchState
  }

  /// The states after each press, the opened lesson first.
  func states(_ lesson: Lesson, _ size: Size) -> [Moment] {
    var state = Self.state(lesson, size)
    func mark(_ state: WorkbenchState) -> String? { state.learn.step.map { "\(lesson.id)/\($0.id)" } }
    var known = mark(state)
    var states = [Moment(time: 0, mark: known, state: state)]
    for press in presses {
      guard let key = KeyPress(named: press.key) else { continue }
      _ = reduce(&state, .key(key))
      let next = mark(state)
      states.append(Moment(time: press.time, mark: next == known ? nil : next, state: state))
      known = next
    }
    return states
  }

  /// The replay as an asciicast, byte for byte the same each time.
  public func cast(_ lesson: Lesson, size: Size, look: Look, depth: ColorDepth) -> String {
    let text = look.theme[.text]
    let palette = (0..<16).map { Color.indexed(UInt8($0)).rgb ?? RGB(0, 0, 0) }
    var cast = Asciicast(
      size: size, depth: depth, title: lesson.title, foreground: text.foreground.rgb ?? RGB(220, 220, 220),
      background: text.background.rgb ?? RGB(18, 18, 18), palette: palette)
    for moment in states(lesson, size) {
      if let mark = moment.mark { cast.mark(mark, at: moment.time) }
      cast.show(view(moment.state, look), at: moment.time)
    }
    return cast.text
  }
}
