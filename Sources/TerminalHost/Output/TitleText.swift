import Canvas

/// The text of a window title.
enum TitleText {
  /// Terminals cut titles themselves; this only keeps a runaway string from the wire.
  static let longest = 200

  /// Without control characters, which could end the title and start a sequence of their own.
  static func sanitized(_ title: String, isUnicode: Bool) -> String {
    let printable = title.unicodeScalars.lazy
      .filter { $0.properties.generalCategory != .control }
      .map { isUnicode ? $0 : Glyph($0).ascii.scalar }
    return String(String.UnicodeScalarView(printable.prefix(longest)))
  }
}
