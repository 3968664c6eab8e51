import Canvas

/// What the mouse does: it presses what is named on the first and the last line, chooses a pane or a row, and takes hold of
/// borders, skips, and the cursors of distances and steps. The right button only looks.
func point(_ mouse: MouseEvent, _ state: inout WorkbenchState) -> [Effect] {
  switch mouse.action {
  case .press(.left): return press(at: mouse.at, &state)
  case .drag(.left): return drag(to: mouse.at, &state)
  case .release(.left):
    state.heldPane = nil
    guard state.explorer.drag != nil else { return [] }
    state.explorer.drag = nil
    return keepScript(&state)
  case .press(.right), .drag(.right): inspect(at: mouse.at, &state)
  case .wheelUp: return turn(at: mouse.at, up: true, &state)
  case .wheelDown: return turn(at: mouse.at, up: false, &state)
  default: break
  }
  return []
}

private func press(at point: Point, _ state: inout WorkbenchState) -> [Effect] {
  if let screen = headerScreen(at: point, state) { return perform(.show(screen), &state) }
  if let key = hint(at: point, state) { return reduce(&state, .key(key)) }
  // A click beside what lies over the screen closes it, as it would anywhere else.
  if state.overlay != nil {
    if state.overlay?.asks != true { state.overlay = nil }
    return []
  }
  state.notice = nil
  if let pane = tab(at: point, state) { state.focus[state.screen] = pane }
  guard let pane = state.arrangement.pane(at: point), let rect = state.arrangement.rect(of: pane) else { return [] }
  state.focus[state.screen] = pane
  state.heldPane = pane
  switch pane {
  case .layout: hold(at: point, rect, &state)
  case .distances: read(at: point.column, rect, &state)
  case .loss: return scrub(at: point.column, rect, &state)
  case .heads:
    guard let head = HeadsPane(state: state, look: .measuring).head(at: point, in: rect) else { return [] }
    return perform(.lookAtHead(head), &state)
  case .map: lookAtCell(point, rect, &state)
  case .list:
    guard let run = RunsScreen(state: state, look: .measuring).run(at: point, in: rect) else { return [] }
    state.runs.selected = run
  case .lesson: return chooseLesson(at: point, rect, &state)
  default: break
  }
  return []
}

/// A click selects a lesson, one more opens it.
private func chooseLesson(at point: Point, _ rect: Rect, _ state: inout WorkbenchState) -> [Effect] {
  guard let lesson = LearnScreen(state: state, look: .measuring).lesson(at: point, in: rect) else { return [] }
  guard lesson == state.learn.selected else {
    state.learn.selected = lesson
    return []
  }
  return openLesson(lesson, &state)
}

/// A click on the curve looks at the step under it.
private func scrub(at column: Int, _ rect: Rect, _ state: inout WorkbenchState) -> [Effect] {
  let screen = TrainScreen(state: state, look: .measuring)
  return screen.step(at: column, in: rect).map { scrub(to: $0, &state) } ?? []
}

/// A click on the map puts the cursor there.
private func lookAtCell(_ point: Point, _ rect: Rect, _ state: inout WorkbenchState) {
  let screen = AttentionScreen(state: state, look: .measuring)
  guard let cell = screen.cell(at: point, in: rect) else { return }
  state.attention.moveCursor(rows: cell.row - state.attention.query, columns: cell.column - state.attention.key)
}

/// Takes hold of the border or the chunk under the pointer.
private func hold(at point: Point, _ rect: Rect, _ state: inout WorkbenchState) {
  guard let layout = state.explorer.layout, let held = LayoutPlan(state.explorer, in: rect).handle(at: point, layout)
  else { return }
  state.explorer.handle = held.handle
  state.explorer.drag = LayoutDrag(offset: held.offset)
}

/// What was pressed follows the pointer, wherever that goes.
private func drag(to point: Point, _ state: inout WorkbenchState) -> [Effect] {
  guard let pane = state.heldPane, let rect = state.arrangement.rect(of: pane) else { return [] }
  switch pane {
  case .distances: read(at: point.column, rect, &state)
  case .loss: return scrub(at: point.column, rect, &state)
  case .map: lookAtCell(point, rect, &state)
  case .layout:
    guard let drag = state.explorer.drag else { return [] }
    let plan = LayoutPlan(state.explorer, in: rect)
    guard let lane = plan.lane(state.explorer.handle.kind == .border ? .window : .target) else { return [] }
    // At a neighbour's edge the handle stays; saying so at every move of the pointer would be noise.
    _ = state.explorer.moveHandle(to: lane.value(at: point.column) - drag.offset)
  default: break
  }
  return []
}

/// Says what lies under the pointer and changes nothing that is trained or kept.
private func inspect(at point: Point, _ state: inout WorkbenchState) {
  guard state.overlay == nil, let pane = state.arrangement.pane(at: point), let rect = state.arrangement.rect(of: pane)
  else { return }
  switch pane {
  case .layout:
    if let words = LayoutPlan(state.explorer, in: rect).description(at: point, state.explorer.layout) {
      state.notice = .news(words)
    }
  case .distances: read(at: point.column, rect, &state)
  case .map: lookAtCell(point, rect, &state)
  case .loss:
    guard let step = TrainScreen(state: state, look: .measuring).step(at: point.column, in: rect),
      let record = state.training.steps.last(where: { $0.step <= step })
    else { return }
    state.notice = .news(
      "step \(grouped(record.step)): loss \(number(record.loss, 4)), gradient \(brief(record.gradNorm))")
  default: break
  }
}

private func read(at column: Int, _ rect: Rect, _ state: inout WorkbenchState) {
  let pane = DistancePane(explorer: state.explorer, look: .measuring)
  state.explorer.view.place(
    cursor: pane.distance(at: column, in: rect), target: state.explorer.settings.target)
}

/// The wheel zooms distances and steps at the pointer, walks lists and scrolls the help.
private func turn(at point: Point, up: Bool, _ state: inout WorkbenchState) -> [Effect] {
  let (share, step) = up ? (0.5, -1) : (2.0, 1)
  if case .help(let filter, let scroll) = state.overlay {
    state.overlay = .help(filter: filter, scroll: max(0, scroll + 3 * step))
    return []
  }
  guard state.overlay == nil, let pane = state.arrangement.pane(at: point), let rect = state.arrangement.rect(of: pane)
  else { return [] }
  switch pane {
  case .distances:
    let plot = DistancePane(explorer: state.explorer, look: .measuring)
    state.explorer.view.zoom(
      by: share, around: plot.distance(at: point.column, in: rect), target: state.explorer.settings.target)
  case .loss:
    let centre = TrainScreen(state: state, look: .measuring).step(at: point.column, in: rect)
    state.training.zoom(by: share, around: centre)
  case .list: state.runs.select(by: step)
  case .perplexity, .retrieval, .needle, .far: state.evaluation.select(by: step)
  case .lesson where state.learn.play == nil: return perform(.lesson(.select(by: step)), &state)
  default: break
  }
  return []
}

extension Look {
  /// Where things stand does not depend on how they are drawn.
  fileprivate static var measuring: Look { Look(theme: .fallback) }
}
