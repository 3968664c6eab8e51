import FineTuning

/// Keys while something lies over the screen.
func pressOverlay(_ key: KeyPress, _ state: inout WorkbenchState) -> [Effect] {
  switch state.overlay {
  case .help(let filter, let scroll): pressHelp(key, filter, scroll, &state)
  case .prompt(let prompt): return pressPrompt(key, prompt, &state)
  case .explanation: pressExplanation(key, &state)
  case .confirmQuit: return pressConfirmQuit(key, &state)
  case .confirmDelete(let path): return pressConfirmDelete(key, path, &state)
  case nil: break
  }
  return []
}

/// Tab goes on to the next pane, explained; anything else closes.
private func pressExplanation(_ key: KeyPress, _ state: inout WorkbenchState) {
  if key.key == .tab {
    state.walkPanes(by: key.modifiers.contains(.shift) ? -1 : 1)
  } else {
    state.overlay = nil
  }
}

private func pressHelp(_ key: KeyPress, _ filter: String, _ scroll: Int, _ state: inout WorkbenchState) {
  switch key.key {
  case .escape, .enter, .function: state.overlay = nil
  case .character("?") where filter.isEmpty, .character("q") where filter.isEmpty: state.overlay = nil
  case .down: state.overlay = .help(filter: filter, scroll: scroll + 1)
  case .up: state.overlay = .help(filter: filter, scroll: max(0, scroll - 1))
  case .pageDown: state.overlay = .help(filter: filter, scroll: scroll + 10)
  case .pageUp: state.overlay = .help(filter: filter, scroll: max(0, scroll - 10))
  case .backspace: state.overlay = .help(filter: String(filter.dropLast()), scroll: 0)
  case .character(let character) where key.modifiers.isEmpty:
    state.overlay = .help(filter: filter + String(character), scroll: 0)
  default: break
  }
}

private func pressPrompt(_ key: KeyPress, _ prompt: Prompt, _ state: inout WorkbenchState) -> [Effect] {
  var prompt = prompt
  switch key.key {
  case .escape:
    state.overlay = nil
    return []
  case .enter: return carryOut(prompt, &state)
  case .backspace where prompt.text.isEmpty:
    state.overlay = nil
    return []
  case .backspace: prompt.text.removeLast()
  case .tab:
    if let match = prompt.matches.first, !prompt.text.contains(" ") { prompt.text = match.name + " " }
  case .character("u") where key.modifiers == .control: prompt.text = ""
  case .character(let character) where key.modifiers.isEmpty: prompt.text.append(character)
  default: break
  }
  state.overlay = .prompt(prompt)
  return []
}

private func carryOut(_ prompt: Prompt, _ state: inout WorkbenchState) -> [Effect] {
  state.overlay = nil
  state.notice = nil
  guard !prompt.text.isEmpty else { return [] }
  do throws(Prompt.Refusal) {
    let settings = try prompt.applied(to: state.explorer.settings)
    return edit(&state) { $0 = settings }
  } catch {
    state.notice = .problem(error.sentence)
    return []
  }
}

private func pressConfirmDelete(_ key: KeyPress, _ path: String, _ state: inout WorkbenchState) -> [Effect] {
  state.overlay = nil
  return key.key == .character("y") ? [.deleteRun(path), .listRuns] : []
}

private func pressConfirmQuit(_ key: KeyPress, _ state: inout WorkbenchState) -> [Effect] {
  switch key.key {
  case .character("y"), .character("q"), .enter:
    state.isQuitting = true
    return [.quit]
  case .character("n"), .escape: state.overlay = nil
  default: break
  }
  return []
}
