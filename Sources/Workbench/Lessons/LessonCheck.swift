import Canvas

/// Tests a lesson without a terminal: that it says what it shows, that its answers are judged as it says, that it can be
/// walked in any direction, and that it notices when what it teaches is broken.
public struct LessonCheck {
  public let lesson: Lesson
  /// What problems call the file.
  public let file: String
  /// Themes to draw frames with.
  let looks: [Look]

  /// - Parameter theme: frames are drawn with it, in colours and without.
  public init(_ lesson: Lesson, file: String, theme: Theme) {
    (self.lesson, self.file) = (lesson, file)
    looks = [Look(theme: theme), Look(theme: .fallback, glyphs: .ascii, isColorless: true)]
  }

  /// What is wrong, and which faults the lesson notices.
  public struct Report: Equatable, Sendable {
    public var problems: [LessonProblem] = []
    /// Expectations that were tested.
    public var expectations = 0
    public var questions = 0
    public var frames = 0
    public var noticed: [LessonFault] = []

    public init() {}
  }

  public func run() -> Report {
    var report = Report()
    report.problems += lint()
    guard report.problems.isEmpty else { return report }
    do throws(LessonProblem) {
      for index in lesson.steps.indices { try check(index, &report) }
      try checkWalks(&report)
      report.noticed = try faultsNoticed()
    } catch {
      report.problems.append(error)
      return report
    }
    if report.expectations == 0 {
      report.problems.append(problem(lesson.steps[0], "the lesson expects nothing: an expect fence tests what it says"))
    } else if report.noticed.isEmpty {
      let faults = LessonFault.allCases.map(\.rawValue).joined(separator: "; ")
      report.problems.append(
        problem(
          lesson.steps[0],
          "its expectations hold whatever is broken (\(faults)): they test nothing; expect a number that the lesson is about"
        ))
    }
    return report
  }

  private func problem(_ step: LessonStep, _ sentence: String, line: Int? = nil) -> LessonProblem {
    LessonProblem(file: file, line: line ?? step.line, sentence: sentence)
  }

  // MARK: - What can be read off the file

  private func lint() -> [LessonProblem] {
    var problems: [LessonProblem] = []
    var ids: Set<String> = []
    if lesson.steps.count > 9 {
      problems.append(problem(lesson.steps[9], "the lesson has \(lesson.steps.count) steps; nine are the most"))
    }
    if lesson.steps.last?.kind != .write, let last = lesson.steps.last {
      problems.append(problem(last, "the last step has to be ## write: every lesson ends with a sentence of one's own"))
    }
    for step in lesson.steps {
      problems += lint(step)
      guard let question = step.question else { continue }
      if !ids.insert(question.id).inserted {
        problems.append(problem(step, "the question '\(question.id)' is there twice"))
      }
      problems += lint(question, step)
    }
    return problems
  }

  private func lint(_ step: LessonStep) -> [LessonProblem] {
    var problems: [LessonProblem] = []
    let texts = step.narration + (step.plain.map { [$0] } ?? [])
    for name in texts.flatMap(LessonStep.probes) where !Probe.exists(name) {
      problems.append(problem(step, "there is no probe '\(name)'; known are \(Probe.known(like: name))"))
    }
    if let long = step.narration.first(where: { $0.columnCount > 78 }) {
      problems.append(problem(step, "a line has \(long.columnCount) columns, 78 are the most: \(long.prefix(30))…"))
    }
    for line in step.narration {
      if let typed = Self.typedNumber(in: line) {
        problems.append(problem(step, "the number \(typed) is typed by hand; {probe} shows one that is worked out"))
      }
    }
    return problems
  }

  /// A number of two digits or more outside braces; small ones count things, and years stand in brackets.
  private static func typedNumber(in line: String) -> String? {
    var depth = 0
    var digits = ""
    for character in line + " " {
      if character == "{" || character == "(" { depth += 1 }
      if character == "}" || character == ")" { depth -= 1 }
      if depth == 0, character.isNumber || (character == "," || character == ".") && !digits.isEmpty {
        digits.append(character)
        continue
      }
      let number = digits.filter(\.isNumber)
      if number.count > 2 || (Int(number) ?? 0) > 12 {
        return String(digits.reversed().drop { !$0.isNumber }.reversed())
      }
      digits = ""
    }
    return nil
  }

  private func lint(_ question: LessonQuestion, _ step: LessonStep) -> [LessonProblem] {
    var problems: [LessonProblem] = []
    if question.hints.isEmpty { problems.append(problem(step, "the question '\(question.id)' has no hint")) }
    switch question.kind {
    case .choice(let options):
      if !options.contains(where: \.isRight) {
        problems.append(problem(step, "no option of '\(question.id)' is right; *a: marks one"))
      }
      for option in options where !option.isRight && option.reply.isEmpty {
        problems.append(
          problem(step, "option \(option.letter) of '\(question.id)' has no reply; TEXT | REPLY gives one"))
      }
    case .number, .goal, .order:
      if question.otherwise.isEmpty {
        problems.append(problem(step, "'\(question.id)' has no else: what is said to a wrong answer"))
      }
    }
    return problems
  }

  // MARK: - Steps

  private func check(_ index: Int, _ report: inout Report) throws(LessonProblem) {
    let step = lesson.steps[index]
    let before = try lesson.stage(at: index, isRevealed: false, file: file)
    let after = try lesson.stage(at: index, isRevealed: true, file: file)
    for expectation in step.expectations {
      report.expectations += 1
      if !expectation.holds(after) {
        let found = Probe.value(expectation.probe, after)?.text ?? "nothing"
        throw problem(step, "expected \(expectation.text), found \(found)", line: expectation.line)
      }
      if expectation.isOnlyAfter, expectation.holds(before) {
        throw problem(step, "\(expectation.text) holds before the reveal already", line: expectation.line)
      }
    }
    for name in step.narration.flatMap(LessonStep.probes) where Probe.value(name, after) == nil {
      throw problem(step, "{\(name)} has no value in this step")
    }
    let lines = max(step.spoken(before, columns: 76).count, step.spoken(after, columns: 76).count)
    if lines > 5 { throw problem(step, "the narration takes \(lines) lines at 80 columns; five are the most") }
    if let question = step.question { try check(question, step, before, after, &report) }
    try checkFrames(index, &report)
  }

  private func check(
    _ question: LessonQuestion, _ step: LessonStep, _ before: LessonStage, _ after: LessonStage, _ report: inout Report
  ) throws(LessonProblem) {
    report.questions += 1
    switch question.kind {
    case .choice(let options):
      for option in options {
        let verdict = question.verdict(String(option.letter), before)
        guard verdict?.isRight == option.isRight, option.isRight || verdict?.reply == option.reply else {
          throw problem(step, "option \(option.letter) is not judged as it is written")
        }
      }
    case .number(let number):
      guard question.verdict(question.rightAnswer(before), before)?.isRight == true else {
        throw problem(
          step, "the right answer \(question.rightAnswer(before)) is judged wrong: the tolerance is too small")
      }
      for likely in number.likely where question.verdict(brief(likely.value), before)?.isRight == true {
        throw problem(step, "the likely wrong answer \(brief(likely.value)) is judged right")
      }
      for likely in number.likely where question.verdict("\(likely.value)", before)?.reply != likely.reply {
        throw problem(step, "the likely wrong answer \(brief(likely.value)) gets another reply")
      }
    case .goal(let goals):
      guard question.verdict("", before)?.isRight == false else {
        throw problem(step, "the goal of '\(question.id)' is reached before anything is done")
      }
      if let missed = goals.first(where: { !$0.holds(after) }) {
        throw problem(step, "the solution does not reach \(missed.text)", line: missed.line)
      }
    case .order(let options, let right):
      let wrong = String(options.map(\.letter).sorted())
      guard question.verdict(right, before)?.isRight == true,
        wrong == right || question.verdict(wrong, before)?.isRight == false
      else { throw problem(step, "the order is not judged as it is written") }
    }
  }

  // MARK: - Walking

  private func state(_ size: Size) -> WorkbenchState {
    var state = WorkbenchState(
      settings: .init(), size: size, themeNames: [], themeName: "")
    state.screen = .learn
    state.learn.lessons = [lesson]
    return state
  }

  /// Forward, back and forward again, and straight to a step: the same stages and frames.
  private func checkWalks(_ report: inout Report) throws(LessonProblem) {
    var state = state(Size(80, 24))
    _ = openLesson(0, &state)
    var frames: [Canvas] = []
    for index in lesson.steps.indices {
      _ = go(to: index, &state)
      frames.append(view(state, looks[0]))
    }
    for index in lesson.steps.indices.reversed() {
      _ = go(to: index, &state)
      guard view(state, looks[0]) == frames[index] else {
        throw problem(lesson.steps[index], "going back shows another picture than going forward")
      }
    }
    // Played by keys: the solution of each question is shown, then one goes on.
    _ = go(to: 0, &state)
    for index in lesson.steps.indices {
      guard let play = state.learn.play, play.step == index, view(state, looks[0]) == frames[index] else {
        throw problem(lesson.steps[index], "playing up to it shows another picture than going to it")
      }
      _ = perform(.lesson(.next), &state)
      if lesson.steps[index].question != nil { _ = perform(.lesson(.next), &state) }
    }
  }

  /// Every step at every size, with and without colours: all words are there.
  private func checkFrames(_ index: Int, _ report: inout Report) throws(LessonProblem) {
    let step = lesson.steps[index]
    for size in [Size(80, 24), Size(120, 36), Size(200, 50)] {
      for look in looks {
        var state = state(size)
        _ = openLesson(0, &state)
        for isRevealed in [false, true] {
          _ = go(to: index, isRevealed: isRevealed, &state)
          let text = view(state, look).text
          report.frames += 1
          guard let stage = state.learn.play?.stage else { continue }
          let wanted = step.spoken(stage, columns: 40).joined(separator: " ").split(separator: " ").suffix(2)
          let shown = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
          let last = look.glyphs == .ascii ? nil : wanted.last
          if let last, !shown.contains(last) {
            throw problem(step, "at \(size.columns)×\(size.rows) the narration is cut off before “\(last)”")
          }
        }
      }
    }
  }

  // MARK: - Faults

  /// The ways of being broken that some expectation notices.
  private func faultsNoticed() throws(LessonProblem) -> [LessonFault] {
    var noticed: [LessonFault] = []
    for fault in LessonFault.allCases {
      var isNoticed = false
      for (index, step) in lesson.steps.enumerated() where !isNoticed && !step.expectations.isEmpty {
        let stage = try lesson.stage(at: index, isRevealed: true, fault: fault, file: file)
        isNoticed = step.expectations.contains { !$0.holds(stage) }
      }
      if isNoticed { noticed.append(fault) }
    }
    return noticed
  }

  // MARK: - Lessons together

  /// Ids that are there twice, needs that are not there or go in a circle.
  public static func relations(_ lessons: [Lesson]) -> [LessonProblem] {
    var problems: [LessonProblem] = []
    var seen: Set<String> = []
    func problem(_ lesson: Lesson, _ sentence: String) -> LessonProblem {
      LessonProblem(file: lesson.id, line: 1, sentence: sentence)
    }
    for lesson in lessons {
      if !seen.insert(lesson.id).inserted { problems.append(problem(lesson, "the id '\(lesson.id)' is there twice")) }
      for need in lesson.needs where !lessons.contains(where: { $0.id == need }) {
        problems.append(problem(lesson, "it needs '\(need)', which is no lesson"))
      }
      if reaches(lesson.id, from: lesson.needs, lessons, []) {
        problems.append(problem(lesson, "its needs lead back to itself"))
      }
    }
    return problems
  }

  private static func reaches(_ id: String, from needs: [String], _ lessons: [Lesson], _ passed: Set<String>) -> Bool {
    needs.contains { need in
      need == id
        || !passed.contains(need)
          && reaches(id, from: lessons.first { $0.id == need }?.needs ?? [], lessons, passed.union([need]))
    }
  }
}
