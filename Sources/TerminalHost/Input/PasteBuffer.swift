/// Collects what stands between the marks of a bracketed paste.
///
/// Only the closing mark ends it: other escape sequences in a paste are text without effect. The text keeps its
/// newlines (CR and CR LF become LF) and tabs; other control characters are left out.
struct PasteBuffer: Sendable {
  private static let closingMark = Array("\u{1B}[201~".utf8)

  private let limit: Int
  private var bytes: [UInt8] = []
  /// Bytes of the closing mark seen so far.
  private var matched = 0

  init(limit: Int) { self.limit = limit }

  /// Takes one byte; returns the text when it completes the closing mark.
  mutating func take(_ byte: UInt8) -> String? {
    if byte == Self.closingMark[matched] {
      matched += 1
      return matched == Self.closingMark.count ? text : nil
    }
    // The mark's first byte occurs only at its start, so a mismatch can only begin a new match at this byte.
    for byte in Self.closingMark.prefix(matched) { append(byte) }
    matched = 0
    if byte == Self.closingMark[0] { matched = 1 } else { append(byte) }
    return nil
  }

  private mutating func append(_ byte: UInt8) {
    if bytes.count < limit { bytes.append(byte) }
  }

  private var text: String {
    var decoder = ScalarDecoder()
    var scalars = String.UnicodeScalarView()
    var isAfterReturn = false
    for byte in bytes {
      for result in decoder.take(byte) {
        guard case .scalar(let scalar) = result else {
          scalars.append("\u{FFFD}")
          continue
        }
        switch scalar {
        case "\r": scalars.append("\n")
        case "\n" where isAfterReturn: break
        case "\n", "\t": scalars.append(scalar)
        case _ where scalar.properties.generalCategory == .control: break
        default: scalars.append(scalar)
        }
        isAfterReturn = scalar == "\r"
      }
    }
    // A character that the limit or the closing mark cut off.
    if decoder.flush() { scalars.append("\u{FFFD}") }
    return String(scalars)
  }
}
