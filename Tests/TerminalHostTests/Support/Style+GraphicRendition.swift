import Canvas

extension Style {
  /// Applies the parameters of a Select Graphic Rendition sequence.
  mutating func apply(_ parameters: String) {
    var rest = parameters.split(omittingEmptySubsequences: false) { $0 == ";" || $0 == ":" }.map { Int($0) ?? 0 }[...]
    while let code = rest.popFirst() {
      switch code {
      case 0: self = .plain
      case 1: attributes.insert(.bold)
      case 2: attributes.insert(.dim)
      case 3: attributes.insert(.italic)
      case 4: attributes.insert(.underline)
      case 7: attributes.insert(.reverse)
      case 22: attributes.subtract([.bold, .dim])
      case 23: attributes.remove(.italic)
      case 24: attributes.remove(.underline)
      case 27: attributes.remove(.reverse)
      case 30...37: foreground = .indexed(UInt8(code - 30))
      case 90...97: foreground = .indexed(UInt8(code - 82))
      case 39: foreground = .standard
      case 40...47: background = .indexed(UInt8(code - 40))
      case 100...107: background = .indexed(UInt8(code - 92))
      case 49: background = .standard
      case 38: foreground = Self.extended(&rest) ?? foreground
      case 48: background = Self.extended(&rest) ?? background
      default: break
      }
    }
  }

  private static func extended(_ rest: inout ArraySlice<Int>) -> Color? {
    switch rest.popFirst() {
    case 5: return rest.popFirst().map { .indexed(UInt8(clamping: $0)) }
    case 2:
      // With colons a colour-space number, empty as a rule, stands before the three.
      let numbers = rest.count > 3 && rest.first == 0 ? rest.dropFirst().prefix(3) : rest.prefix(3)
      rest = rest[numbers.endIndex...]
      let bytes = numbers.map { UInt8(clamping: $0) }
      return bytes.count == 3 ? .rgb(bytes[0], bytes[1], bytes[2]) : nil
    default: return nil
    }
  }
}
