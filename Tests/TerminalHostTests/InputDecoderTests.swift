import Canvas
import Testing
import Workbench

@testable import TerminalHost

struct InputDecoderTests {
  typealias Modifiers = KeyPress.Modifiers

  struct Case: CustomTestStringConvertible, Sendable {
    let bytes: [UInt8]
    let events: [InputEvent]
    var testDescription: String { String(decoding: bytes, as: UTF8.self).debugDescription }

    init(_ text: String, _ events: InputEvent...) { (bytes, self.events) = (Array(text.utf8), events) }
    init(_ bytes: [UInt8], _ events: InputEvent...) { (self.bytes, self.events) = (bytes, events) }
  }

  private static func key(_ key: KeyPress.Key, _ modifiers: Modifiers = []) -> InputEvent {
    .key(KeyPress(key, modifiers))
  }

  private static func mouse(_ action: MouseEvent.Action, _ column: Int, _ row: Int, _ m: Modifiers = []) -> InputEvent {
    .mouse(MouseEvent(action, at: Point(column, row), modifiers: m))
  }

  /// Complete input: what xterm(ctlseqs), tmux, console_codes(4) and rxvt send.
  static let complete: [Case] = [
    // Characters and control keys.
    Case("aZ ", key(.character("a")), key(.character("Z")), key(.character(" "))),
    Case("é漢🙂", key(.character("é")), key(.character("漢")), key(.character("🙂"))),
    Case("\r", key(.enter)), Case("\n", key(.enter)), Case("\t", key(.tab)),
    Case("\u{7F}", key(.backspace)), Case("\u{08}", key(.backspace)),
    Case("\u{01}", key(.character("a"), .control)), Case("\u{1A}", key(.character("z"), .control)),
    Case("\u{00}", key(.character(" "), .control)), Case("\u{1C}", key(.character("\\"), .control)),
    Case("\u{1F}", key(.character("_"), .control)),
    // Alt.
    Case("\u{1B}x", key(.character("x"), .alt)), Case("\u{1B}é", key(.character("é"), .alt)),
    Case("\u{1B}\r", key(.enter, .alt)), Case("\u{1B}\u{7F}", key(.backspace, .alt)),
    Case("\u{1B}\u{01}", key(.character("a"), [.alt, .control])),
    Case("\u{1B}\u{1B}x", key(.escape), key(.character("x"), .alt)),
    Case("\u{1B}\u{1B}[A", key(.up, .alt)), Case("\u{1B}\u{1B}OA", key(.up, .alt)),
    // Cursor keys.
    Case("\u{1B}[A", key(.up)), Case("\u{1B}[B", key(.down)), Case("\u{1B}[C", key(.right)),
    Case("\u{1B}[D", key(.left)), Case("\u{1B}[H", key(.home)), Case("\u{1B}[F", key(.end)),
    Case("\u{1B}OA", key(.up)), Case("\u{1B}OH", key(.home)), Case("\u{1B}OF", key(.end)),
    Case("\u{1B}[1;2A", key(.up, .shift)), Case("\u{1B}[1;3B", key(.down, .alt)),
    Case("\u{1B}[1;5C", key(.right, .control)), Case("\u{1B}[1;8D", key(.left, [.shift, .alt, .control])),
    Case("\u{1B}[1;9A", key(.up, .alt)), Case("\u{1B}[Z", key(.tab, .shift)),
    Case("\u{1B}[a", key(.up, .shift)), Case("\u{1B}[d", key(.left, .shift)), Case("\u{1B}Oc", key(.right, .control)),
    // Editing keys.
    Case("\u{1B}[1~", key(.home)), Case("\u{1B}[2~", key(.insert)), Case("\u{1B}[3~", key(.delete)),
    Case("\u{1B}[4~", key(.end)), Case("\u{1B}[5~", key(.pageUp)), Case("\u{1B}[6~", key(.pageDown)),
    Case("\u{1B}[7~", key(.home)), Case("\u{1B}[8~", key(.end)), Case("\u{1B}[3;5~", key(.delete, .control)),
    Case("\u{1B}[3$", key(.delete, .shift)), Case("\u{1B}[5^", key(.pageUp, .control)),
    Case("\u{1B}[6@", key(.pageDown, [.shift, .control])),
    // Function keys.
    Case("\u{1B}OP", key(.function(1))), Case("\u{1B}OS", key(.function(4))),
    Case("\u{1B}[1;5P", key(.function(1), .control)), Case("\u{1B}O5P", key(.function(1), .control)),
    Case("\u{1B}O1;2Q", key(.function(2), .shift)), Case("\u{1B}[11~", key(.function(1))),
    Case("\u{1B}[15~", key(.function(5))), Case("\u{1B}[17~", key(.function(6))),
    Case("\u{1B}[21~", key(.function(10))),
    Case("\u{1B}[24~", key(.function(12))), Case("\u{1B}[24;2~", key(.function(12), .shift)),
    Case("\u{1B}[34~", key(.function(20))), Case("\u{1B}[[A", key(.function(1))), Case("\u{1B}[[E", key(.function(5))),
    // Keypad.
    Case("\u{1B}OM", key(.enter)), Case("\u{1B}Op", key(.character("0"))), Case("\u{1B}Ok", key(.character("+"))),
    // Keys spelled out: CSI u and modifyOtherKeys.
    Case("\u{1B}[97;5u", key(.character("a"), .control)), Case("\u{1B}[13;2u", key(.enter, .shift)),
    Case("\u{1B}[27;5;9~", key(.tab, .control)), Case("\u{1B}[128578u", key(.character("🙂"))),
    // Mouse.
    Case("\u{1B}[<0;1;1M", mouse(.press(.left), 0, 0)), Case("\u{1B}[<0;3;4m", mouse(.release(.left), 2, 3)),
    Case("\u{1B}[<1;3;4M", mouse(.press(.middle), 2, 3)), Case("\u{1B}[<2;300;100M", mouse(.press(.right), 299, 99)),
    Case("\u{1B}[<32;3;4M", mouse(.drag(.left), 2, 3)), Case("\u{1B}[<34;3;4M", mouse(.drag(.right), 2, 3)),
    Case("\u{1B}[<35;3;4M", mouse(.move, 2, 3)), Case("\u{1B}[<32;3;4m", mouse(.release(.left), 2, 3)),
    Case("\u{1B}[<64;3;4M", mouse(.wheelUp, 2, 3)), Case("\u{1B}[<65;3;4M", mouse(.wheelDown, 2, 3)),
    Case("\u{1B}[<4;3;4M", mouse(.press(.left), 2, 3, .shift)),
    Case("\u{1B}[<8;3;4M", mouse(.press(.left), 2, 3, .alt)),
    Case("\u{1B}[<80;3;4M", mouse(.wheelUp, 2, 3, .control)), Case("\u{1B}[<0;0;0M", mouse(.press(.left), 0, 0)),
    Case("\u{1B}[<66;3;4M"), Case("\u{1B}[<128;3;4M"), Case("\u{1B}[<0;3M"), Case("\u{1B}[<3;3;4M"),
    Case("\u{1B}[M !!x", key(.character("x"))),
    // Focus and paste.
    Case("\u{1B}[I\u{1B}[O", .focus(true), .focus(false)),
    Case("\u{1B}[200~text\u{1B}[201~x", .paste("text"), key(.character("x"))),
    Case("\u{1B}[200~\u{1B}[201~", .paste("")),
    Case("\u{1B}[200~a\rb\r\nc\nd\te\u{1B}[201~", .paste("a\nb\nc\nd\te")),
    Case("\u{1B}[200~\u{1B}[A\u{1B}[200~\u{3}\u{1B}\u{1B}[201~", .paste("[A[200~")),
    Case("\u{1B}[200~é\u{9B}漢\u{1B}[201~", .paste("é漢")),
    Case([0x1B] + Array("[200~".utf8) + [0xC3] + Array("\u{1B}[201~".utf8), .paste("\u{FFFD}")),
    // What is swallowed.
    Case("\u{1B}]2;a title\u{07}x", key(.character("x"))), Case("\u{1B}]2;a\u{1B}\\x", key(.character("x"))),
    Case("\u{1B}P1$r0m\u{1B}\\x", key(.character("x"))), Case("\u{1B}]2;a\u{1B}[A", key(.up)),
    Case("\u{1B}[?2026;1$yx", key(.character("x"))), Case("\u{1B}[?62;4cx", key(.character("x"))),
    Case("\u{1B}[999~x", key(.character("x"))), Case("\u{1B}[201~x", key(.character("x"))),
    Case("\u{1B}[99999999999999999999~x", key(.character("x"))), Case("\u{1B}[1;\u{18}x", key(.character("x"))),
    Case("\u{1B}[1;\u{1B}[A", key(.up)), Case("\u{1B}[1\rx", key(.enter), key(.character("x"))),
    Case("\u{1B}[" + String(repeating: "1;", count: 500) + "Ax", key(.character("x"))),
    Case("\u{85}x", key(.character("x"))),
    // Ill-formed UTF-8.
    Case([0xFF, 0x61], key(.character("\u{FFFD}")), key(.character("a"))),
    Case([0xC3, 0x61], key(.character("\u{FFFD}")), key(.character("a"))),
    Case([0xE2, 0x82, 0x1B, 0x5B, 0x41], key(.character("\u{FFFD}")), key(.up)),
    Case([0x1B, 0xC3, 0x61], key(.character("\u{FFFD}"), .alt), key(.character("a"))),
  ]

  @Test(arguments: complete)
  func decodes(_ sample: Case) {
    var decoder = InputDecoder()
    #expect(decoder.decode(sample.bytes) == sample.events)
    #expect(!decoder.isPending)
    #expect(decoder.flush().isEmpty)
  }

  @Test(arguments: complete)
  func decodesTheSameInPieces(_ sample: Case) {
    var bytewise = InputDecoder()
    #expect(sample.bytes.flatMap { bytewise.decode([$0]) } == sample.events)
    for boundary in sample.bytes.indices {
      var decoder = InputDecoder()
      let events = decoder.decode(sample.bytes[..<boundary]) + decoder.decode(sample.bytes[boundary...])
      #expect(events == sample.events, "split at \(boundary)")
    }
  }

  /// A sequence leaves nothing behind that changes what follows.
  @Test func decodesOneAfterTheOther() {
    var decoder = InputDecoder()
    #expect(decoder.decode(Self.complete.flatMap(\.bytes)) == Self.complete.flatMap(\.events))
  }

  @Test(arguments: [
    Case("\u{1B}", key(.escape)), Case("\u{1B}\u{1B}", key(.escape), key(.escape)),
    Case("\u{1B}[", key(.character("["), .alt)), Case("\u{1B}O", key(.character("O"), .alt)),
    Case("\u{1B}]", key(.character("]"), .alt)), Case("\u{1B}P", key(.character("P"), .alt)),
    Case([0xE2, 0x82], key(.character("\u{FFFD}"))), Case([0x1B, 0xC3], key(.character("\u{FFFD}"), .alt)),
    Case("\u{1B}[1;"), Case("\u{1B}[["), Case("\u{1B}[M "), Case("\u{1B}O5"), Case("\u{1B}]2;title"),
    Case("\u{1B}]2;title\u{1B}"),
  ])
  func aPauseDecides(_ sample: Case) {
    var decoder = InputDecoder()
    #expect(decoder.decode(sample.bytes).isEmpty)
    #expect(decoder.isPending)
    #expect(decoder.flush() == sample.events)
    #expect(!decoder.isPending)
    #expect(decoder.decode("x".utf8) == [Self.key(.character("x"))])
  }

  @Test func aPauseDoesNotEndAPaste() {
    var decoder = InputDecoder()
    #expect(decoder.decode("\u{1B}[200~one ".utf8).isEmpty)
    #expect(!decoder.isPending)
    #expect(decoder.flush().isEmpty)
    #expect(decoder.decode("two\u{1B}[201~".utf8) == [.paste("one two")])
  }

  @Test func aPasteIsBounded() {
    var decoder = InputDecoder()
    var events = decoder.decode("\u{1B}[200~".utf8)
    events += decoder.decode(repeatElement(UInt8(ascii: "a"), count: InputDecoder.longestPaste + 1000))
    events += decoder.decode("\u{1B}[201~x".utf8)
    let kept = String(repeating: "a", count: InputDecoder.longestPaste)
    #expect(events == [.paste(kept), Self.key(.character("x"))])
  }

  /// Two bytes of anything after every prefix that leads somewhere: never stuck, never a control character as text.
  @Test func everyByteAfterEveryPrefixIsSurvived() {
    let escape = "\u{1B}"
    for prefix in ["", escape] + [escape, "[", "[1;5", "[<0;1", "[[", "O", "]0;"].map({ escape + $0 }) {
      for pair in 0...0xFFFF {
        var decoder = InputDecoder()
        var events = decoder.decode(Array(prefix.utf8) + [UInt8(pair >> 8), UInt8(pair & 0xFF)])
        events += decoder.flush()
        if decoder.isPending || events.contains(where: Self.isControlText) {
          Issue.record("\(prefix.debugDescription) and \(pair): \(events)")
        }
      }
    }
  }

  /// The standard library is the yardstick: both follow the Unicode Standard's recommendation.
  @Test func illFormedUTF8DecodesAsTheStandardLibraryDoes() {
    var generator = RepeatableGenerator(state: 1)
    let interesting: [UInt8] = [
      0x41, 0x80, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF,
    ]
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 1...8, using: &generator)).map { _ in
        interesting.randomElement(using: &generator) ?? 0
      }
      var decoder = ScalarDecoder()
      var scalars = bytes.flatMap { decoder.take($0) }.map { result in
        if case .scalar(let scalar) = result { scalar } else { Unicode.Scalar(0xFFFD as UInt16) ?? "?" }
      }
      if decoder.flush() { scalars.append("\u{FFFD}") }
      #expect(scalars == Array(String(decoding: bytes, as: UTF8.self).unicodeScalars), "\(bytes)")
    }
  }

  private static func isControlText(_ event: InputEvent) -> Bool {
    guard case .key(let press) = event, case .character(let character) = press.key else { return false }
    return character.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}

/// SplitMix64, so that a failing case can be repeated.
struct RepeatableGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
