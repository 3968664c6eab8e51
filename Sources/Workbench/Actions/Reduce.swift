import Canvas
import FineTuning
import Positions
import Transformer

/// Makes the next state and says what the outside has to do. Does no input or output itself.
public func reduce(_ state: inout WorkbenchState, _ event: Event) -> [Effect] {
  switch event {
  case .resize(let size):
    state.size = size
    return []
  case .news(let news): return take(news, &state)
  case .failure(let sentence):
    state.notice = .problem(sentence)
    return []
  case .openFailed(let sentence):
    // What was shown before still runs; the settings go back to it.
    if let settings = state.training.subject?.settings { _ = state.explorer.change { $0 = settings } }
    state.notice = .problem(sentence)
    return []
  case .paste(let text):
    guard case .prompt(var prompt) = state.overlay else { return [] }
    prompt.text += text.filter { !$0.isNewline }
    state.overlay = .prompt(prompt)
    return []
  case .key(let key): return press(key, &state)
  case .action(let action):
    state.notice = nil
    return perform(action, &state)
  }
}

private func take(_ news: SessionNews, _ state: inout WorkbenchState) -> [Effect] {
  state.training.take(news)
  if let view = news.attention { state.attention.show(view) }
  if let message = news.message { state.notice = .news(message) }
  var effects: [Effect] = []
  if let subject = news.subject {
    state.attention.fit(subject.configuration)
    effects.append(contentsOf: observation(state))
  }
  return effects
}

private func press(_ key: KeyPress, _ state: inout WorkbenchState) -> [Effect] {
  if state.overlay != nil { return pressOverlay(key, &state) }
  guard let binding = KeyTable.binding(for: key, on: state.screen) else { return [] }
  if let obstacle = binding.obstacle(state) {
    state.notice = .problem(obstacle)
    return []
  }
  return reduce(&state, .action(binding.action))
}

private func perform(_ action: Action, _ state: inout WorkbenchState) -> [Effect] {
  switch action {
  case .show(let screen): return show(screen, &state)
  case .nextScreen: return show(neighbour(of: state.screen, in: Screen.allCases, by: 1), &state)
  case .previousScreen: return show(neighbour(of: state.screen, in: Screen.allCases, by: -1), &state)
  case .help: state.overlay = .help(filter: "", scroll: 0)
  case .prompt: state.overlay = .prompt(Prompt())
  case .nextTheme:
    state.themeName = neighbour(of: state.themeName, in: state.themeNames, by: 1)
    state.notice = .news("theme \(state.themeName)")
    return [.useTheme(state.themeName)]
  case .quit:
    if state.training.isRunning {
      state.overlay = .confirmQuit
      return []
    }
    state.isQuitting = true
    return [.quit]
  case .cancel: state.overlay = nil
  case .redraw: return [.repaint]

  case .nextLayout: state.explorer.advance(by: 1)
  case .drawLayouts(let count):
    for _ in 0..<count { state.explorer.advance(by: 1) }
  case .previousLayout: state.explorer.advance(by: -1)
  case .selectHandle(let steps): state.explorer.selectHandle(by: steps)
  case .moveHandle(let steps):
    if let obstacle = state.explorer.moveHandle(by: steps) { state.notice = .problem(obstacle) }
  case .undo: return travel(&state, "nothing to undo") { $0.undo() }
  case .redo: return travel(&state, "nothing to redo") { $0.redo() }
  case .changeChunks(let count): return edit(&state) { $0.chunks += count }
  case .nextSampler:
    return edit(&state) { $0.method = neighbour(of: $0.method, in: SamplerRegistry.names, by: 1) }
  case .nextContent:
    return edit(&state) {
      $0.content = neighbour(of: $0.content, in: ContentRule.allCases.map(\.rawValue), by: 1)
    }
  case .nextScaling:
    return edit(&state) { $0.scaling = neighbour(of: $0.scaling, in: ScalingRegistry.names, by: 1) }
  case .doubleTarget: return edit(&state) { $0.target = min($0.target * 2, 1 << 20) }
  case .halveTarget: return edit(&state) { $0.target = max($0.target / 2, $0.window) }

  case .runOrPause: return [.send(state.training.isRunning ? .pause : .run)]
  case .stepOnce: return [.send(.step(1))]
  case .newRun: return [.open(state.explorer.settings)]
  case .saveCheckpoint: return [.send(.save)]
  case .smooth(let change):
    let last = TrainingState.smoothings.count - 1
    state.training.smoothing = min(max(state.training.smoothing + change, 0), last)
  case .toggleLogarithmicLoss: state.training.hasLogarithmicLoss.toggle()

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
  }
  return []
}

// MARK: - Parts of actions

private func show(_ screen: Screen, _ state: inout WorkbenchState) -> [Effect] {
  state.screen = screen
  state.overlay = nil
  return observation(state)
}

/// Attention is only computed while it can be seen.
private func observation(_ state: WorkbenchState) -> [Effect] {
  [.send(.observe(state.screen == .attention ? state.attention.address : nil))]
}

/// Changes the settings shown. While no step is taken the run takes them on at once; later they wait for a new run.
func edit(_ state: inout WorkbenchState, _ change: (inout RunSettings) -> Void) -> [Effect] {
  let before = state.explorer.settings
  if let problem = state.explorer.change(change) {
    state.notice = .problem(problem)
    return []
  }
  return apply(&state, before)
}

/// Goes back or forth in what was changed.
private func travel(
  _ state: inout WorkbenchState, _ obstacle: String, _ move: (inout ExplorerState) -> Bool
) -> [Effect] {
  let before = state.explorer.settings
  guard move(&state.explorer) else {
    state.notice = .problem(obstacle)
    return []
  }
  return apply(&state, before)
}

/// Lets the run take on changed settings, if it has not begun.
private func apply(_ state: inout WorkbenchState, _ before: RunSettings) -> [Effect] {
  guard state.explorer.settings != before else { return [] }
  guard state.training.steps.isEmpty, !state.training.isRunning else {
    state.notice = .news("shown here; the run keeps its settings until r starts over")
    return []
  }
  return [.open(state.explorer.settings)]
}

private func look(
  _ state: inout WorkbenchState, _ change: (inout Inference.HeadAddress, TransformerConfiguration) -> Void
) -> [Effect] {
  guard let shape = state.training.subject?.configuration else { return [] }
  change(&state.attention.address, shape)
  return observation(state)
}

private func neighbour<Element: Equatable>(of element: Element, in list: [Element], by step: Int) -> Element {
  guard let index = list.firstIndex(of: element) else { return list.first ?? element }
  return list[wrapped(index + step, list.count)]
}

private func wrapped(_ index: Int, _ count: Int) -> Int {
  count > 0 ? (index % count + count) % count : 0
}
