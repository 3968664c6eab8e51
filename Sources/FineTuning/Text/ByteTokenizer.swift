/// Bytes as tokens: 0 … 255, with the model's special tokens above them where it has any.
public struct ByteTokenizer: Sendable {
  public init() {}

  public func encode(_ text: String) -> [Int32] { text.utf8.map(Int32.init) }

  /// One token as a person reads it: letters as they are, white space and everything unprintable as a visible sign.
  public func glyph(of token: Int32) -> String {
    switch token {
    case 32: "␣"
    case 10: "↵"
    case 9: "⇥"
    case 33...126: String(UnicodeScalar(UInt8(token)))
    case 0...255: "·"
    default: "◆"
    }
  }

  /// Tokens as one line of text, a sign a token.
  public func line(_ tokens: some Sequence<Int32>) -> String {
    tokens.map { $0 == 32 ? " " : glyph(of: $0) }.joined()
  }
}
