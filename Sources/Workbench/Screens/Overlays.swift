import Canvas

/// Draws what lies over the screen: the key table, the list of commands, the question before quitting.
func drawOverlay(_ state: WorkbenchState, _ look: Look, on canvas: inout Canvas, in body: Rect) {
  switch state.overlay {
  case .help(let filter, let scroll):
    HelpOverlay(state: state, look: look, filter: filter, scroll: scroll).draw(on: &canvas, in: body)
  case .prompt(let prompt): drawCommands(prompt, state, look, on: &canvas, in: body)
  case .themes: drawThemes(state, look, on: &canvas, in: body)
  case .explanation:
    ExplanationOverlay(explanation: state.explanation, look: look).draw(on: &canvas, in: body)
  case .description:
    ExplanationOverlay(explanation: state.description, look: look).draw(on: &canvas, in: body)
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
    canvas.scrollbar(
      at: rect.endColumn - 1, beside: list, first: start, count: rows.count, look[.focus], look.glyphs)
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
      let bindings = state.keys.bindings.filter { $0.group == group && matches($0) }
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
  var places: String {
    let names = panes.isEmpty || panes.count > 1 ? screens.map(\.title) : panes.map(\.title)
    return names.sorted().joined(separator: ", ")
  }
}

/// What is typed could become, above the prompt.
private func drawCommands(
  _ prompt: Prompt, _ state: WorkbenchState, _ look: Look, on canvas: inout Canvas, in body: Rect
) {
  let entries = Palette(prompt, state.keys, in: state.pane).entries
  let height = min(max(entries.count, 1) + 2, body.rows)
  let rect = Rect(body.column, body.endRow - height, min(body.columns, 76), height)
  canvas.fill(rect, look[.text])
  var pane = look.pane("Commands", info: "↑↓ choose · Tab completes · Enter does it")
  pane.border = look[.focus]
  let inside = canvas.frame(rect, pane, look.glyphs).inset(columns: 1)
  if entries.isEmpty { canvas.write("nothing is called that", inside.column, inside.row, look[.bad]) }
  // The selected one stays in sight.
  let first = max(0, prompt.selected - inside.rows + 1)
  canvas.scrollbar(
    at: rect.endColumn - 1, beside: inside, first: first, count: entries.count, look[.focus], look.glyphs)
  for (index, entry) in entries.enumerated().dropFirst(first).prefix(inside.rows) {
    let row = inside.row + index - first
    let isSelected = index == prompt.selected
    if isSelected { canvas.fill(Rect(inside.column, row, inside.columns, 1), look[.selection]) }
    func style(_ role: Theme.Role) -> Style { look[isSelected ? .selection : role] }
    switch entry {
    case .command(let command):
      canvas.write([Span(command.name, style(.accent)), Span(" " + command.argument, style(.dim))], inside.column, row)
      canvas.write(command.title, inside.column + 20, row, style(.text), limit: inside.columns - 20)
    case .binding(let binding):
      let works = binding.works(in: state.pane)
      canvas.write(binding.keys.first?.label ?? "", inside.column, row, style(works ? .accent : .dim), limit: 18)
      let obstacle = works ? binding.obstacle(state) : "on \(binding.places)"
      let title = binding.title + (obstacle.map { "  (\($0))" } ?? "")
      canvas.write(
        title, inside.column + 20, row, style(obstacle == nil ? .text : .dim), limit: inside.columns - 20)
    }
  }
}

/// The themes, with the colours that each part has in the one shown.
private func drawThemes(_ state: WorkbenchState, _ look: Look, on canvas: inout Canvas, in body: Rect) {
  let names = state.themeNames
  let height = min(names.count + 4, body.rows)
  let rect = Rect(max(body.column, body.endColumn - 30), body.row, min(30, body.columns), height)
  canvas.fill(rect, look[.text])
  var pane = look.pane("Themes", info: "Enter keeps")
  pane.border = look[.focus]
  let inside = canvas.frame(rect, pane, look.glyphs).inset(columns: 1)
  let (list, sample) = inside.splitBottom(2)
  let selected = names.firstIndex(of: state.themeName) ?? 0
  let first = max(0, selected - list.rows + 1)
  canvas.scrollbar(at: rect.endColumn - 1, beside: list, first: first, count: names.count, look[.focus], look.glyphs)
  for (index, name) in names.enumerated().dropFirst(first).prefix(list.rows) {
    let isShown = index == selected
    let row = list.row + index - first
    if isShown { canvas.fill(Rect(list.column, row, list.columns, 1), look[.selection]) }
    canvas.write((isShown ? "▸ " : "  ") + name, list.column, row, look[isShown ? .selection : .text])
  }
  for index in 0..<min(8, sample.columns / 3) {
    canvas.write("██", sample.column + 3 * index, sample.row, look.theme.chunk(index))
  }
  for column in 0..<sample.columns {
    let color = look.theme[.heat].color(Double(column) / Double(max(sample.columns - 1, 1)))
    canvas[sample.column + column, sample.row + 1] = Cell(Glyph(" "), Style(.standard, on: color))
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
