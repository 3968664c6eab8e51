import Canvas
import FineTuning
import Positions
import Transformer

/// Makes the next state and says what the outside has to do. Does no input or output itself.
public func reduce(_ state: inout WorkbenchState, _ event: Event) -> [Effect] {
  let asked = state.explorer.surveyRequest
  var effects = react(&state, event)
  if effects.contains(where: \.opensRun) { state.training.isOpening = true }
  // Whatever changed the settings: a survey that is not at hand is asked for.
  let request = state.explorer.surveyRequest
  if request != asked, state.explorer.survey?.request != request { effects.append(.survey(request)) }
  return effects
}

private func react(_ state: inout WorkbenchState, _ event: Event) -> [Effect] {
  switch event {
  case .resize(let size): state.size = size
  case .news(let news): return take(news, &state)
  case .survey(let survey): state.explorer.take(survey)
  case .evaluations(let news): state.evaluation.take(news)
  case .runs(let list): state.runs.take(list)
  case .hands(let hands): state.learn.hands = hands
  case .told(let sentence): state.notice = .news(sentence)
  case .failure(let sentence): state.notice = .problem(sentence)
  case .openFailed(let sentence): refuse(sentence, &state)
  case .paste(let text):
    guard case .prompt(var prompt) = state.overlay else { return [] }
    prompt.text += text.filter { !$0.isNewline }
    state.overlay = .prompt(prompt)
  case .key(let key): return press(key, &state)
  case .mouse(let mouse): return point(mouse, &state)
  case .action(let action):
    state.notice = nil
    return perform(action, &state)
  }
  return []
}

private func take(_ news: SessionNews, _ state: inout WorkbenchState) -> [Effect] {
  state.training.take(news)
  if let view = news.attention { state.attention.show(view) }
  showLiveRun(&state)
  if let message = news.message { state.notice = .news(message) }
  if let change = news.changes.last { state.notice = .news("from step \(change.step + 1): \(change.change)") }
  var effects: [Effect] = []
  if let subject = news.subject {
    state.attention.fit(subject.configuration)
    effects.append(contentsOf: observation(state))
    if state.attention.side != .now { effects.append(.send(.compareAttention(true))) }
    if let command = state.training.commandWhenReady { effects.append(.send(command)) }
    state.training.commandWhenReady = nil
  }
  if let saved = news.saved, state.evaluation.awaitsCheckpoint {
    effects.append(contentsOf: measure(saved, &state))
  }
  return effects
}

/// The run asked for cannot be opened, so the one before goes on. A text or a model that cannot be used is taken back;
/// layouts may be looked at that no memory would hold.
private func refuse(_ sentence: String, _ state: inout WorkbenchState) {
  state.notice = .problem(sentence)
  state.training.isOpening = false
  state.training.commandWhenReady = nil
  state.training.refused = state.explorer.settings
  guard let shown = state.training.subject?.settings, !shown.sharesSources(with: state.explorer.settings) else {
    return
  }
  _ = state.explorer.change { settings in
    (settings.model, settings.texts, settings.task) = (shown.model, shown.texts, shown.task)
  }
}

private func press(_ key: KeyPress, _ state: inout WorkbenchState) -> [Effect] {
  if state.overlay != nil { return pressOverlay(key, &state) }
  if state.screen == .learn, let effects = answer(key, &state) { return effects }
  guard let binding = state.keys.binding(for: key, in: state.pane) else { return [] }
  return press(binding, &state)
}

/// Does what a binding does, or says why it cannot be done.
func press(_ binding: KeyBinding, _ state: inout WorkbenchState) -> [Effect] {
  guard binding.works(on: state.screen) else {
    state.notice = .problem("\(binding.title): on \(binding.places)")
    return []
  }
  if let obstacle = binding.obstacle(state) {
    state.notice = .problem(obstacle)
    return []
  }
  return react(&state, .action(binding.action))
}

func perform(_ action: Action, _ state: inout WorkbenchState) -> [Effect] {
  switch action {
  case .show(let screen): return show(screen, &state)
  case .nextPane: state.walkPanes(by: 1)
  case .previousPane: state.walkPanes(by: -1)
  case .resizePane(let step): state.paneSize = neighbour(of: state.paneSize, in: PaneSize.allCases, by: step)
  case .explain: state.overlay = .explanation
  case .describe: state.overlay = .description
  case .help: state.overlay = .help(filter: "", scroll: 0)
  case .prompt: state.overlay = .prompt(Prompt())
  case .chooseTheme: state.overlay = .themes(before: state.themeName)
  case .saveScreen: return [.saveScreen]
  case .quit:
    if state.training.isRunning {
      state.overlay = .confirmQuit
      return []
    }
    state.isQuitting = true
    return [.quit]
  case .lesson(let action): return perform(action, &state)
  case .cancel where state.screen == .learn && state.learn.play != nil: leaveLesson(&state)
  case .cancel:
    if state.paneSize != .normal { state.paneSize = .normal } else { state.explorer.view.hideCursor() }
  case .redraw: return [.repaint]

  case .runOrPause: return state.training.isRunning ? [.send(.pause)] : command(.run, &state)
  case .stepOnce: return command(.step(1), &state)
  case .stepBack: return scrub(to: state.training.position - 1, &state)
  case .scrub(let count):
    return scrub(to: state.training.position + count * max(1, state.training.tip / 50), &state)
  case .scrubTo(let step): return scrub(to: step, &state)
  case .scrubToTip: return scrub(to: state.training.tip, &state)
  case .newRun:
    state.training.refused = nil
    return [.open(state.explorer.settings)]
  case .saveCheckpoint: return [.send(.save)]
  case .smooth(let change):
    let last = TrainingState.smoothings.count - 1
    state.training.smoothing = min(max(state.training.smoothing + change, 0), last)
  case .toggleLogarithmicLoss: state.training.hasLogarithmicLoss.toggle()
  case .zoomIn where state.screen == .train: state.training.zoom(by: 0.5)
  case .zoomOut where state.screen == .train: state.training.zoom(by: 2)
  case .zoomAll where state.screen == .train: state.training.showAllSteps()

  case .changeLayer(let change):
    return look(&state) { address, shape in
      address.layer = wrapped(address.layer + change, shape.layerCount)
    }
  case .changeHead(let change):
    return look(&state) { address, shape in
      address.head = wrapped(address.head + change, shape.headCount)
    }
  case .moveCursor(let rows, let columns): state.attention.moveCursor(rows: rows, columns: columns)
  case .toggleAxis: state.attention.showsPositions.toggle()
  case .nextScale:
    state.attention.scale = neighbour(of: state.attention.scale, in: AttentionState.Scale.allCases, by: 1)
  case .toggleSink: state.attention.hidesSink.toggle()
  case .seekFarHead:
    guard let farthest = state.attention.view?.heads.max(by: { $0.far < $1.far }) else { return [] }
    return look(&state) { address, _ in address = farthest.address }
  case .seekFarCell: state.attention.seekFarCell()
  case .lookAtHead(let head): return look(&state) { address, _ in address = head }
  case .nextSide:
    state.attention.side = neighbour(of: state.attention.side, in: AttentionState.Side.allCases, by: 1)
    return [.send(.compareAttention(state.attention.side != .now))]
  default: return compare(action, &state) ?? explore(action, &state)
  }
  return []
}

// MARK: - Parts of actions

func show(_ screen: Screen, _ state: inout WorkbenchState) -> [Effect] {
  if state.screen != screen { state.paneSize = .normal }
  state.screen = screen
  state.overlay = nil
  let opening = [.train, .attention].contains(screen) ? openIfStale(&state) : []
  return opening + observation(state) + comparison(screen, &state)
}

/// Attention is only computed while it can be seen.
func observation(_ state: WorkbenchState) -> [Effect] {
  [.send(.observe([.attention, .learn].contains(state.screen) ? state.attention.address : nil))]
}

/// Lets a run that has not begun take on the settings shown, unless they were refused already.
private func openIfStale(_ state: inout WorkbenchState) -> [Effect] {
  let settings = state.explorer.settings
  guard state.training.steps.isEmpty, !state.training.isRunning, let subject = state.training.subject,
    subject.settings != settings, state.training.refused != settings
  else { return [] }
  return [.open(settings)]
}

/// Looks at a step that was taken: the curve's cursor moves at once, the run follows with layouts and attention, and the
/// explorer shows the step's first example where it shows the run's own settings.
func scrub(to step: Int, _ state: inout WorkbenchState) -> [Effect] {
  if step > state.training.tip { state.notice = .news("step \(state.training.tip) is the newest") }
  let step = min(max(step, 0), state.training.tip)
  guard step != state.training.position else { return [] }
  state.training.look(at: step)
  state.training.goingTo = step
  if let settings = state.training.subject?.settings, settings == state.explorer.settings {
    state.explorer.show(example: max(0, step - 1) * settings.batch)
  }
  return [.send(.go(to: step))]
}

/// Sends a command to the run; one that first has to take on the settings shown gets it when it is ready.
private func command(_ command: TrainingSession.Command, _ state: inout WorkbenchState) -> [Effect] {
  let opening = state.training.isOpening ? [] : openIfStale(&state)
  guard state.training.isOpening || !opening.isEmpty else { return [.send(command)] }
  state.training.commandWhenReady = command
  return opening
}

/// Changes the settings shown. A run that has not begun takes them on once it is looked at or started; a new text or model is
/// opened at once, so that a mistake shows; a run that has begun keeps its own until a new one is started.
func edit(_ state: inout WorkbenchState, _ change: (inout RunSettings) -> Void) -> [Effect] {
  let before = state.explorer.settings
  if let problem = state.explorer.change(change) {
    state.notice = .problem(problem)
    return []
  }
  return apply(&state, before)
}

/// Lets the run take on changed settings, if it has not begun.
func apply(_ state: inout WorkbenchState, _ before: RunSettings) -> [Effect] {
  guard state.explorer.settings != before else { return [] }
  guard state.training.steps.isEmpty, !state.training.isRunning else { return steer(&state, before) }
  let isUrgent = state.screen != .positions || !before.sharesSources(with: state.explorer.settings)
  return isUrgent ? [.open(state.explorer.settings)] : []
}

/// On the screen of the run a change is taken on by the run itself, as far as it can be; elsewhere one only looks.
private func steer(_ state: inout WorkbenchState, _ before: RunSettings) -> [Effect] {
  let wanted = state.explorer.settings
  guard state.screen == .train, let running = state.training.subject?.settings else {
    state.notice = .news("shown here; the run keeps its settings until r starts over")
    return []
  }
  let next = running.steered(from: before, to: wanted)
  if before.steered(like: wanted) != wanted {
    state.notice = .news("the model, the text, L, steps and batch wait until r starts over")
  }
  return next == running ? [] : [.send(.change(next))]
}

private func look(
  _ state: inout WorkbenchState, _ change: (inout Inference.HeadAddress, TransformerConfiguration) -> Void
) -> [Effect] {
  guard let shape = state.training.subject?.configuration else { return [] }
  change(&state.attention.address, shape)
  return observation(state)
}

func neighbour<Element: Equatable>(of element: Element, in list: [Element], by step: Int) -> Element {
  guard let index = list.firstIndex(of: element) else { return list.first ?? element }
  return list[wrapped(index + step, list.count)]
}

private func wrapped(_ index: Int, _ count: Int) -> Int {
  count > 0 ? (index % count + count) % count : 0
}

extension RunSettings {
  /// Whether model and text are the same.
  fileprivate func sharesSources(with other: RunSettings) -> Bool {
    model == other.model && texts == other.texts && task == other.task
  }
}
