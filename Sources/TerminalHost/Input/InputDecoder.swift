import Workbench

/// Turns the bytes a terminal sends into input events.
///
/// Bytes may arrive in pieces of any size: what is incomplete waits for the rest. Only an Escape key that nothing
/// follows cannot be told from the start of a sequence, so `flush()` decides it after a pause. Sequences that mean
/// nothing here are swallowed whole; no input can trap or leave the decoder stuck.
public struct InputDecoder: Sendable {
  /// Bytes of a paste beyond this are dropped.
  public static let longestPaste = 1 << 20
  /// Bytes a control sequence may have before it is taken for garbage.
  static let longestSequence = 64

  enum State: Equatable, Sendable {
    case ground
    /// After ESC; `afterEscape` when an ESC came before it.
    case escape(afterEscape: Bool)
    /// After ESC [: the bytes since.
    case controlSequence([UInt8], alt: Bool)
    /// A control sequence too long to mean anything, until its final byte.
    case overlongSequence
    /// After ESC [ [: a function key of the Linux console.
    case linuxFunction
    /// After ESC [ M: the three bytes of a mouse report in the oldest encoding.
    case oldMouse(remaining: Int)
    /// After ESC O: the digits since.
    case singleShift([UInt8], alt: Bool)
    /// An operating-system command or another string (introduced by that byte), until its terminator.
    case string(introducer: UInt8, isEmpty: Bool)
    /// After an ESC in such a string: `\` ends it.
    case stringEscape
    /// Between the marks of a bracketed paste.
    case paste
  }

  var state = State.ground
  private var scalars = ScalarDecoder()
  /// The character being decoded came after ESC.
  private var hasAltPrefix = false
  private var pasted = PasteBuffer(limit: InputDecoder.longestPaste)

  /// A decoder that has seen nothing yet.
  public init() {}

  /// Whether `flush()` would change anything: something incomplete waits.
  public var isPending: Bool {
    switch state {
    case .ground: scalars.isPending
    case .paste: false
    default: true
    }
  }

  /// Decodes more bytes.
  public mutating func decode(_ bytes: some Sequence<UInt8>) -> [InputEvent] {
    var events: [InputEvent] = []
    for byte in bytes { take(byte, into: &events) }
    return events
  }

  /// Nothing followed for a while: a lone ESC was the Escape key, and a torn sequence will not be completed.
  public mutating func flush() -> [InputEvent] {
    var events: [InputEvent] = []
    let interrupted = state
    if interrupted != .paste { state = .ground }
    switch interrupted {
    case .ground:
      if scalars.flush() { appendCharacter("\u{FFFD}", into: &events) }
    case .escape(let afterEscape):
      if afterEscape { events.append(.key(KeyPress(.escape))) }
      events.append(.key(KeyPress(.escape)))
    case .controlSequence(let bytes, _) where bytes.isEmpty:
      events.append(.key(KeyPress(.character("["), .alt)))
    case .singleShift(let bytes, _) where bytes.isEmpty:
      events.append(.key(KeyPress(.character("O"), .alt)))
    case .string(let introducer, true):
      events.append(.key(KeyPress(.character(Character(Unicode.Scalar(introducer))), .alt)))
    case .controlSequence, .singleShift, .string, .stringEscape, .overlongSequence, .linuxFunction, .oldMouse, .paste:
      break
    }
    return events
  }

  // MARK: One byte

  private mutating func take(_ byte: UInt8, into events: inout [InputEvent]) {
    switch state {
    case .ground: takeText(byte, into: &events)
    case .escape(let afterEscape): takeEscaped(byte, afterEscape: afterEscape, into: &events)
    case .controlSequence(let bytes, let alt): takeControl(byte, after: bytes, alt: alt, into: &events)
    case .singleShift(let bytes, let alt): takeSingleShift(byte, after: bytes, alt: alt, into: &events)
    case .overlongSequence:
      if byte < 0x20 || byte >= 0x80 {
        restart(with: byte, into: &events)
      } else if byte >= 0x40 {
        state = .ground
      }
    case .linuxFunction:
      state = .ground
      if case 0x41...0x45 = byte { events.append(.key(KeyPress(.function(Int(byte) - 0x40)))) }
    case .oldMouse(let remaining):
      state = remaining > 1 ? .oldMouse(remaining: remaining - 1) : .ground
    case .string(let introducer, _):
      switch byte {
      case 0x07, 0x18, 0x1A: state = .ground
      case 0x1B: state = .stringEscape
      default: state = .string(introducer: introducer, isEmpty: false)
      }
    case .stringEscape:
      state = .ground
      if byte != UInt8(ascii: "\\") { takeEscaped(byte, afterEscape: false, into: &events) }
    case .paste:
      guard let text = pasted.take(byte) else { return }
      state = .ground
      events.append(.paste(text))
    }
  }

  private mutating func takeText(_ byte: UInt8, into events: inout [InputEvent]) {
    for result in scalars.take(byte) {
      switch result {
      case .scalar("\u{1B}"): state = .escape(afterEscape: false)
      case .scalar(let scalar): appendCharacter(scalar, into: &events)
      case .invalid: appendCharacter("\u{FFFD}", into: &events)
      }
    }
  }

  private mutating func takeEscaped(_ byte: UInt8, afterEscape: Bool, into events: inout [InputEvent]) {
    switch byte {
    case 0x1B:
      // Of three or more, the first are keys of their own.
      if afterEscape { events.append(.key(KeyPress(.escape))) }
      state = .escape(afterEscape: true)
    case UInt8(ascii: "["):
      state = .controlSequence([], alt: afterEscape)
    case UInt8(ascii: "O"):
      state = .singleShift([], alt: afterEscape)
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
      if afterEscape { events.append(.key(KeyPress(.escape))) }
      state = .string(introducer: byte, isEmpty: true)
    default:
      if afterEscape { events.append(.key(KeyPress(.escape))) }
      state = .ground
      hasAltPrefix = true
      takeText(byte, into: &events)
    }
  }

  private mutating func takeControl(
    _ byte: UInt8, after bytes: [UInt8], alt: Bool, into events: inout [InputEvent]
  ) {
    switch byte {
    case UInt8(ascii: "[") where bytes.isEmpty:
      state = .linuxFunction
    case UInt8(ascii: "M") where bytes.isEmpty:
      state = .oldMouse(remaining: 3)
    // rxvt ends a key with shift in `$`, which elsewhere stands before the final byte.
    case UInt8(ascii: "$") where bytes.first.map { (0x30...0x39).contains($0) } == true, 0x40...0x7E:
      state = .ground
      finish(ControlSequence(parameters: bytes, final: byte, alt: alt), into: &events)
    case 0x20...0x3F:
      state = bytes.count < Self.longestSequence ? .controlSequence(bytes + [byte], alt: alt) : .overlongSequence
    default:
      restart(with: byte, into: &events)
    }
  }

  private mutating func takeSingleShift(
    _ byte: UInt8, after bytes: [UInt8], alt: Bool, into events: inout [InputEvent]
  ) {
    switch byte {
    case 0x30...0x3B where bytes.count < Self.longestSequence:
      state = .singleShift(bytes + [byte], alt: alt)
    case 0x20...0x7E:
      state = .ground
      let sequence = ControlSequence(parameters: bytes, final: byte, alt: alt)
      if let key = sequence.singleShiftKey { events.append(.key(key)) }
    default:
      restart(with: byte, into: &events)
    }
  }

  /// A byte that cannot be part of a sequence ends it and counts on its own (CAN and SUB only end it).
  private mutating func restart(with byte: UInt8, into events: inout [InputEvent]) {
    state = .ground
    if byte != 0x18 && byte != 0x1A && byte != 0x7F { takeText(byte, into: &events) }
  }

  private mutating func finish(_ sequence: ControlSequence, into events: inout [InputEvent]) {
    if sequence.opensPaste {
      pasted = PasteBuffer(limit: Self.longestPaste)
      state = .paste
    } else if let event = sequence.event {
      events.append(event)
    }
  }

  // MARK: Characters

  private mutating func appendCharacter(_ scalar: Unicode.Scalar, into events: inout [InputEvent]) {
    let alt: KeyPress.Modifiers = hasAltPrefix ? .alt : []
    hasAltPrefix = false
    guard var key = KeyPress(typed: scalar) else { return }
    key.modifiers.formUnion(alt)
    events.append(.key(key))
  }
}
