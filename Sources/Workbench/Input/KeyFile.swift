/// Reads a file of keys: `ID = KEY KEY …` a line, ids as the help has them in brackets, `#` before a remark.
public struct KeyFile: Equatable, Sendable {
  /// Keys by the binding's id, without the lines that have a problem.
  public private(set) var changes: [String: [KeyPress]] = [:]
  /// A sentence for each line that cannot be used, with its number.
  public private(set) var problems: [String] = []

  /// - Parameters:
  ///   - text: the file's text.
  ///   - name: what problems call it.
  public init(_ text: String, name: String) {
    // A line sees the keys that the lines before it set.
    var table = KeyTable.standard
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = raw.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
      // `#` itself can be a key, where it stands alone.
      let words = (raw.hasSuffix(" #") ? raw : line).split(whereSeparator: \.isWhitespace).map(String.init)
      guard !words.isEmpty else { continue }
      if let problem = take(words, &table) { problems.append("\(name), line \(index + 1): \(problem)") }
    }
  }

  private mutating func take(_ words: [String], _ table: inout KeyTable) -> String? {
    guard words.count >= 3, words[1] == "=" else { return "a line is ID = KEY, such as theme = F2" }
    guard let binding = table.bindings.first(where: { $0.id == words[0] }) else {
      let near = table.bindings.map(\.id).filter { $0.hasPrefix(words[0].prefix { $0 != "." }) }
      let known = near.isEmpty ? "the help (?) lists the ids" : "known are \(near.joined(separator: ", "))"
      return "there is no action '\(words[0])'; \(known)"
    }
    var keys: [KeyPress] = []
    for word in words.dropFirst(2) {
      guard let key = KeyPress(named: word) else {
        return "'\(word)' is no key; a key is a character, Space, Enter, Tab, Up, PgDn, F5, Ctrl-X, Shift-Left …"
      }
      if let other = KeyTable.clash(key, of: binding, with: table.bindings) {
        return "\(word) is already '\(other.id)' (\(other.title)) in the same place; give that one another key first"
      }
      keys.append(key)
    }
    changes[binding.id] = keys
    table = KeyTable(changes: changes)
    return nil
  }
}
