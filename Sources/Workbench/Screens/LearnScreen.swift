import Canvas

/// Screen 6: the lessons, or the step of one: what is said, what is seen, what is asked.
struct LearnScreen: PanedScreen {
  let state: WorkbenchState
  let look: Look

  private var learn: LearnState { state.learn }

  func draw(_ pane: Pane, on canvas: inout Canvas, in rect: Rect) {
    guard let play = learn.play, let lesson = learn.lesson, let step = learn.step else {
      return drawList(on: &canvas, in: rect)
    }
    drawStep(play, lesson, step, on: &canvas, in: rect)
  }

  // MARK: - The list

  private func drawList(on canvas: inout Canvas, in rect: Rect) {
    let finished = learn.lessons.filter { learn.progress[$0].isFinished }.count
    let inside = canvas.frame(
      rect, look.pane("Lessons", info: "\(finished) of \(learn.lessons.count) taken", isFocused: true), look.glyphs
    ).inset(columns: 1)
    guard !learn.lessons.isEmpty else {
      let text = learn.problems.first.map { $0.description } ?? "no lessons beside the program"
      canvas.write(text, centredIn: inside, inside.row + inside.rows / 2, look[.dim])
      return
    }
    let (list, foot) = listRects(inside)
    let first = firstLesson(list)
    canvas.scrollbar(
      at: rect.endColumn - 1, beside: list, first: first, count: learn.lessons.count, look[.focus], look.glyphs)
    for (index, lesson) in learn.lessons.enumerated().dropFirst(first).prefix(list.rows) {
      drawEntry(lesson, isSelected: index == learn.selected, on: &canvas, list, list.row + index - first)
    }
    drawFoot(on: &canvas, foot)
  }

  /// The list above what is said of the lesson selected, which takes the rows that are left.
  private func listRects(_ inside: Rect) -> (list: Rect, foot: Rect) {
    let parts = inside.splitBottom(max(inside.rows - learn.lessons.count, 0))
    return (list: parts.0, foot: parts.1)
  }

  private func firstLesson(_ list: Rect) -> Int { max(0, learn.selected - list.rows + 1) }

  /// The lesson whose row of the list is drawn at a place of the pane.
  func lesson(at point: Point, in rect: Rect) -> Int? {
    let list = listRects(rect.inset(columns: 2, rows: 1)).list
    guard learn.play == nil, list.contains(point.column, point.row) else { return nil }
    let index = firstLesson(list) + point.row - list.row
    return learn.lessons.indices.contains(index) ? index : nil
  }

  private func drawEntry(
    _ lesson: Lesson, isSelected: Bool, on canvas: inout Canvas, _ list: Rect, _ row: Int
  ) {
    if isSelected { canvas.fill(Rect(list.column, row, list.columns, 1), look[.selection]) }
    func style(_ role: Theme.Role) -> Style { look[isSelected ? .selection : role] }
    let entry = learn.progress[lesson]
    let sign = entry.isFinished ? "✓" : entry.step > 0 ? "◐" : "○"
    canvas.write(sign, list.column, row, style(entry.isFinished ? .good : .dim))
    canvas.write("\(lesson.number)", endingAt: list.column + 4, row, style(.dim))
    canvas.write(lesson.title, list.column + 6, row, style(.text), limit: list.columns - 26)
    let score = learn.progress.score(lesson)
    let right = score.of > 0 && !entry.answers.isEmpty ? "\(score.right)/\(score.of) right" : ""
    canvas.write(right, endingAt: list.endColumn - 9, row, style(.dim))
    canvas.write("\(lesson.minutes) min", endingAt: list.endColumn, row, style(.dim))
  }

  /// What the lesson selected is about, and how far one is in it; the way in stands on the last row.
  private func drawFoot(on canvas: inout Canvas, _ rect: Rect) {
    guard rect.rows > 0, let lesson = learn.lessons[checked: learn.selected] else { return }
    let entry = learn.progress[lesson]
    let needs = lesson.needs.isEmpty ? "" : "  after \(lesson.needs.joined(separator: ", "))"
    let place = entry.step > 0 && !entry.isFinished ? "Enter goes on at step \(entry.step + 1)" : "Enter begins"
    canvas.write(
      [Span(place, look[.accent]), Span(needs, look[.dim])], rect.column, rect.endRow - 1, limit: rect.columns)
    var row = rect.row + 1
    func add(_ spans: [Span]) {
      guard row < rect.endRow - 1 else { return }
      canvas.write(spans, rect.column, row, limit: rect.columns)
      row += 1
    }
    if let problem = learn.problems.first { add([Span("\(problem)", look[.bad])]) }
    if !entry.sentence.isEmpty { add([Span("you wrote: ", look[.dim]), Span(entry.sentence, look[.text])]) }
    if entry.seconds >= 60 { add([Span("time spent: \(spoken(seconds: entry.seconds))", look[.dim])]) }
    for (index, step) in lesson.steps.enumerated() {
      let sign = entry.isFinished || index < entry.step ? "●" : index == entry.step ? "◉" : "○"
      let kind = step.kind.word
      let gap = String(repeating: " ", count: max(1, 15 - kind.count))
      add([Span("\(sign) \(kind)\(gap)", look[.dim]), Span(step.title, look[.text])])
    }
  }

  // MARK: - A step

  private func drawStep(
    _ play: LessonPlay, _ lesson: Lesson, _ step: LessonStep, on canvas: inout Canvas, in rect: Rect
  ) {
    let dots = lesson.steps.indices.map { $0 < play.step ? "●" : $0 == play.step ? "◉" : "○" }.joined()
    let word = play.isRevealed && step.question != nil ? "revealed" : step.kind.word
    let isOneOfMany = lesson.number <= learn.lessons.count
    let title = "\(lesson.number)\(isOneOfMany ? "/\(learn.lessons.count)" : "") \(lesson.title)"
    let info = rect.columns >= 70 ? "\(dots) \(word)" : "\(play.step + 1)/\(lesson.steps.count)"
    let inside = canvas.frame(rect, look.pane(title, info: info, isFocused: true), look.glyphs).inset(columns: 1)
    // On a wide screen the words stand beside the picture, elsewhere above and below it.
    guard inside.columns >= 110, inside.rows >= 26 else {
      let asked = questionRows(play, step, columns: inside.columns)
      let (above, below) = inside.splitBottom(min(asked.count, max(0, inside.rows - 4)))
      let spoken = step.spoken(play.stage, columns: inside.columns)
      // An empty line before the picture where there is room.
      let gap = above.rows - spoken.count >= 12 ? 2 : 1
      let (words, figure) = above.splitTop(min(spoken.count + gap, max(1, above.rows - 5)))
      drawWords(step, spoken, on: &canvas, words)
      drawFigure(play, step, on: &canvas, figure)
      return draw(asked, on: &canvas, below)
    }
    let (figure, side) = inside.splitLeft(inside.columns * 3 / 5)
    let text = Rect(side.column + 2, side.row, side.columns - 2, side.rows)
    let spoken = step.spoken(play.stage, columns: text.columns)
    let (words, rest) = text.splitTop(min(spoken.count + 2, text.rows / 2))
    drawWords(step, spoken, on: &canvas, words)
    drawFigure(play, step, on: &canvas, figure)
    draw(questionRows(play, step, columns: text.columns), on: &canvas, rest)
  }

  private func drawWords(_ step: LessonStep, _ spoken: [String], on canvas: inout Canvas, _ rect: Rect) {
    guard rect.rows > 0 else { return }
    canvas.write(step.title, rect.column, rect.row, look[.title], limit: rect.columns)
    for (index, line) in spoken.prefix(rect.rows - 1).enumerated() {
      canvas.write(line, rect.column, rect.row + 1 + index, look[.text], limit: rect.columns)
    }
  }

  private func drawFigure(_ play: LessonPlay, _ step: LessonStep, on canvas: inout Canvas, _ rect: Rect) {
    let (room, knobs) = rect.splitBottom(play.stage.knobs.isEmpty ? 0 : 1)
    guard room.rows >= 3 else { return }
    if play.isDescribed {
      let text = step.plain.map { LessonStep.filled($0, play.stage) } ?? play.stage.described
      for (index, line) in wrapped(text, columns: room.columns - 2).prefix(room.rows).enumerated() {
        canvas.write(line, room.column + 1, room.row + index, look[.accent])
      }
    } else {
      canvas.clipped(to: room) { FigureView(stage: play.stage, look: look).draw(on: &$0, in: room) }
    }
    guard !play.stage.knobs.isEmpty else { return }
    var column = knobs.column
    for (index, knob) in play.stage.knobs.enumerated() {
      let isActive = index == play.stage.knob
      let label = "\(isActive ? "◂ " : "  ")\(knob.title) \(play.stage.value(of: knob))\(isActive ? " ▸" : "  ")"
      guard column + label.columnCount <= knobs.endColumn else { break }
      column += canvas.write(label, column, knobs.row, look[isActive ? .selection : .dim]) + 1
    }
    let isCell = play.stage.knobs.contains(.row) && play.stage.knobs.contains(.column)
    let others = play.stage.knobs.count > 1 && !isCell ? "  Tab next" : ""
    let keys = "\(isCell ? "arrows move" : "← → turn")  Shift faster\(others)"
    guard column + keys.columnCount < knobs.endColumn else { return }
    canvas.write(keys, endingAt: knobs.endColumn, knobs.row, look[.dim])
  }

  /// A line of the question with its style.
  private typealias Line = (text: String, role: Theme.Role)

  private func draw(_ lines: [Line], on canvas: inout Canvas, _ rect: Rect) {
    for (index, line) in lines.suffix(rect.rows).enumerated() {
      canvas.write(line.text, rect.column, rect.row + index, look[line.role], limit: rect.columns)
    }
  }

  private func questionRows(_ play: LessonPlay, _ step: LessonStep, columns: Int) -> [Line] {
    var lines: [Line] = []
    /// - Parameter mark: stands before the first line; the others are indented as far.
    func add(_ text: String, _ role: Theme.Role, mark: String = "") {
      let indent = String(repeating: " ", count: mark.columnCount)
      for (index, line) in wrapped(text, columns: max(8, columns - mark.columnCount)).enumerated() {
        lines.append(((index == 0 ? mark : indent) + line, role))
      }
    }
    if step.kind == .write {
      add("In one sentence, for yourself:", .dim)
      add("▏\(play.answer)_", .accent)
      return lines
    }
    guard let question = step.question else {
      if step.kind == .live { add(liveHint(play, step), .accent) }
      return lines
    }
    switch question.kind {
    case .choice(let options):
      for option in options {
        add(LessonStep.filled(option.text, play.stage), role(option, play), mark: mark(option, play))
      }
      if !play.isRevealed {
        let words = ["1 guess", "2 think so", "3 certain"]
        let sure = words.enumerated().map { $0.offset + 1 == play.sureness ? "[\($0.element)]" : $0.element }
        add(sure.joined(separator: " · "), .dim, mark: "  sure? ")
      }
      if !learn.hands.isEmpty { add(options.map(tally).joined(separator: " · "), .text, mark: "  hands ") }
    case .number(let number):
      add("answer: \(play.answer)\(play.isRevealed ? "" : "_") \(number.unit)", .accent)
    case .goal(let goals):
      for goal in goals {
        let holds = goal.holds(play.stage)
        add(goal.readable(play.stage), holds ? .good : .text, mark: holds ? "✓ " : "○ ")
      }
    case .order(let options, _):
      for option in options { add(option.text, .text, mark: "  \(option.letter)  ") }
      add("order: \(question.told(play.answer))\(play.isRevealed ? "" : "_")", .accent)
    }
    for hint in question.hints.prefix(play.hints) {
      add(LessonStep.filled(hint, play.stage), .warn, mark: "hint: ")
    }
    if let verdict = play.verdict {
      let reply = LessonStep.filled(verdict.reply, play.stage)
      if verdict.isShown {
        add(reply, .accent, mark: "→ ")
      } else if verdict.isRight {
        add("right. \(reply)", .good, mark: "✓ ")
      } else {
        add(reply, .bad, mark: "✗ ")
      }
    }
    return lines
  }

  private func mark(_ option: LessonQuestion.Option, _ play: LessonPlay) -> String {
    let sign = play.isRevealed && option.isRight ? "✓" : play.answer == String(option.letter) ? "▸" : " "
    return "\(sign) \(option.letter)  "
  }

  private func role(_ option: LessonQuestion.Option, _ play: LessonPlay) -> Theme.Role {
    if play.isRevealed { return option.isRight ? .good : .dim }
    return play.answer == String(option.letter) ? .accent : .text
  }

  /// The lecturer's count of hands for an answer, in strokes as on a board where they are few.
  private func tally(_ option: LessonQuestion.Option) -> String {
    let hands = learn.hands[option.letter] ?? 0
    let strokes = hands > 0 && hands <= 12 ? String(repeating: "|", count: hands) + " " : ""
    return "\(option.letter) \(strokes)\(hands)"
  }

  private func liveHint(_ play: LessonPlay, _ step: LessonStep) -> String {
    if play.stage.run?.isRecorded == true { return "A recorded run. Space trains it here, Enter goes on." }
    let phase = state.training.phaseWord
    let fallback = step.fallback == nil ? "" : ", P plays a recorded run"
    return play.stage.run == nil ? "Space trains\(fallback). \(phase)" : "\(phase). Space pauses, Enter goes on."
  }
}

extension LessonStep.Kind {
  /// As the frame of a step has it.
  var word: String {
    switch self {
    case .breakIt: "break it"
    case .write: "in your words"
    default: rawValue
    }
  }
}

extension Expectation {
  /// As a goal on the screen, with the present value.
  func readable(_ stage: LessonStage) -> String {
    let known = Probe.all.first { $0.match(probe) != nil }
    // A probe of any chunk tells which one is meant.
    let chunk = known?.match(probe)?.first.map { "chunk \(letter($0))" } ?? ""
    let title = (known?.title ?? probe).replacing("a chunk, 0 the first", with: chunk).replacing("a chunk", with: chunk)
    let sign =
      switch comparison {
      case .equal: "="
      case .unequal: "≠"
      case .atMost: "≤"
      case .atLeast: "≥"
      case .within: "in"
      case .about: "≈"
      case .less, .greater: comparison.rawValue
      }
    let now = Probe.value(probe, stage)?.text ?? "–"
    return "\(title) \(sign) \(value.text)   now \(now)"
  }
}

extension WorkbenchState {
  var learnExplanation: Explanation {
    guard let step = learn.step, let play = learn.play else {
      return Explanation(
        title: "Lessons",
        lines: [
          .text(
            "Twelve lessons from rotation to a window 64 times as long. Each asks before it shows; every number is worked "
              + "out as it is shown. Progress is kept."), .gap, .value("Enter", "begins, or goes on where you left"),
        ])
    }
    var lines: [Explanation.Line] = [.text(play.stage.described), .gap]
    lines.append(.value("Enter", "gives the answer, goes on"))
    lines.append(.value(", and .", "a step back, the solution or a step on"))
    lines.append(.value("! and ;", "a hint, the picture in words"))
    lines.append(.value("Tab and arrows", "choose a knob, turn it"))
    lines.append(.value("Esc", "leaves the question, then the lesson"))
    return Explanation(title: step.title, lines: lines)
  }
}
