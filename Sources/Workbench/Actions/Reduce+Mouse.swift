import Canvas

/// What the mouse does: it presses what is named on the first and the last line, chooses a pane, and takes hold of borders,
/// skips and the cursor of distances.
func point(_ mouse: MouseEvent, _ state: inout WorkbenchState) -> [Effect] {
  switch mouse.action {
  case .press(.left): return press(at: mouse.at, &state)
  case .drag(.left): drag(to: mouse.at, &state)
  case .release(.left):
    state.isReading = false
    guard state.explorer.drag != nil else { return [] }
    state.explorer.drag = nil
    return keepScript(&state)
  case .wheelUp: turn(at: mouse.at, by: 0.5, &state)
  case .wheelDown: turn(at: mouse.at, by: 2, &state)
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
  switch pane {
  case .layout: hold(at: point, rect, &state)
  case .distances:
    state.isReading = true
    read(at: point.column, rect, &state)
  case .loss: return scrub(at: point.column, rect, &state)
  case .heads:
    guard let head = HeadsPane(state: state, look: Look(theme: .fallback)).head(at: point, in: rect) else { return [] }
    return perform(.lookAtHead(head), &state)
  case .map: lookAtCell(point, rect, &state)
  default: break
  }
  return []
}

/// A click on the curve looks at the step under it.
private func scrub(at column: Int, _ rect: Rect, _ state: inout WorkbenchState) -> [Effect] {
  let screen = TrainScreen(state: state, look: Look(theme: .fallback))
  return screen.step(at: column, in: rect).map { scrub(to: $0, &state) } ?? []
}

/// A click on the map puts the cursor there.
private func lookAtCell(_ point: Point, _ rect: Rect, _ state: inout WorkbenchState) {
  let screen = AttentionScreen(state: state, look: Look(theme: .fallback))
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

private func drag(to point: Point, _ state: inout WorkbenchState) {
  if state.isReading, let rect = state.arrangement.rect(of: .distances) { read(at: point.column, rect, &state) }
  guard let drag = state.explorer.drag, let rect = state.arrangement.rect(of: .layout) else { return }
  let plan = LayoutPlan(state.explorer, in: rect)
  guard let lane = plan.lane(state.explorer.handle.kind == .border ? .window : .target) else { return }
  // At a neighbour's edge the handle stays; saying so at every move of the pointer would be noise.
  _ = state.explorer.moveHandle(to: lane.value(at: point.column) - drag.offset)
}

private func read(at column: Int, _ rect: Rect, _ state: inout WorkbenchState) {
  let pane = DistancePane(explorer: state.explorer, look: Look(theme: .fallback))
  state.explorer.view.place(
    cursor: pane.distance(at: column, in: rect), target: state.explorer.settings.target)
}

/// The wheel zooms distances at the pointer, and scrolls the help.
private func turn(at point: Point, by share: Double, _ state: inout WorkbenchState) {
  if case .help(let filter, let scroll) = state.overlay {
    state.overlay = .help(filter: filter, scroll: max(0, scroll + (share > 1 ? 3 : -3)))
    return
  }
  guard state.overlay == nil, state.arrangement.pane(at: point) == .distances,
    let rect = state.arrangement.rect(of: .distances)
  else { return }
  let target = state.explorer.settings.target
  let pane = DistancePane(explorer: state.explorer, look: Look(theme: .fallback))
  state.explorer.view.zoom(by: share, around: pane.distance(at: point.column, in: rect), target: target)
}
