import Canvas

/// A lesson as lines of text, for a screen reader or a terminal that cannot place its cursor: what is said, the picture in
/// words, the question, and what is typed.
public struct PlainLesson {
  private var state: WorkbenchState
  private let lesson: Lesson

  public init(_ lesson: Lesson, progress: LessonProgress) {
    self.lesson = lesson
    state = WorkbenchState(settings: .init(), size: Size(80, 24), themeNames: [], themeName: "")
    state.screen = .learn
    state.learn.lessons = [lesson]
    state.learn.progress = progress
    _ = openLesson(0, &state)
  }

  public var progress: LessonProgress {
    get { state.learn.progress }
    set { state.learn.progress = newValue }
  }

  /// Whether the last step has been left.
  public var isFinished: Bool { state.learn.play == nil }

  /// What a step says before anything is typed.
  public var page: [String] {
    guard let step = state.learn.step, let play = state.learn.play else { return ["The lesson is over."] }
    var lines = ["", "Step \(play.step + 1) of \(lesson.steps.count), \(step.kind.word): \(step.title)"]
    lines += step.spoken(play.stage, columns: 78)
    lines.append("Picture: " + (step.plain.map { LessonStep.filled($0, play.stage) } ?? play.stage.described))
    switch step.question?.kind {
    case .choice(let options), .order(let options, _):
      lines += options.map { "\($0.letter): \(LessonStep.filled($0.text, play.stage))" }
    case .goal(let goals):
      lines += goals.map { "Goal: \($0.readable(play.stage))" }
      lines.append(
        "Knobs: " + play.stage.knobs.map { "\($0.title) \(play.stage.value(of: $0))" }.joined(separator: ", "))
    case .number(let number): lines.append("A number\(number.unit.isEmpty ? "" : " of \(number.unit)").")
    case nil: break
    }
    lines.append(prompt(step, play))
    return lines
  }

  private func prompt(_ step: LessonStep, _ play: LessonPlay) -> String {
    if step.kind == .write { return "Write one sentence, or an empty line to end." }
    guard let question = step.question, !play.isRevealed else {
      return step.kind == .live && step.fallback != nil
        ? "recorded shows the recorded run; an empty line goes on; back, quit."
        : "An empty line goes on; back, quit."
    }
    if case .goal = question.kind {
      return "KNOB STEPS turns a knob, such as skip 10; an empty line gives the answer; hint, solution, back, quit."
    }
    return "\(question.prompt.prefix { $0 != "," }); hint, solution, back, quit."
  }

  /// Takes a line that was typed.
  ///
  /// - Returns: what is said to it; the next page follows where the step was left.
  public mutating func take(_ line: String) -> [String] {
    guard let step = state.learn.step, let play = state.learn.play else { return [] }
    let word = line.trimmed
    switch word.lowercased() {
    case "back": return perform(.back)
    case "solution": return perform(.next)
    case "recorded": return perform(.playRecorded) + page
    case "hint":
      _ = perform(.hint)
      let shown = state.learn.play?.hints ?? 0
      return shown > 0 ? ["Hint: " + (step.question?.hints[checked: shown - 1] ?? "")] : ["There is no hint."]
    default: break
    }
    if case .goal = step.question?.kind, !play.isRevealed, !word.isEmpty { return turn(word) }
    if play.waits(step) || step.kind == .write {
      state.learn.play?.answer = ""
      for character in word { _ = reduce(&state, .key(.character(character))) }
    }
    return perform(.proceed)
  }

  private mutating func perform(_ action: LessonAction) -> [String] {
    guard let step = state.learn.step, let index = state.learn.play?.step else { return [] }
    _ = reduce(&state, .action(.lesson(action)))
    return said(step, index)
  }

  /// `skip 10`: turns a knob.
  private mutating func turn(_ text: String) -> [String] {
    let words = text.split(separator: " ")
    guard words.count == 2, let steps = Int(words[1]), var stage = state.learn.play?.stage,
      let place = stage.knobs.firstIndex(where: { $0.rawValue == words[0] || $0.title == words[0] })
    else { return ["Knobs here: " + (state.learn.play?.stage.knobs.map(\.rawValue).joined(separator: ", ") ?? "")] }
    stage.knob = place
    stage.turn(by: steps)
    state.learn.play?.stage = stage
    return ["\(stage.knobs[place].title) \(stage.value(of: stage.knobs[place])). \(stage.described)"]
  }

  /// What came of an answer, and the next page where the step was left.
  private func said(_ step: LessonStep, _ index: Int) -> [String] {
    guard let play = state.learn.play else { return ["The lesson is over."] }
    if play.step != index { return page }
    guard let verdict = play.verdict else { return state.notice.map { [$0.text] } ?? [] }
    let reply = LessonStep.filled(verdict.reply, play.stage)
    let revealed = play.isRevealed ? ["Picture: \(play.stage.described)", "An empty line goes on."] : []
    return [(verdict.isShown ? "" : verdict.isRight ? "Right. " : "Not quite. ") + reply] + revealed
  }
}
