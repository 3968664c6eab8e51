/// The one table that dispatch, the help, the palette and the status bar read: the standard keys, or a user's in their place.
public struct KeyTable: Equatable, Sendable {
  public let bindings: [KeyBinding]
  /// What a user changed, by the binding's id.
  public let changes: [String: [KeyPress]]

  public static let standard = KeyTable(changes: [:])

  /// - Parameter changes: keys that take the place of a binding's own; ids that no binding has are passed over.
  public init(changes: [String: [KeyPress]]) {
    self.changes = changes
    bindings = Self.standardBindings.map { binding in
      var changed = binding
      changed.keys = changes[binding.id] ?? binding.keys
      return changed
    }
  }

  /// What a key does while a pane has the focus.
  public func binding(for key: KeyPress, in pane: Pane) -> KeyBinding? {
    bindings.first { $0.works(in: pane) && $0.keys.contains(key) }
  }

  /// Two bindings that one key would have to serve in one pane; nil where the key has them apart.
  static func clash(_ key: KeyPress, of binding: KeyBinding, with others: [KeyBinding]) -> KeyBinding? {
    others.first { other in
      other.id != binding.id && other.keys.contains(key)
        && Pane.allCases.contains { binding.works(in: $0) && other.works(in: $0) }
    }
  }

  public static func == (a: KeyTable, b: KeyTable) -> Bool { a.changes == b.changes }
}
