import HostileInput
import Testing
import Workbench

@testable import TerminalHost

/// Bent escape sequences, torn anywhere.
@Suite struct HostileKeysTests {
  private static let sequences = [
    "ab\u{1B}[A\u{1B}[1;5C\u{1B}OP\u{1B}[<0;12;7M\u{1B}[200~paste\u{1B}[201~\u{1B}]11;rgb:0/0/0\u{7}é漢",
    "\u{1B}[27;5;97~\u{1B}[97;5u\u{1B}[M !!\u{1B}[[A\u{1B}Pdcs\u{1B}\\\u{1B}\u{1B}[3~\u{1B}[I\u{1B}[O",
  ]

  /// Every byte is taken in, no more events come out than bytes went in, and a pause always ends what is torn.
  @Test func bentSequencesAreDecoded() {
    let words = ["\u{1B}[", "\u{1B}]", "\u{1B}O", "\u{1B}[200~", "\u{1B}[201~", ";", "M", "u", "~", "\u{1B}[<"]
    let slowest = Campaign("keys-typed", Self.sequences, words: words, count: 5000).run { bent in
      var random = bent.random
      var decoder = InputDecoder()
      var whole = InputDecoder()
      var rest = bent.bytes[...]
      var events: [InputEvent] = []
      while !rest.isEmpty {
        let piece = rest.prefix(Int.random(in: 1...40, using: &random))
        events += decoder.decode(piece)
        rest = rest.dropFirst(piece.count)
      }
      #expect(events == whole.decode(bent.bytes), "\(bent)")
      #expect(events.count <= bent.bytes.count, "\(bent)")
      _ = decoder.flush()
      #expect(!decoder.isPending, "\(bent)")
    }
    #expect(slowest.seconds < 10, "case \(slowest.number)")
  }
}
