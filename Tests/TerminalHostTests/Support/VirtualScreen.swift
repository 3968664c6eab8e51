import Canvas

/// A terminal's picture, parsed from the bytes a program writes: what ncurses sends under the xterm, tmux, screen and
/// vt100 families.
struct VirtualScreen {
  private(set) var canvas: Canvas
  private(set) var cursor = Point(0, 0)
  /// Private modes that are set, by number: 25 cursor shown, 1049 alternate screen, 1003 mouse, …
  private(set) var modes: Set<Int> = [7, 25]
  private(set) var title = ""
  private(set) var style = Style.plain
  /// What was parsed and has no meaning here: should stay empty.
  private(set) var unknown: [String] = []

  private var shell: (canvas: Canvas, cursor: Point)?
  private var savedCursor = Point(0, 0)
  private var isWrapPending = false
  private var isInserting = false
  private var top = 0
  private var bottom: Int
  private var lastPrinted: Unicode.Scalar = " "
  /// Line-drawing in G0 and G1, and which of them is active.
  private var drawsLines = [false, false]
  private var activeSet = 0
  private var parser = Parser.ground
  private var partial: [UInt8] = []

  private enum Parser {
    case ground, escape, control, command, commandEscape
    case charset(Int)
  }

  init(size: Size) {
    canvas = Canvas(size: size)
    bottom = size.rows - 1
  }

  private var size: Size { canvas.size }

  // MARK: Reading it

  /// The rows as text, trailing blanks cut.
  var lines: [String] { (0..<size.rows).map(line) }

  /// All rows, joined by newlines.
  var text: String { lines.joined(separator: "\n") }

  func contains(_ text: String) -> Bool { self.text.contains(text) }

  func line(_ row: Int) -> String {
    var scalars = String.UnicodeScalarView()
    for column in 0..<size.columns where canvas[column, row].glyph != .continuation {
      scalars.append(canvas[column, row].glyph.scalar)
    }
    var line = String(scalars)
    while line.last == " " { line.removeLast() }
    return line
  }

  var isAlternate: Bool { modes.contains(1049) }
  var isCursorVisible: Bool { modes.contains(25) }

  // MARK: Feeding it

  /// The window got a new size; what still fits stays.
  mutating func resize(to size: Size) {
    canvas = canvas.cropped(to: size)
    if let shell { self.shell = (shell.canvas.cropped(to: size), shell.cursor) }
    (top, bottom) = (0, size.rows - 1)
    move(to: cursor)
  }

  mutating func feed(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { feed(byte) }
  }

  private mutating func feed(_ byte: UInt8) {
    switch parser {
    case .ground: feedText(byte)
    case .escape: feedEscape(byte)
    case .charset(let index):
      drawsLines[index] = byte == UInt8(ascii: "0")
      parser = .ground
    case .control:
      partial.append(byte)
      guard (0x40...0x7E).contains(byte) else { return }
      parser = .ground
      control(String(decoding: partial.dropLast(), as: UTF8.self), Character(Unicode.Scalar(byte)))
      partial = []
    case .command:
      switch byte {
      case 0x07: endCommand()
      case 0x1B: parser = .commandEscape
      default: partial.append(byte)
      }
    case .commandEscape: endCommand()
    }
  }

  private mutating func feedText(_ byte: UInt8) {
    if !partial.isEmpty || byte >= 0x80 {
      partial.append(byte)
      let lead = partial[0]
      let needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
      guard partial.count >= needed else { return }
      for scalar in String(decoding: partial, as: UTF8.self).unicodeScalars { put(scalar) }
      partial = []
      return
    }
    switch byte {
    case 0x07: break
    case 0x08: move(to: Point(cursor.column - 1, cursor.row))
    case 0x09: move(to: Point((cursor.column / 8 + 1) * 8, cursor.row))
    case 0x0A...0x0C: lineFeed()
    case 0x0D: move(to: Point(0, cursor.row))
    case 0x0E: activeSet = 1
    case 0x0F: activeSet = 0
    case 0x1B: parser = .escape
    case 0x20...0x7E: put(Unicode.Scalar(byte))
    default: unknown.append("byte \(byte)")
    }
  }

  private mutating func feedEscape(_ byte: UInt8) {
    parser = .ground
    switch Character(Unicode.Scalar(byte)) {
    case "[": parser = .control
    case "]": parser = .command
    case "(": parser = .charset(0)
    case ")": parser = .charset(1)
    case "7": savedCursor = cursor
    case "8": move(to: savedCursor)
    case "D": lineFeed()
    case "E":
      move(to: Point(0, cursor.row))
      lineFeed()
    case "M":
      if cursor.row == top { scroll(by: -1, from: top) } else { move(to: Point(cursor.column, cursor.row - 1)) }
    case "=", ">", "\\": break
    case let other: unknown.append("ESC \(other)")
    }
  }

  private mutating func endCommand() {
    let text = String(decoding: partial, as: UTF8.self)
    if text.hasPrefix("0;") || text.hasPrefix("2;") { title = String(text.dropFirst(2)) }
    partial = []
    parser = .ground
  }

  // MARK: Control sequences

  private mutating func control(_ parameters: String, _ final: Character) {
    if parameters.first == "?" {
      for mode in parameters.dropFirst().split(separator: ";").compactMap({ Int($0) }) { setMode(mode, final == "h") }
      return
    }
    let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    let first = numbers.first ?? 0
    let count = max(first, 1)
    switch final {
    case "A": move(to: Point(cursor.column, cursor.row - count))
    case "B": move(to: Point(cursor.column, cursor.row + count))
    case "C": move(to: Point(cursor.column + count, cursor.row))
    case "D": move(to: Point(cursor.column - count, cursor.row))
    case "G", "`": move(to: Point(count - 1, cursor.row))
    case "d": move(to: Point(cursor.column, count - 1))
    case "H", "f": move(to: Point(max(numbers.count > 1 ? numbers[1] : 1, 1) - 1, count - 1))
    case "J": eraseDisplay(first)
    case "K": eraseLine(first)
    case "L": if (top...bottom).contains(cursor.row) { scroll(by: -count, from: cursor.row) }
    case "M": if (top...bottom).contains(cursor.row) { scroll(by: count, from: cursor.row) }
    case "S": scroll(by: count, from: top)
    case "T": scroll(by: -count, from: top)
    case "P": shiftLine(by: -count)
    case "@": shiftLine(by: count)
    case "X": erase(row: cursor.row, cursor.column..<min(cursor.column + count, size.columns))
    case "b": for _ in 0..<count { put(lastPrinted) }
    case "Z": move(to: Point(max((cursor.column - 1) / 8 * 8, 0), cursor.row))
    case "h", "l": if first == 4 { isInserting = final == "h" }
    case "m": style.apply(parameters)
    case "r":
      top = max(first, 1) - 1
      bottom = min(numbers.count > 1 && numbers[1] > 0 ? numbers[1] : size.rows, size.rows) - 1
      move(to: Point(0, 0))
    case "t": break
    default: unknown.append("CSI \(parameters)\(final)")
    }
  }

  private mutating func setMode(_ mode: Int, _ isSet: Bool) {
    if mode == 1049 && isSet != isAlternate {
      if isSet {
        shell = (canvas, cursor)
        canvas = Canvas(size: size)
      } else if let shell {
        canvas = shell.canvas
        move(to: shell.cursor)
      }
    }
    if isSet { modes.insert(mode) } else { modes.remove(mode) }
  }

  // MARK: Cells

  private var erased: Cell { Cell(Glyph(" "), Style(.standard, on: style.background)) }

  private mutating func move(to place: Point) {
    isWrapPending = false
    cursor = Point(min(max(place.column, 0), size.columns - 1), min(max(place.row, 0), size.rows - 1))
  }

  private mutating func put(_ typed: Unicode.Scalar) {
    let scalar = drawsLines[activeSet] ? Self.lineDrawing[typed] ?? typed : typed
    let width = Self.isWide(scalar) ? 2 : 1
    if isWrapPending || cursor.column + width > size.columns, modes.contains(7) {
      move(to: Point(0, cursor.row))
      lineFeed()
    }
    if isInserting { shiftLine(by: width) }
    breakWideGlyphs(at: cursor.column, width: width)
    canvas[cursor.column, cursor.row] = Cell(Glyph(scalar), style)
    if width == 2 { canvas[cursor.column + 1, cursor.row] = Cell(.continuation, style) }
    lastPrinted = typed
    let column = cursor.column + width
    cursor.column = min(column, size.columns - 1)
    isWrapPending = column >= size.columns
  }

  /// Writing over one half of a wide glyph blanks the other.
  private mutating func breakWideGlyphs(at column: Int, width: Int) {
    let row = cursor.row
    if canvas[column, row].glyph == .continuation { canvas[column - 1, row].glyph = Glyph(" ") }
    if canvas[column + width, row].glyph == .continuation { canvas[column + width, row].glyph = Glyph(" ") }
  }

  private mutating func lineFeed() {
    if cursor.row == bottom {
      scroll(by: 1, from: top)
    } else {
      move(to: Point(cursor.column, cursor.row + 1))
    }
  }

  /// Moves rows `first` … bottom of the scrolling region up, or down for a negative count.
  private mutating func scroll(by count: Int, from first: Int) {
    // Bytes for another size, underway while the terminal was resized, may name a region that is not there.
    guard first <= bottom else { return }
    let old = canvas
    for row in first...bottom {
      for column in 0..<size.columns {
        let source = row + count
        canvas[column, row] = (first...bottom).contains(source) ? old[column, source] : erased
      }
    }
  }

  private mutating func shiftLine(by count: Int) {
    let old = canvas
    for column in cursor.column..<size.columns {
      let source = column - count
      canvas[column, cursor.row] =
        (cursor.column..<size.columns).contains(source) ? old[source, cursor.row] : erased
    }
  }

  private mutating func erase(row: Int, _ columns: Range<Int>) {
    for column in columns { canvas[column, row] = erased }
  }

  private mutating func eraseLine(_ what: Int) {
    switch what {
    case 0: erase(row: cursor.row, cursor.column..<size.columns)
    case 1: erase(row: cursor.row, 0..<(cursor.column + 1))
    default: erase(row: cursor.row, 0..<size.columns)
    }
  }

  private mutating func eraseDisplay(_ what: Int) {
    if what < 2 { eraseLine(what) }
    let below = (cursor.row + 1)..<max(size.rows, cursor.row + 1)
    for row in what == 0 ? below : what == 1 ? 0..<cursor.row : 0..<size.rows { erase(row: row, 0..<size.columns) }
  }

  // MARK: Tables

  private static let lineDrawing: [Unicode.Scalar: Unicode.Scalar] = [
    "q": "─", "x": "│", "l": "┌", "k": "┐", "m": "└", "j": "┘", "t": "├", "u": "┤", "v": "┴", "w": "┬", "n": "┼",
    "a": "▒",
  ]

  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0x1F300...0x1F64F, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}

extension Canvas {
  /// The same cells in a canvas of another size.
  fileprivate func cropped(to size: Size) -> Canvas {
    var result = Canvas(size: size)
    for row in 0..<min(size.rows, self.size.rows) {
      for column in 0..<min(size.columns, self.size.columns) { result[column, row] = self[column, row] }
    }
    return result
  }
}
