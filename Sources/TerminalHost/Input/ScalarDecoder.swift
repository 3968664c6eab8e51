/// Decodes UTF-8 a byte at a time.
///
/// What is ill-formed yields one replacement for each maximal part that could have begun a character, as
/// the Unicode Standard recommends (chapter 3, "U+FFFD Substitution of Maximal Subparts").
struct ScalarDecoder: Sendable {
  enum Result: Equatable, Sendable {
    case scalar(Unicode.Scalar)
    case invalid
  }

  private var value: UInt32 = 0
  private var remaining = 0
  /// What the next byte may be: narrower than 80 … BF only after some lead bytes.
  private var allowed: ClosedRange<UInt8> = 0x80...0xBF

  var isPending: Bool { remaining > 0 }

  /// Takes one byte: nothing while a character is incomplete, two results where the byte breaks one off.
  mutating func take(_ byte: UInt8) -> [Result] {
    if remaining > 0 {
      if allowed.contains(byte) {
        value = value << 6 | UInt32(byte & 0x3F)
        remaining -= 1
        allowed = 0x80...0xBF
        guard remaining == 0 else { return [] }
        return [Unicode.Scalar(value).map(Result.scalar) ?? .invalid]
      }
      remaining = 0
      return [.invalid] + start(byte)
    }
    return start(byte)
  }

  /// Gives up an incomplete character; returns whether there was one.
  mutating func flush() -> Bool {
    defer { remaining = 0 }
    return remaining > 0
  }

  private mutating func start(_ byte: UInt8) -> [Result] {
    allowed = 0x80...0xBF
    switch byte {
    case 0x00...0x7F:
      return [.scalar(Unicode.Scalar(byte))]
    case 0xC2...0xDF:
      (value, remaining) = (UInt32(byte & 0x1F), 1)
    case 0xE0...0xEF:
      (value, remaining) = (UInt32(byte & 0x0F), 2)
      // No overlong forms, no surrogates.
      if byte == 0xE0 { allowed = 0xA0...0xBF }
      if byte == 0xED { allowed = 0x80...0x9F }
    case 0xF0...0xF4:
      (value, remaining) = (UInt32(byte & 0x07), 3)
      if byte == 0xF0 { allowed = 0x90...0xBF }
      if byte == 0xF4 { allowed = 0x80...0x8F }
    default:
      return [.invalid]
    }
    return []
  }
}
