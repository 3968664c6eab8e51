import Canvas

/// Draws the state as one frame of the state's size. Does no input or output.
public func view(_ state: WorkbenchState, _ look: Look) -> Canvas {
  var canvas = Canvas(size: state.size)
  draw(state, look, on: &canvas)
  return canvas
}

/// The smallest terminal that the screens are laid out for.
let smallestSize = Size(60, 16)

func draw(_ state: WorkbenchState, _ look: Look, on canvas: inout Canvas) {
  canvas.fill(canvas.bounds, look[.text])
  if canvas.size.columns < smallestSize.columns || canvas.size.rows < smallestSize.rows {
    drawCard(state, look, on: &canvas)
  } else {
    let (header, rest) = canvas.bounds.splitTop(1)
    let (body, bar) = rest.splitBottom(1)
    drawHeader(state, look, on: &canvas, in: header)
    canvas.clipped(to: body) { canvas in
      switch state.screen {
      case .positions: PositionsScreen(state: state, look: look).draw(on: &canvas, in: body)
      case .train: TrainScreen(state: state, look: look).draw(on: &canvas, in: body)
      case .attention: AttentionScreen(state: state, look: look).draw(on: &canvas, in: body)
      }
    }
    drawStatusBar(state, look, on: &canvas, in: bar)
    drawOverlay(state, look, on: &canvas, in: body)
  }
  if look.glyphs == .ascii { canvas.limitToASCII() }
}

/// What a terminal too small for a screen shows: that training goes on, and the size to come back with.
private func drawCard(_ state: WorkbenchState, _ look: Look, on canvas: inout Canvas) {
  var lines = ["Skipwise  \(state.training.phaseWord)"]
  if let last = state.training.steps.last { lines.append("step \(last.step)  loss \(number(last.loss, 4))") }
  lines.append("needs \(smallestSize.columns)×\(smallestSize.rows), has \(state.size.columns)×\(state.size.rows)")
  let first = max(0, (canvas.size.rows - lines.count) / 2)
  for (index, line) in lines.enumerated() {
    canvas.write(line, centredIn: canvas.bounds, first + index, look[index == 0 ? .title : .text])
  }
}

/// Where each screen's name stands on the first line.
private func headerColumns() -> [(screen: Screen, columns: Range<Int>)] {
  var column = 11
  return Screen.allCases.map { screen in
    let width = screen.title.count + 4
    defer { column += width }
    return (screen, column..<column + width)
  }
}

/// The screen whose name is drawn at a place.
public func headerScreen(at point: Point) -> Screen? {
  guard point.row == 0 else { return nil }
  return headerColumns().first { $0.columns.contains(point.column) }?.screen
}

/// The name, the screens and the run, on the first line.
private func drawHeader(_ state: WorkbenchState, _ look: Look, on canvas: inout Canvas, in rect: Rect) {
  canvas.fill(rect, look[.bar])
  canvas.write("Skipwise", rect.column + 1, rect.row, look[.barKey])
  var column = rect.column
  for (screen, columns) in headerColumns() {
    let isShown = screen == state.screen
    let label = "\(isShown ? "▸" : " ")\(screen.digit) \(screen.title) "
    canvas.write(label, columns.lowerBound, rect.row, isShown ? look[.selection] : look[.bar])
    column = columns.upperBound
  }
  var right = rect.endColumn - 1
  let phase = state.training.phaseWord
  let style = Style(look[state.training.phaseRole].foreground, on: look[.bar].background, .bold)
  canvas.write(phase, endingAt: right, rect.row, style)
  right -= phase.columnCount + 2
  if let last = state.training.steps.last, right - column > 30 {
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
  func width(_ binding: KeyBinding) -> Int {
    (binding.keys.first?.label.columnCount ?? 0) + (binding.hint?.columnCount ?? 0) + 3
  }
  func write(_ binding: KeyBinding, at column: Int, on canvas: inout Canvas) {
    guard let hint = binding.hint, let key = binding.keys.first else { return }
    let used = canvas.write(key.label, column, rect.row, look[.barKey]) + 1
    canvas.write(hint, column + used, rect.row, look[.bar])
  }
  // What works everywhere keeps its place at the right end; the screen's own keys fill what is left.
  var end = rect.endColumn
  for binding in KeyTable.everywhereHints.reversed() where end - width(binding) > rect.column {
    end -= width(binding)
    write(binding, at: end + 1, on: &canvas)
  }
  var column = rect.column + 1
  for binding in KeyTable.hints(on: state.screen) where column + width(binding) <= end {
    write(binding, at: column, on: &canvas)
    column += width(binding)
  }
}

extension KeyTable {
  /// What the status bar names on a screen: running first, then the screen's own keys in the order of the table.
  static func hints(on screen: Screen) -> [KeyBinding] {
    let hinted = bindings.filter { $0.hint != nil && $0.works(on: screen) }
    return hinted.filter { $0.id == "run" } + hinted.filter { $0.group == screen.group && $0.id != "run" }
  }

  /// What it names on every screen.
  static var everywhereHints: [KeyBinding] { bindings.filter { $0.hint != nil && $0.group == .program } }
}

extension Screen {
  /// Where its own keys stand in the table.
  var group: KeyBinding.Group {
    switch self {
    case .positions: .positions
    case .train: .train
    case .attention: .attention
    }
  }
}

extension TrainingState {
  /// The phase in a word, with a sign that says it without colour.
  var phaseWord: String {
    switch phase {
    case .loading: "○ loading"
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
    guard let last = training.steps.last else { return "Skipwise" }
    return "\(training.phaseWord) step \(last.step) · loss \(number(last.loss, 3)) · Skipwise"
  }
}
