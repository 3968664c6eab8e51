import Workbench

/// A complete control sequence (ESC [ parameters final) or single shift (ESC O parameters final).
struct ControlSequence {
  /// `<`, `=`, `>` or `?` before the numbers.
  let prefix: UInt8?
  /// The numbers between semicolons; what is left out is 0, what is too large stops beyond the last character.
  let numbers: [Int]
  let final: UInt8
  let alt: Bool

  init(parameters: [UInt8], final: UInt8, alt: Bool) {
    self.final = final
    self.alt = alt
    prefix = parameters.first.flatMap { (0x3C...0x3F).contains($0) ? $0 : nil }
    let digits = prefix == nil ? parameters[...] : parameters.dropFirst()
    numbers = digits.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { field in
      // A colon starts sub-parameters (the kitty protocol's alternate keys), which add nothing here.
      field.prefix { $0 != UInt8(ascii: ":") }.reduce(0) { value, digit in
        guard case 0x30...0x39 = digit else { return value }
        return min(value * 10 + Int(digit - 0x30), 0x11_0000)
      }
    }
  }

  func number(_ index: Int) -> Int { index < numbers.count ? numbers[index] : 0 }

  var opensPaste: Bool { prefix == nil && final == UInt8(ascii: "~") && number(0) == 200 }

  /// What the sequence means, or nil where it means nothing here.
  var event: InputEvent? {
    switch (prefix, final) {
    case (UInt8(ascii: "<"), UInt8(ascii: "M")): mouse(isRelease: false).map(InputEvent.mouse)
    case (UInt8(ascii: "<"), UInt8(ascii: "m")): mouse(isRelease: true).map(InputEvent.mouse)
    case (nil, UInt8(ascii: "I")): .focus(true)
    case (nil, UInt8(ascii: "O")): .focus(false)
    case (nil, _): key.map(InputEvent.key)
    default: nil
    }
  }

  /// The modifiers of a parameter as xterm counts them: 1 + shift + 2 alt + 4 control + 8 meta.
  func modifiers(at index: Int) -> KeyPress.Modifiers {
    let bits = max(number(index) - 1, 0)
    var modifiers: KeyPress.Modifiers = alt ? .alt : []
    if bits & 1 != 0 { modifiers.insert(.shift) }
    if bits & (2 | 8) != 0 { modifiers.insert(.alt) }
    if bits & 4 != 0 { modifiers.insert(.control) }
    return modifiers
  }
}
