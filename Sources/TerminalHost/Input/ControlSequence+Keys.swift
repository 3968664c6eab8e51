import Workbench

extension ControlSequence {
  /// The key a control sequence stands for: xterm, tmux, the Linux console and rxvt.
  var key: KeyPress? {
    switch final {
    case UInt8(ascii: "~"): tildeKey
    case UInt8(ascii: "$"): numberedKey.map { KeyPress($0, modifiers(at: 1).union(.shift)) }
    case UInt8(ascii: "^"): numberedKey.map { KeyPress($0, modifiers(at: 1).union(.control)) }
    case UInt8(ascii: "@"): numberedKey.map { KeyPress($0, modifiers(at: 1).union([.control, .shift])) }
    case UInt8(ascii: "u"): encodedKey(scalar: number(0), modifiers: modifiers(at: 1))
    case UInt8(ascii: "Z"): KeyPress(.tab, modifiers(at: 1).union(.shift))
    case 0x61...0x64: Self.letters[final - 0x20].map { KeyPress($0, modifiers(at: 1).union(.shift)) }
    default: Self.letters[final].map { KeyPress($0, modifiers(at: 1)) }
    }
  }

  /// The key after ESC O: cursor keys in application mode, F1 … F4, the keypad, and rxvt's arrows with control.
  var singleShiftKey: KeyPress? {
    // A modifier stands alone (`ESC O 5 P`) or after a 1 (`ESC O 1 ; 5 P`).
    let modifiers = modifiers(at: max(numbers.count - 1, 0))
    switch final {
    case 0x61...0x64: return Self.letters[final - 0x20].map { KeyPress($0, modifiers.union(.control)) }
    case UInt8(ascii: "M"): return KeyPress(.enter, modifiers)
    case UInt8(ascii: "I"): return KeyPress(.tab, modifiers)
    case UInt8(ascii: "X"): return KeyPress(.character("="), modifiers)
    case UInt8(ascii: " "): return KeyPress(.character(" "), modifiers)
    // The keypad sends the characters 2A … 39 moved up by 40.
    case 0x6A...0x79: return KeyPress(.character(Character(Unicode.Scalar(final - 0x40))), modifiers)
    default: return Self.letters[final].map { KeyPress($0, modifiers) }
    }
  }

  private static let letters: [UInt8: KeyPress.Key] = [
    UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right, UInt8(ascii: "D"): .left,
    UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end,
    UInt8(ascii: "P"): .function(1), UInt8(ascii: "Q"): .function(2),
    UInt8(ascii: "R"): .function(3), UInt8(ascii: "S"): .function(4),
  ]

  private static let numbered: [Int: KeyPress.Key] = [
    1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
    11: .function(1), 12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5),
    17: .function(6), 18: .function(7), 19: .function(8), 20: .function(9), 21: .function(10),
    23: .function(11), 24: .function(12), 25: .function(13), 26: .function(14), 28: .function(15),
    29: .function(16), 31: .function(17), 32: .function(18), 33: .function(19), 34: .function(20),
  ]

  private var numberedKey: KeyPress.Key? { Self.numbered[number(0)] }

  private var tildeKey: KeyPress? {
    // xterm's modifyOtherKeys: 27 ; modifiers ; character ~
    if number(0) == 27 && numbers.count == 3 {
      return encodedKey(scalar: number(2), modifiers: modifiers(at: 1))
    }
    return numberedKey.map { KeyPress($0, modifiers(at: 1)) }
  }

  /// A key sent as its character's number, with modifiers apart.
  private func encodedKey(scalar: Int, modifiers: KeyPress.Modifiers) -> KeyPress? {
    guard var key = Unicode.Scalar(UInt32(scalar)).flatMap(KeyPress.init(typed:)) else { return nil }
    key.modifiers.formUnion(modifiers)
    // A printable character has its shift in itself, unless another modifier made the terminal spell it out.
    if case .character = key.key, key.modifiers == .shift { key.modifiers = [] }
    return key
  }
}

extension KeyPress {
  /// The key for one typed character; nil for control characters that no key sends.
  ///
  /// Ctrl and a letter arrive as the letter's place in the alphabet; where that is also Tab, Enter or Backspace, it
  /// counts as those.
  init?(typed scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0x00: self.init(.character(" "), .control)
    case 0x09: self.init(.tab)
    case 0x0A, 0x0D: self.init(.enter)
    case 0x08, 0x7F: self.init(.backspace)
    case 0x1B: self.init(.escape)
    case 0x01...0x1A: self.init(.character(Character(Unicode.Scalar(UInt8(scalar.value) + 0x60))), .control)
    case 0x1C...0x1F: self.init(.character(Character(Unicode.Scalar(UInt8(scalar.value) + 0x40))), .control)
    case 0x80...0x9F: return nil
    default: self.init(.character(Character(scalar)))
    }
  }
}
