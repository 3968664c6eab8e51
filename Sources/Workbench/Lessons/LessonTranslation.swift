extension LessonCheck {
  /// What a translation has otherwise than its original beside the words: a translator touches prose only, so the fences do,
  /// ask and expect the same things.
  public static func differences(of translation: Lesson, named file: String, from original: Lesson) -> [LessonProblem] {
    func problem(_ line: Int, _ sentence: String) -> LessonProblem {
      LessonProblem(file: file, line: line, sentence: sentence)
    }
    guard translation.id == original.id else {
      return [problem(1, "lesson is '\(translation.id)'; a translation of '\(original.id)' keeps its name")]
    }
    guard translation.steps.count == original.steps.count else {
      return [problem(1, "it has \(translation.steps.count) steps, the original \(original.steps.count)")]
    }
    var problems: [LessonProblem] = []
    let settings = [translation, original].map {
      [$0.needs.joined(separator: ","), "\($0.minutes)", "\($0.seed)", "\($0.budget)", "\($0.keepsSolutions)"]
    }
    if settings[0] != settings[1] { problems.append(problem(1, "the front matter differs in more than its title")) }
    for (step, other) in zip(translation.steps, original.steps) where step.withoutWords != other.withoutWords {
      problems.append(problem(step.line, "the step does, asks or expects something else than '\(other.title)'"))
    }
    return problems
  }
}

extension LessonStep {
  /// All but what a translator writes.
  fileprivate var withoutWords: LessonStep {
    var step = self
    (step.title, step.narration, step.notes, step.plain, step.line) = ("", [], [], nil, 0)
    step.expectations = expectations.map(\.withoutLine)
    step.question = question?.withoutWords
    step.setup = setup.map(\.withoutLabel)
    step.reveal = reveal.map(\.withoutLabel)
    return step
  }
}

extension StageCommand {
  fileprivate var withoutLabel: StageCommand {
    if case .mark(let range, _) = self { return .mark(range, label: "") }
    return self
  }
}

extension Expectation {
  fileprivate var withoutLine: Expectation {
    var expectation = self
    expectation.line = 0
    return expectation
  }
}

extension LessonQuestion {
  fileprivate var withoutWords: LessonQuestion {
    var question = self
    question.hints = hints.map { _ in "" }
    question.otherwise = ""
    func silent(_ options: [Option]) -> [Option] {
      options.map { Option(letter: $0.letter, text: "", isRight: $0.isRight, reply: $0.reply.isEmpty ? "" : "…") }
    }
    switch kind {
    case .choice(let options): question.kind = .choice(silent(options))
    case .order(let options, let right): question.kind = .order(silent(options), right: right)
    case .goal(let goals): question.kind = .goal(goals.map(\.withoutLine))
    case .number(var number):
      number.unit = ""
      number.likely = number.likely.map { .init(value: $0.value, reply: "") }
      question.kind = .number(number)
    }
    return question
  }
}
