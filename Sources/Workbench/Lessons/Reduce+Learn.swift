import Canvas
import FineTuning

/// What keys do on the Learn screen beside answering.
public enum LessonAction: Equatable, Sendable {
  /// Gives the answer, or goes on once it is given; opens the lesson that is selected.
  case proceed
  case back, next
  case hint, describe
  /// Shows the recorded run of a live step.
  case playRecorded
  case select(by: Int)
}

func perform(_ action: LessonAction, _ state: inout WorkbenchState) -> [Effect] {
  guard let play = state.learn.play, let step = state.learn.step else {
    switch action {
    case .select(let change):
      state.learn.selected = min(max(state.learn.selected + change, 0), max(state.learn.lessons.count - 1, 0))
    case .proceed: return openLesson(state.learn.selected, &state)
    default: break
    }
    return []
  }
  switch action {
  case .proceed:
    guard !play.isFree else {
      state.learn.play?.isFree = false
      return []
    }
    return proceed(&state)
  case .back: return go(to: play.step - 1, &state)
  case .next: return skip(&state)
  case .hint: return hint(&state)
  case .describe: state.learn.play?.isDescribed.toggle()
  case .playRecorded: return playRecorded(step, &state)
  case .select: break
  }
  return []
}

/// Keys that answer a question or turn a knob, before the key table sees them; nil where the table shall have the key.
func answer(_ key: KeyPress, _ state: inout WorkbenchState) -> [Effect]? {
  guard var play = state.learn.play, let lesson = state.learn.lesson, let step = state.learn.step else { return nil }
  if turnKnob(key, &state) { return [] }
  guard !play.isFree, play.waits(step) || step.kind == .write else { return nil }
  if case .goal = step.question?.kind, case .character(let character) = key.key, character.isNumber {
    state.notice = .problem("the knobs answer this; Esc first for the other screens")
    return []
  }
  switch key.key {
  case .character(let character) where key.modifiers.isEmpty:
    guard take(character, step, &play) else { return nil }
  case .backspace:
    guard !play.answer.isEmpty else { return nil }
    play.answer.removeLast()
  default: return nil
  }
  state.learn.play = play
  if step.kind == .write {
    state.learn.progress[lesson].sentence = play.answer
    return [.keepProgress]
  }
  return []
}

/// Esc: from the question to the workbench's keys, and from there out of the lesson.
func leaveLesson(_ state: inout WorkbenchState) {
  guard let play = state.learn.play else { return }
  if play.isDescribed {
    state.learn.play?.isDescribed = false
  } else if play.waits(state.learn.step), !play.isFree {
    state.learn.play?.isFree = true
    state.notice = .news("free: keys go to the workbench; Enter comes back, Esc leaves the lesson")
  } else {
    state.learn.play = nil
  }
}

/// Opens a lesson where one left off; a finished one from its beginning.
func openLesson(_ index: Int, _ state: inout WorkbenchState) -> [Effect] {
  guard let lesson = state.learn.lessons[checked: index] else { return [] }
  state.learn.selected = index
  state.learn.live = nil
  let entry = state.learn.progress[lesson]
  // Another text may have other steps: one begins again.
  let isKnown = entry.fingerprint == lesson.fingerprint
  let step = entry.isFinished || !isKnown ? 0 : min(entry.step, lesson.steps.count - 1)
  state.learn.play = LessonPlay(lesson: index, step: step, stage: LessonStage(seed: lesson.seed))
  return go(to: step, &state)
}

/// Goes to a step: its stage is worked out anew from all that came before.
func go(to index: Int, isRevealed: Bool = false, _ state: inout WorkbenchState) -> [Effect] {
  guard let place = state.learn.play?.lesson, let lesson = state.learn.lesson, lesson.steps.indices.contains(index)
  else {
    return []
  }
  guard var stage = try? lesson.stage(at: index, isRevealed: isRevealed) else { return [] }
  if let live = state.learn.live, stage.run != nil || stage.training != nil { stage.run = live }
  var play = LessonPlay(lesson: place, step: index, stage: stage)
  play.isRevealed = isRevealed || lesson.steps[index].question == nil
  if lesson.steps[index].kind == .write { play.answer = state.learn.progress[lesson].sentence }
  state.learn.play = play
  state.learn.hands = [:]
  state.notice = nil
  state.learn.progress[lesson].step = index
  state.learn.progress[lesson].fingerprint = lesson.fingerprint
  if index == lesson.steps.count - 1 { state.learn.progress[lesson].isFinished = true }
  return [.keepProgress] + prepare(stage, lesson.steps[index], &state)
}

/// A live step's run is opened, so that Space can start it.
private func prepare(_ stage: LessonStage, _ step: LessonStep, _ state: inout WorkbenchState) -> [Effect] {
  guard step.kind == .live, let settings = stage.training else { return [] }
  guard state.explorer.settings != settings || state.training.subject?.settings != settings else { return [] }
  _ = state.explorer.change { $0 = settings }
  return [.open(settings)]
}

/// Enter: gives the answer, or goes on once it is given.
private func proceed(_ state: inout WorkbenchState) -> [Effect] {
  guard let play = state.learn.play, let lesson = state.learn.lesson, let step = state.learn.step else { return [] }
  guard let question = step.question, !play.isRevealed else {
    if step.kind == .live, state.training.isRunning {
      state.notice = .problem("training goes on, at step \(state.training.tip); wait for its end, or . leaves it")
      return []
    }
    return proceedToNext(play, lesson, &state)
  }
  guard let verdict = question.verdict(play.answer, play.stage) else {
    state.notice = .problem(question.prompt)
    return []
  }
  note(verdict, question, play, &state)
  state.learn.play?.verdict = verdict
  if verdict.isRight { reveal(step, lesson, isRight: true, &state) }
  return [.keepProgress]
}

/// The next step; after the last one the list, with the lesson that comes next.
private func proceedToNext(_ play: LessonPlay, _ lesson: Lesson, _ state: inout WorkbenchState) -> [Effect] {
  if play.step + 1 < lesson.steps.count { return go(to: play.step + 1, &state) }
  state.learn.play = nil
  state.learn.selected = min(play.lesson + 1, state.learn.lessons.count - 1)
  return [.keepProgress]
}

private func note(
  _ verdict: Verdict, _ question: LessonQuestion, _ play: LessonPlay, _ state: inout WorkbenchState
) {
  guard let lesson = state.learn.lesson else { return }
  var answer = state.learn.progress[lesson].answers[question.id] ?? LessonProgress.Answer()
  answer.attempts += 1
  if answer.attempts == 1 { answer.sureness = play.sureness }
  answer.hints = max(answer.hints, play.hints)
  answer.isRight = answer.isRight || verdict.isRight
  state.learn.progress[lesson].answers[question.id] = answer
}

/// Shows what the step was about; what the knobs reached stays, where it reached the goal.
private func reveal(_ step: LessonStep, _ lesson: Lesson, isRight: Bool, _ state: inout WorkbenchState) {
  guard var play = state.learn.play else { return }
  let solution = isRight ? [] : step.question?.solution ?? []
  for command in solution + step.reveal { try? play.stage.perform(command, runs: lesson.runs) }
  play.isRevealed = true
  state.learn.play = play
}

/// `.`: on to the next step; at a question its solution is shown first, and noted as skipped.
private func skip(_ state: inout WorkbenchState) -> [Effect] {
  guard let play = state.learn.play, let lesson = state.learn.lesson, let step = state.learn.step else { return [] }
  guard let question = step.question, !play.isRevealed else { return proceedToNext(play, lesson, &state) }
  guard !lesson.keepsSolutions else {
    state.notice = .problem("this lesson keeps its solutions: answer first, ! gives hints")
    return []
  }
  var answer = state.learn.progress[lesson].answers[question.id] ?? LessonProgress.Answer()
  answer.isSkipped = !answer.isRight
  state.learn.progress[lesson].answers[question.id] = answer
  reveal(step, lesson, isRight: false, &state)
  let right = question.rightAnswer(play.stage)
  state.learn.play?.answer = right
  state.learn.play?.verdict = Verdict(
    isRight: false, reply: right.isEmpty ? "This reaches it." : "The answer is \(question.told(right)).", isShown: true)
  return [.keepProgress]
}

private func hint(_ state: inout WorkbenchState) -> [Effect] {
  guard let question = state.learn.step?.question, let play = state.learn.play, !play.isRevealed else { return [] }
  guard play.hints < question.hints.count else {
    let keeps = state.learn.lesson?.keepsSolutions == true
    state.notice = .problem("there is no further hint\(keeps ? "" : "; . shows the solution")")
    return []
  }
  state.learn.play?.hints += 1
  return []
}

private func playRecorded(_ step: LessonStep, _ state: inout WorkbenchState) -> [Effect] {
  guard let name = step.fallback, let run = state.learn.lesson?.runs[name] else { return [] }
  state.learn.live = nil
  state.learn.play?.stage.run = run
  return []
}

/// Picks or types; returns whether the key was an answer's.
private func take(_ character: Character, _ step: LessonStep, _ play: inout LessonPlay) -> Bool {
  if step.kind == .write {
    if play.answer.count < 200 { play.answer.append(character) }
    return true
  }
  switch step.question?.kind {
  case .choice(let options):
    if let sureness = character.wholeNumberValue, (1...3).contains(sureness) {
      play.sureness = sureness
      return true
    }
    guard options.contains(where: { $0.letter == character }) else { return false }
    play.answer = String(character)
    play.verdict = nil
    return true
  case .number:
    if play.verdict != nil { play.answer = "" }
    // A point belongs to the number once it has begun; before that it goes on to the next step.
    let isPoint = character == "." && !play.answer.isEmpty && !play.answer.contains(".")
    guard character.isASCII, character.isNumber || isPoint || character == "-" && play.answer.isEmpty,
      play.answer.count < 12
    else { return false }
    play.verdict = nil
    play.answer.append(character)
    return true
  case .order(let options, _):
    guard options.contains(where: { $0.letter == character }) else { return false }
    play.verdict = nil
    if play.answer.count == options.count { play.answer = "" }
    if !play.answer.contains(character) { play.answer.append(character) }
    return true
  case .goal, nil: return false
  }
}

/// Arrows turn the knob in focus, Tab goes to the next; returns whether the key was one of these.
private func turnKnob(_ key: KeyPress, _ state: inout WorkbenchState) -> Bool {
  guard var play = state.learn.play, !play.stage.knobs.isEmpty else { return false }
  let isFar = key.modifiers.contains(.shift)
  if play.stage.moveCell(key.key, by: isFar ? 8 : 1) {
    state.learn.play = play
    return true
  }
  switch key.key {
  case .tab:
    let count = play.stage.knobs.count
    play.stage.knob = (play.stage.knob + (isFar ? count - 1 : 1)) % count
  case .left: play.stage.turn(by: isFar ? -16 : -1)
  case .right: play.stage.turn(by: isFar ? 16 : 1)
  case .down: play.stage.turn(by: -64)
  case .up: play.stage.turn(by: 64)
  default: return false
  }
  play.verdict = play.isRevealed ? play.verdict : nil
  state.learn.play = play
  return true
}

/// What a live step shows of the run that goes on.
func showLiveRun(_ state: inout WorkbenchState) {
  guard state.learn.step?.kind == .live, let settings = state.learn.play?.stage.training,
    let subject = state.training.subject, settings.model == subject.settings.model,
    !state.training.steps.isEmpty
  else { return }
  state.learn.live = LessonRun(
    steps: state.training.steps, evaluations: state.training.evaluations, attention: state.attention.view,
    isRecorded: false)
  state.learn.play?.stage.run = state.learn.live
}

extension LessonQuestion {
  /// What is waited for.
  var prompt: String {
    switch kind {
    case .choice(let options): "pick \(options.map { String($0.letter) }.joined(separator: ", ")), then Enter"
    case .number: "type a number, then Enter"
    case .goal: "turn the knobs with the arrows, then Enter"
    case .order(let options, _): "type \(options.count) letters in their order, then Enter"
    }
  }
}
