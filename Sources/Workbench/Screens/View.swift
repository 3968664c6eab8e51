import Canvas

/// Draws the state as one frame of the state's size. Does no input or output.
public func view(_ state: WorkbenchState, _ look: Look) -> Canvas {
  var canvas = Canvas(size: state.size)
  draw(state, look, on: &canvas)
  return canvas
}

func draw(_ state: WorkbenchState, _ look: Look, on canvas: inout Canvas) {
  canvas.fill(canvas.bounds, look[.text])
  switch SizeClass(canvas.size) {
  case .card: drawCard(state, look, on: &canvas)
  case _ where state.isPresenting:
    LearnScreen(state: state, look: look).draw(.lesson, on: &canvas, in: canvas.bounds)
    drawOverlay(state, look, on: &canvas, in: canvas.bounds)
  case .compact, .single, .panes:
    drawHeader(state, look, on: &canvas, in: canvas.bounds.splitTop(1).top)
    let body = state.body
    canvas.clipped(to: body) { drawBody(state, look, on: &$0, in: body) }
    drawStatusBar(state, look, on: &canvas, in: canvas.bounds.splitBottom(1).bottom)
    drawOverlay(state, look, on: &canvas, in: body)
  }
  if look.glyphs == .ascii { canvas.limitToASCII() }
}

private func drawnScreen(_ state: WorkbenchState, _ look: Look) -> any PanedScreen {
  switch state.screen {
  case .positions: PositionsScreen(state: state, look: look)
  case .train: TrainScreen(state: state, look: look)
  case .attention: AttentionScreen(state: state, look: look)
  case .evaluate: EvaluateScreen(state: state, look: look)
  case .runs: RunsScreen(state: state, look: look)
  case .learn: LearnScreen(state: state, look: look)
  }
}

private func drawBody(_ state: WorkbenchState, _ look: Look, on canvas: inout Canvas, in body: Rect) {
  let screen = drawnScreen(state, look)
  if SizeClass(canvas.size) == .compact { return screen.drawCompact(on: &canvas, in: body) }
  let arrangement = state.arrangement
  if let tabs = arrangement.tabs { drawTabs(state, look, on: &canvas, in: tabs) }
  for place in arrangement.places {
    canvas.clipped(to: place.rect) { screen.draw(place.pane, on: &$0, in: place.rect) }
  }
}

/// Where each pane's name stands in the row of tabs.
private func tabColumns(_ state: WorkbenchState) -> [(pane: Pane, columns: Range<Int>)] {
  let panes = state.screen.panes
  let letters = panes.reduce(0) { $0 + $1.title.count }
  // A space on either side of a name and its mark, as far as there is room.
  let space = min(4, max(2, (state.size.columns - 2 - letters) / max(panes.count, 1)))
  var column = 1
  return panes.map { pane in
    let width = pane.title.count + space
    defer { column += width }
    return (pane, column..<column + width)
  }
}

/// The pane whose name is drawn at a place in the row of tabs.
func tab(at point: Point, _ state: WorkbenchState) -> Pane? {
  guard let tabs = state.arrangement.tabs, tabs.contains(point.column, point.row) else { return nil }
  return tabColumns(state).first { $0.columns.contains(point.column) }?.pane
}

private func drawTabs(_ state: WorkbenchState, _ look: Look, on canvas: inout Canvas, in rect: Rect) {
  for (pane, columns) in tabColumns(state) {
    let isShown = pane == state.pane
    let space = columns.count - pane.title.count
    let label = (space > 2 ? " " : "") + (isShown ? "▸" : " ") + pane.title + (space > 3 ? "  " : " ")
    canvas.write(
      String(label.prefix(columns.count)), columns.lowerBound, rect.row, look[isShown ? .selection : .dim])
  }
}

/// What a terminal too small for a screen shows: that training goes on, and the size to come back with.
private func drawCard(_ state: WorkbenchState, _ look: Look, on canvas: inout Canvas) {
  var lines = ["Skipwise  \(state.training.phaseWord)"]
  if let last = state.training.newest { lines.append("step \(last.step)  loss \(number(last.loss, 4))") }
  lines.append("needs 40×10, has \(state.size.columns)×\(state.size.rows)")
  let first = max(0, (canvas.size.rows - lines.count) / 2)
  for (index, line) in lines.enumerated() {
    canvas.write(line, centredIn: canvas.bounds, first + index, look[index == 0 ? .title : .text])
  }
}

/// Where each screen's name stands on the first line; with little room only the one shown is written out.
private func headerColumns(_ state: WorkbenchState) -> [(screen: Screen, columns: Range<Int>)] {
  let isCompact = SizeClass(state.size) == .compact
  // All names, the program's own and the run's phase take this much.
  let isNarrow = state.size.columns < 96
  var column = isCompact ? 1 : 11
  return Screen.allCases.map { screen in
    let width = isNarrow && screen != state.screen ? 3 : screen.title.count + 4
    defer { column += width }
    return (screen, column..<column + width)
  }
}

/// The screen whose name is drawn at a place.
func headerScreen(at point: Point, _ state: WorkbenchState) -> Screen? {
  guard point.row == 0 else { return nil }
  return headerColumns(state).first { $0.columns.contains(point.column) }?.screen
}

/// The name, the screens and the run, on the first line.
private func drawHeader(_ state: WorkbenchState, _ look: Look, on canvas: inout Canvas, in rect: Rect) {
  canvas.fill(rect, look[.bar])
  let placed = headerColumns(state)
  if let first = placed.first, first.columns.lowerBound > 8 {
    canvas.write("Skipwise", rect.column + 1, rect.row, look[.barKey])
  }
  var column = rect.column
  for (screen, columns) in placed {
    let isShown = screen == state.screen
    let label = "\(isShown ? "▸" : " ")\(screen.digit) \(screen.title) "
    canvas.write(
      String(label.prefix(columns.count)), columns.lowerBound, rect.row, isShown ? look[.selection] : look[.bar])
    column = columns.upperBound
  }
  var right = rect.endColumn - 1
  let phase = state.training.phaseWord
  let style = Style(look[state.training.phaseRole].foreground, on: look[.bar].background, .bold)
  canvas.write(phase, endingAt: right, rect.row, style)
  right -= phase.columnCount + 2
  if let last = state.training.shown, right - column > 30 {
    let steps = state.training.subject?.settings.steps ?? last.step
    canvas.write(
      "step \(last.step)/\(steps)  loss \(number(last.loss, 3))", endingAt: right, rect.row, look[.bar],
      limit: right - column - 1)
  }
}

/// The last line: what was just said, or else the keys of this screen.
private func drawStatusBar(_ state: WorkbenchState, _ look: Look, on canvas: inout Canvas, in rect: Rect) {
  canvas.fill(rect, look[.bar])
  if case .prompt(let prompt) = state.overlay {
    let used = canvas.write(":\(prompt.text)", rect.column + 1, rect.row, look[.barKey], limit: rect.columns - 3)
    canvas.write(" ", rect.column + 1 + used, rect.row, look[.cursor])
    return
  }
  if let notice = state.notice {
    let isProblem = notice.kind == .problem
    let style = Style(look[isProblem ? .bad : .text].foreground, on: look[.bar].background)
    canvas.write("\(isProblem ? "!" : "›") \(notice.text)", rect.column + 1, rect.row, style, limit: rect.columns - 2)
    return
  }
  for (binding, columns) in hintPlaces(state) {
    guard let hint = binding.hint, let key = binding.keys.first else { continue }
    let used = canvas.write(key.label, columns.lowerBound, rect.row, look[.barKey]) + 1
    canvas.write(hint, columns.lowerBound + used, rect.row, look[.bar])
  }
}

/// The keys that the last line names, and where.
private func hintPlaces(_ state: WorkbenchState) -> [(binding: KeyBinding, columns: Range<Int>)] {
  func width(_ binding: KeyBinding) -> Int {
    (binding.keys.first?.label.columnCount ?? 0) + (binding.hint?.columnCount ?? 0) + 3
  }
  var places: [(binding: KeyBinding, columns: Range<Int>)] = []
  // What works everywhere keeps its place at the right end, help and quit before the rest; the pane's own keys fill what
  // is left.
  var room = state.size.columns
  let everywhere = state.keys.everywhereHints
  let fitting = (everywhere.suffix(1) + everywhere.dropLast()).filter { binding in
    room -= width(binding)
    return room > 0
  }
  var end = state.size.columns
  for binding in everywhere.reversed() where fitting.contains(where: { $0.id == binding.id }) {
    end -= width(binding)
    places.append((binding, end + 1..<end + width(binding) - 1))
  }
  var column = 1
  // Where nothing can be trained, Space is not worth its place.
  let hidesRun = state.screen == .learn && state.runObstacle != nil
  for binding in state.keys.hints(in: state.pane)
  where column + width(binding) <= end && !(hidesRun && binding.id == "run") {
    places.append((binding, column..<column + width(binding) - 2))
    column += width(binding)
  }
  return places
}

/// The key whose hint is drawn at a place on the last line.
func hint(at point: Point, _ state: WorkbenchState) -> KeyPress? {
  guard point.row == state.size.rows - 1, state.notice == nil, state.overlay == nil else { return nil }
  return hintPlaces(state).first { $0.columns.contains(point.column) }?.binding.keys.first
}

extension KeyTable {
  /// What the status bar names in a pane: running first, then the pane's own keys in the order of the table.
  func hints(in pane: Pane) -> [KeyBinding] {
    let hinted = bindings.filter { $0.hint != nil && $0.works(in: pane) }
    return hinted.filter { $0.id == "run" } + hinted.filter { $0.group == pane.group && $0.id != "run" }
  }

  /// What it names on every screen.
  var everywhereHints: [KeyBinding] { bindings.filter { $0.hint != nil && $0.group == .program } }
}

extension Pane {
  /// Where its own keys stand in the table.
  var group: KeyBinding.Group {
    self == .distances ? .distances : KeyBinding.Group(rawValue: screen.title) ?? .program
  }
}

extension TrainingState {
  /// The phase in a word, with a sign that says it without colour.
  var phaseWord: String {
    switch phase {
    case .loading: "○ loading"
    case .paused where lookingAt != nil, .finished where lookingAt != nil: "◀ looking back"
    case .paused: steps.isEmpty ? "○ ready" : "◆ paused"
    case .running: "▶ training"
    case .finished: "✓ done"
    case .failed: "! cannot train"
    }
  }

  var phaseRole: Theme.Role {
    switch phase {
    case .loading: .dim
    case .paused: .warn
    case .running, .finished: .good
    case .failed: .bad
    }
  }
}

extension WorkbenchState {
  /// What the terminal window is called: the run's state first, so that it can be read in a row of tabs.
  public var windowTitle: String {
    guard let last = training.newest else { return "Skipwise" }
    return "\(training.phaseWord) step \(last.step) · loss \(number(last.loss, 3)) · Skipwise"
  }
}
