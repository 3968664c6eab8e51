import Canvas

/// What a lecturer's window shows of the lesson that an audience sees.
public struct NotesPage: Codable, Equatable, Sendable {
  public struct Option: Codable, Equatable, Sendable {
    public var letter: String
    public var text: String
    public var isRight: Bool
    public var reply: String
    public var hands: Int
  }

  public var lesson: String
  public var step: Int
  public var steps: Int
  public var kind: String
  public var title: String
  public var notes: [String]
  public var next: String
  /// Seconds planned for the step, and minutes for the lesson.
  public var seconds: Int
  public var minutes: Int
  public var answer: String
  public var options: [Option]
  public var hints: [String]
  public var isRevealed: Bool

  /// Nil while no lesson is open.
  public init?(_ state: WorkbenchState) {
    guard let lesson = state.learn.lesson, let step = state.learn.step, let play = state.learn.play else { return nil }
    self.lesson = "\(lesson.number) \(lesson.title)"
    (self.step, steps) = (play.step + 1, lesson.steps.count)
    (kind, title) = (step.kind.word, step.title)
    notes = step.notes.map { LessonStep.filled($0, play.stage) }
    next = lesson.steps[checked: play.step + 1]?.title ?? "the end"
    (seconds, minutes) = (step.seconds ?? 60, lesson.minutes)
    answer = step.question?.rightAnswer(play.stage) ?? ""
    hints = step.question?.hints ?? []
    isRevealed = play.isRevealed
    switch step.question?.kind {
    case .choice(let choices), .order(let choices, _):
      options = choices.map {
        Option(
          letter: String($0.letter), text: $0.text, isRight: $0.isRight, reply: $0.reply,
          hands: state.learn.hands[$0.letter] ?? 0)
      }
    default: options = []
    }
  }

  /// The page as a frame.
  ///
  /// - Parameters:
  ///   - elapsed: seconds in the step and in the lesson.
  public func picture(_ size: Size, _ look: Look, elapsed: (step: Int, lesson: Int)) -> Canvas {
    var canvas = Canvas(size: size)
    canvas.fill(canvas.bounds, look[.text])
    let info =
      "step \(step)/\(steps) · \(clock(elapsed.step)) of \(clock(seconds)) · lesson \(clock(elapsed.lesson)) of \(minutes) min"
    let inside = canvas.frame(canvas.bounds, look.pane("Notes: \(lesson)", info: info, isFocused: true), look.glyphs)
      .inset(columns: 1)
    var row = inside.row
    func add(_ text: String, _ role: Theme.Role, on canvas: inout Canvas) {
      for line in wrapped(text, columns: inside.columns) where row < inside.endRow {
        canvas.write(line, inside.column, row, look[role])
        row += 1
      }
    }
    add("\(kind): \(title)", .title, on: &canvas)
    for note in notes { add("• \(note)", .text, on: &canvas) }
    row += 1
    for option in options {
      let hands = option.hands > 0 ? "  hands \(option.hands)" : ""
      add(
        "\(option.isRight ? "✓" : " ") \(option.letter) \(option.text)\(hands)", option.isRight ? .good : .text,
        on: &canvas)
      if !option.reply.isEmpty { add("      \(option.reply)", .dim, on: &canvas) }
    }
    if !answer.isEmpty, options.isEmpty { add("answer: \(answer)", .good, on: &canvas) }
    for hint in hints { add("hint: \(hint)", .dim, on: &canvas) }
    row += 1
    add("next: \(next)", .accent, on: &canvas)
    let keys =
      options.isEmpty
      ? "q leaves"
      : "a–\(options.last?.letter ?? "d") adds a hand, A–\(options.last?.letter.uppercased() ?? "D") takes one away · q leaves"
    canvas.write(keys, inside.column, inside.endRow - 1, look[.dim], limit: inside.columns)
    if look.glyphs == .ascii { canvas.limitToASCII() }
    return canvas
  }
}
