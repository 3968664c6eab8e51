import Canvas

/// Draws what lies over the screen: the key table, the list of commands, the question before quitting.
func drawOverlay(_ state: WorkbenchState, _ look: Look, on canvas: inout Canvas, in body: Rect) {
  switch state.overlay {
  case .help(let filter, let scroll):
    HelpOverlay(state: state, look: look, filter: filter, scroll: scroll).draw(on: &canvas, in: body)
  case .prompt(let prompt): drawCommands(prompt, state, look, on: &canvas, in: body)
  case .explanation:
    ExplanationOverlay(explanation: state.explanation, look: look).draw(on: &canvas, in: body)
  case .confirmQuit:
    drawQuestion(
      "Quit?", "Training is running. A checkpoint will be kept.", yes: "keep it and quit", no: "go on", look,
      on: &canvas, in: body)
  case .confirmDelete(let path):
    drawQuestion(
      "Delete this run?", "\(path), with its checkpoint and its metrics. This cannot be undone.", yes: "delete it",
      no: "keep it", look, on: &canvas, in: body)
  case nil: break
  }
}

/// The key table, grouped, filtered by what is typed.
struct HelpOverlay {
  let state: WorkbenchState
  let look: Look
  let filter: String
  let scroll: Int

  private enum Row {
    case heading(String)
    case binding(KeyBinding)
  }

  func draw(on canvas: inout Canvas, in body: Rect) {
    let rows = self.rows
    let rect = body.centred(Size(72, min(rows.count + 4, body.rows)))
    canvas.fill(rect, look[.text])
    var pane = look.pane("Keys", info: "type to filter · Esc closes")
    pane.border = look[.focus]
    let inside = canvas.frame(rect, pane, look.glyphs).inset(columns: 2)
    let (top, list) = inside.splitTop(1)
    canvas.write(
      filter.isEmpty ? "filter: …" : "filter: \(filter)", top.column, top.row, look[filter.isEmpty ? .dim : .accent])
    let start = min(scroll, max(0, rows.count - list.rows))
    for (index, row) in rows.dropFirst(start).prefix(list.rows).enumerated() {
      draw(row, on: &canvas, list, list.row + index)
    }
    if rows.isEmpty { canvas.write("no key does that", list.column, list.row, look[.dim]) }
    if start + list.rows < rows.count {
      canvas.write(" ↓ more ", endingAt: rect.endColumn - 2, rect.endRow - 1, look[.dim])
    }
  }

  private func draw(_ row: Row, on canvas: inout Canvas, _ list: Rect, _ line: Int) {
    switch row {
    case .heading(let title): canvas.write(title, list.column, line, look[.title])
    case .binding(let binding):
      let works = binding.works(in: state.pane)
      let keys = binding.keys.map(\.label).joined(separator: " ")
      canvas.write(keys, list.column + 2, line, look[works ? .accent : .dim], limit: 12)
      let obstacle =
        works ? binding.obstacle(state) : "on \(binding.places)"
      let used = canvas.write(
        binding.title, list.column + 15, line, look[works ? .text : .dim], limit: list.columns - 15)
      if let obstacle {
        canvas.write("  (\(obstacle))", list.column + 15 + used, line, look[.dim], limit: list.columns - 15 - used)
      }
    }
  }

  private var rows: [Row] {
    // The screen's own keys first.
    let groups = [state.pane.group] + KeyBinding.Group.allCases.filter { $0 != state.pane.group }
    return groups.flatMap { group -> [Row] in
      let bindings = KeyTable.bindings.filter { $0.group == group && matches($0) }
      return bindings.isEmpty ? [] : [.heading(group.rawValue)] + bindings.map(Row.binding)
    }
  }

  private func matches(_ binding: KeyBinding) -> Bool {
    guard !filter.isEmpty else { return true }
    let words = "\(binding.title) \(binding.id) \(binding.keys.map(\.label).joined(separator: " "))"
    return words.lowercased().contains(filter.lowercased())
  }
}

extension KeyBinding {
  /// Where the key works, in words.
  fileprivate var places: String {
    let names = panes.isEmpty || panes.count > 1 ? screens.map(\.title) : panes.map(\.title)
    return names.sorted().joined(separator: ", ")
  }
}

/// The commands that what is typed could become, above the prompt.
private func drawCommands(
  _ prompt: Prompt, _ state: WorkbenchState, _ look: Look, on canvas: inout Canvas, in body: Rect
) {
  let matches = prompt.matches
  let height = min(max(matches.count, 1) + 2, body.rows)
  let rect = Rect(body.column, body.endRow - height, min(body.columns, 72), height)
  canvas.fill(rect, look[.text])
  var pane = look.pane("Commands", info: "Tab completes · Enter does it")
  pane.border = look[.focus]
  let inside = canvas.frame(rect, pane, look.glyphs).inset(columns: 1)
  if matches.isEmpty { canvas.write("no such command", inside.column, inside.row, look[.bad]) }
  for (index, command) in matches.prefix(inside.rows).enumerated() {
    let row = inside.row + index
    canvas.write([Span(command.name, look[.accent]), Span(" " + command.argument, look[.dim])], inside.column, row)
    canvas.write(command.title, inside.column + 18, row, look[.text], limit: inside.columns - 18)
  }
}

/// A question that a key answers.
private func drawQuestion(
  _ title: String, _ text: String, yes: String, no: String, _ look: Look, on canvas: inout Canvas, in body: Rect
) {
  let lines = wrapped(text, columns: min(54, body.columns - 6))
  let rect = body.centred(Size(min(58, body.columns), 5 + lines.count))
  canvas.fill(rect, look[.text])
  var pane = look.pane(title)
  pane.border = look[.focus]
  let inside = canvas.frame(rect, pane, look.glyphs).inset(columns: 2)
  for (index, line) in lines.enumerated() {
    canvas.write(line, inside.column, inside.row + index, look[.text], limit: inside.columns)
  }
  let keys = [
    Span("y", look[.accent]), Span(" \(yes)    ", look[.text]), Span("Esc", look[.accent]), Span(" \(no)", look[.text]),
  ]
  canvas.write(keys, inside.column, inside.row + lines.count + 1, limit: inside.columns)
}
