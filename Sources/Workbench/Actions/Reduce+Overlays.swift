import FineTuning

/// Keys while something lies over the screen.
func pressOverlay(_ key: KeyPress, _ state: inout WorkbenchState) -> [Effect] {
  switch state.overlay {
  case .help(let filter, let scroll): pressHelp(key, filter, scroll, &state)
  case .prompt(let prompt): return pressPrompt(key, prompt, &state)
  case .themes(let before): return pressThemes(key, before, &state)
  case .explanation, .description: pressExplanation(key, &state)
  case .confirmQuit: return pressConfirmQuit(key, &state)
  case .confirmDelete(let path): return pressConfirmDelete(key, path, &state)
  case nil: break
  }
  return []
}

/// Tab goes on to the next pane, explained or described; anything else closes.
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
  case .backspace:
    prompt.text.removeLast()
    prompt.selected = 0
  case .tab: complete(&prompt, state)
  case .down: prompt.selected += 1
  case .up: prompt.selected -= 1
  case .character("u") where key.modifiers == .control:
    prompt.text = ""
    prompt.selected = 0
  case .character(let character) where key.modifiers.isEmpty:
    prompt.text.append(character)
    prompt.selected = 0
  default: break
  }
  let found = Palette(prompt, state.keys, in: state.pane).entries.count
  prompt.selected = min(max(prompt.selected, 0), max(found - 1, 0))
  state.overlay = .prompt(prompt)
  return []
}

/// Writes the selected command out, so that its argument can follow.
private func complete(_ prompt: inout Prompt, _ state: WorkbenchState) {
  let entries = Palette(prompt, state.keys, in: state.pane).entries
  guard !prompt.hasArgument, entries.indices.contains(prompt.selected),
    case .command(let command) = entries[prompt.selected]
  else { return }
  prompt.text = command.name + " "
  prompt.selected = 0
}

private func carryOut(_ prompt: Prompt, _ state: inout WorkbenchState) -> [Effect] {
  state.overlay = nil
  state.notice = nil
  guard !prompt.text.isEmpty || prompt.selected > 0 else { return [] }
  do throws(Prompt.Refusal) {
    if let effects = try jump(prompt, &state) { return effects }
    if let settings = try prompt.applied(to: state.explorer.settings) { return edit(&state) { $0 = settings } }
  } catch {
    state.notice = .problem(error.sentence)
    return []
  }
  let entries = Palette(prompt, state.keys, in: state.pane).entries
  guard entries.indices.contains(prompt.selected) else {
    state.notice = .problem("nothing is called '\(prompt.text)'; : alone lists everything")
    return []
  }
  switch entries[prompt.selected] {
  case .command(let command):
    var next = Prompt()
    next.text = command.name + " "
    state.overlay = .prompt(next)
    return []
  case .binding(let binding): return press(binding, &state)
  }
}

/// `go N`: to a step, a distance, a query or a run, whatever the screen has.
private func jump(_ prompt: Prompt, _ state: inout WorkbenchState) throws(Prompt.Refusal) -> [Effect]? {
  let words = prompt.text.split(separator: " ")
  guard words.first == "go", words.count == 2 else { return nil }
  guard let number = Int(words[1]), number >= 0 else {
    throw Prompt.Refusal(sentence: "go is '\(words[1])'; it must be a whole number, 0 or more")
  }
  switch state.screen {
  case .positions:
    state.explorer.view.place(cursor: number, target: state.explorer.settings.target)
    state.focus[.positions] = .distances
  case .train, .evaluate: return scrub(to: number, &state)
  case .attention: state.attention.place(query: number)
  case .runs: state.runs.select(by: number - 1 - state.runs.selected)
  case .learn: return state.learn.play == nil ? openLesson(number - 1, &state) : go(to: number - 1, &state)
  }
  return []
}

/// Arrows show a theme, Enter keeps it, Esc goes back to the one before.
private func pressThemes(_ key: KeyPress, _ before: String, _ state: inout WorkbenchState) -> [Effect] {
  func use(_ name: String) -> [Effect] {
    state.themeName = name
    return [.useTheme(name)]
  }
  switch key.key {
  case .down, .character("j"), .character("T"): return use(neighbour(of: state.themeName, in: state.themeNames, by: 1))
  case .up, .character("k"): return use(neighbour(of: state.themeName, in: state.themeNames, by: -1))
  case .enter, .character("q"):
    state.overlay = nil
    state.notice = .news("theme \(state.themeName)")
  case .escape:
    state.overlay = nil
    return use(before)
  default: break
  }
  return []
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
