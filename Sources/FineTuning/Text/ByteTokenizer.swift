/// Bytes as tokens: 0 … 255, with the model's special tokens above them where it has any.
public struct ByteTokenizer: Hashable, Sendable {
  /// V, tokens that there are; ids from 256 on are specials.
  public let vocabularySize: Int
  /// What specials are called, by id, such as `256: "bos"`; a special without a name shows its id.
  public let specialNames: [Int32: String]

  public init(vocabularySize: Int = 256, specialNames: [Int32: String] = [:]) {
    self.vocabularySize = vocabularySize
    self.specialNames = specialNames.filter { $0.key >= 256 && $0.key < vocabularySize }
  }

  public func encode(_ text: String) -> [Int32] { text.utf8.map(Int32.init) }

  /// Any bytes, UTF-8 or not; `decode` gives them back.
  public func encode(_ bytes: some Sequence<UInt8>) -> [Int32] { bytes.map(Int32.init) }

  /// The bytes among the tokens; specials stand for none.
  public func decode(_ tokens: some Sequence<Int32>) -> [UInt8] { tokens.compactMap(UInt8.init(exactly:)) }

  /// The special of this name.
  public func special(named name: String) -> Int32? { specialNames.first { $0.value == name }?.key }

  /// Tokens as text for a screen: letters of every script and line ends as they are, broken UTF-8 and control characters as
  /// visible signs, specials by name.
  public func text(_ tokens: some Sequence<Int32>) -> String {
    var text = ""
    var bytes: [UInt8] = []
    for token in tokens {
      if let byte = UInt8(exactly: token) {
        bytes.append(byte)
      } else {
        text += Self.visible(bytes) + "‹" + Self.visible(Array(name(of: token).utf8)) + "›"
        bytes.removeAll()
      }
    }
    return text + Self.visible(bytes)
  }

  private func name(of special: Int32) -> String { specialNames[special] ?? String(special) }

  private static func visible(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.reduce(into: "") { text, scalar in
      switch (scalar.value, scalar.properties.generalCategory) {
      case (10, _): text.unicodeScalars.append(scalar)
      // Unicode has a picture for each of these.
      case (0..<32, _): text.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
      case (127, _): text += "\u{2421}"
      // Some of these turn the direction of what follows or hide it.
      case (_, .control), (_, .format), (_, .lineSeparator), (_, .paragraphSeparator): text += "\u{FFFD}"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }

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
