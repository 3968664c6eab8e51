/// What a prompt can become: found by the letters typed, in their order but not side by side.
struct Palette {
  enum Entry {
    case command(Prompt.Command)
    case binding(KeyBinding)

    /// What is searched, its name first.
    fileprivate var words: (name: String, title: String) {
      switch self {
      case .command(let command): (command.name, command.title)
      case .binding(let binding): (binding.id, binding.title)
      }
    }
  }

  /// The best first.
  let entries: [Entry]

  /// - Parameter pane: keys of other screens come last.
  init(_ prompt: Prompt, _ keys: KeyTable, in pane: Pane) {
    let commands = Prompt.commands.map(Entry.command)
    guard !prompt.hasArgument else {
      let name = prompt.text.prefix { $0 != " " }
      entries = commands.filter { $0.words.name == name }
      return
    }
    let here = keys.bindings.filter { $0.works(in: pane) }
    let elsewhere = keys.bindings.filter { !$0.works(in: pane) }
    let all = commands + here.map(Entry.binding) + elsewhere.map(Entry.binding)
    let scored = all.enumerated().compactMap { index, entry in
      Self.score(prompt.text, entry.words).map { (score: $0, index: index, entry: entry) }
    }
    entries = scored.sorted { ($0.score, $0.index) < ($1.score, $1.index) }.map(\.entry)
  }

  /// How well an entry fits, 0 the best; nil where it does not.
  private static func score(_ typed: String, _ words: (name: String, title: String)) -> Int? {
    let wanted = typed.lowercased().filter { $0 != " " }
    let (name, title) = (words.name.lowercased(), words.title.lowercased())
    if wanted.isEmpty || name == wanted { return 0 }
    if name.hasPrefix(wanted) { return 1 }
    let starts = title.split(separator: " ") + name.split(separator: ".")
    if starts.contains(where: { $0.hasPrefix(wanted) }) { return 2 }
    if title.contains(typed.lowercased()) || name.contains(wanted) { return 3 }
    guard let gaps = gaps(wanted, in: name + " " + title) else { return nil }
    return 4 + gaps
  }

  /// Letters passed over between the first letter found and the last; nil where one is missing.
  private static func gaps(_ wanted: String, in text: String) -> Int? {
    var rest = Substring(text)
    var gaps = 0
    for (index, letter) in wanted.enumerated() {
      guard let place = rest.firstIndex(of: letter) else { return nil }
      if index > 0 { gaps += rest.distance(from: rest.startIndex, to: place) }
      rest = rest[rest.index(after: place)...]
    }
    return gaps
  }
}
