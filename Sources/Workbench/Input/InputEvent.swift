import Canvas

/// Something that reached the program from the terminal.
public enum InputEvent: Hashable, Sendable {
  case key(KeyPress)
  case mouse(MouseEvent)
  /// Text pasted between bracketed-paste marks, newlines kept.
  case paste(String)
  /// The terminal window gained or lost the keyboard.
  case focus(Bool)
  case resize(Size)
}

/// One key with its modifiers.
public struct KeyPress: Hashable, Sendable {
  public enum Key: Hashable, Sendable {
    /// A printable character as it was typed: shift is already in it.
    case character(Character)
    case enter, tab, escape, backspace, delete, insert
    case up, down, left, right, home, end, pageUp, pageDown
    /// F1 … F20.
    case function(Int)
  }

  public struct Modifiers: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let shift = Modifiers(rawValue: 1)
    public static let alt = Modifiers(rawValue: 2)
    public static let control = Modifiers(rawValue: 4)
  }

  public var key: Key
  public var modifiers: Modifiers

  public init(_ key: Key, _ modifiers: Modifiers = []) {
    self.key = key
    self.modifiers = modifiers
  }
}

/// What the mouse did, and at which cell.
public struct MouseEvent: Hashable, Sendable {
  public enum Button: Hashable, Sendable { case left, middle, right }

  public enum Action: Hashable, Sendable {
    case press(Button)
    case release(Button)
    case drag(Button)
    case move
    case wheelUp, wheelDown
  }

  public var action: Action
  public var at: Point
  public var modifiers: KeyPress.Modifiers

  public init(_ action: Action, at: Point, modifiers: KeyPress.Modifiers = []) {
    self.action = action
    self.at = at
    self.modifiers = modifiers
  }
}
