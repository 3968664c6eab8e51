extension KeyPress {
  /// A plain character key.
  public static func character(_ character: Character) -> KeyPress { KeyPress(.character(character)) }
  static func function(_ number: Int) -> KeyPress { KeyPress(.function(number)) }

  /// The key that help and status bar print so, or a name that is easier to type: `Up` for `↑`, `Ctrl-L`, `Shift-Tab`.
  public init?(named name: String) {
    var rest = Substring(name)
    var modifiers: Modifiers = []
    for (prefix, modifier) in [("Ctrl-", Modifiers.control), ("Alt-", .alt), ("Shift-", .shift)] {
      guard rest.hasPrefix(prefix), rest.count > prefix.count else { continue }
      rest = rest.dropFirst(prefix.count)
      modifiers.insert(modifier)
    }
    if rest.count == 1, let character = rest.first, !"↑↓←→".contains(character) {
      let isControl = modifiers.contains(.control)
      self.init(.character(isControl ? Character(character.lowercased()) : character), modifiers)
      return
    }
    guard let key = Self.names[String(rest)] else { return nil }
    self.init(key, modifiers)
  }

  private static let names: [String: Key] = {
    var names: [String: Key] = [
      "Space": .character(" "), "Comma": .character(","), "Enter": .enter, "Tab": .tab, "Esc": .escape,
      "Bksp": .backspace, "Del": .delete, "Ins": .insert, "Up": .up, "Down": .down, "Left": .left, "Right": .right,
      "↑": .up, "↓": .down, "←": .left, "→": .right, "Home": .home, "End": .end, "PgUp": .pageUp, "PgDn": .pageDown,
    ]
    for number in 1...20 { names["F\(number)"] = .function(number) }
    return names
  }()

  /// The key as help and status bar print it.
  public var label: String {
    let name =
      switch key {
      case .character(" "): "Space"
      case .character(let character): modifiers.contains(.control) ? character.uppercased() : String(character)
      case .enter: "Enter"
      case .tab: "Tab"
      case .escape: "Esc"
      case .backspace: "Bksp"
      case .delete: "Del"
      case .insert: "Ins"
      case .up: "↑"
      case .down: "↓"
      case .left: "←"
      case .right: "→"
      case .home: "Home"
      case .end: "End"
      case .pageUp: "PgUp"
      case .pageDown: "PgDn"
      case .function(let number): "F\(number)"
      }
    var prefix = ""
    if modifiers.contains(.control) { prefix += "Ctrl-" }
    if modifiers.contains(.alt) { prefix += "Alt-" }
    if modifiers.contains(.shift) { prefix += "Shift-" }
    return prefix + name
  }
}
