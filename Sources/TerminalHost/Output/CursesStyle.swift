import CNcurses
import Canvas

/// How ncurses names the styles of a canvas, for a terminal of a given depth.
struct CursesPalette {
  let depth: ColorDepth
  /// Colours the terminal has, as ncurses counts them.
  let colorCount: Int

  /// A palette of the wanted depth, or of the best that the colours of terminfo allow.
  init(depth: ColorDepth, colorCount: Int) {
    self.colorCount = colorCount
    self.depth =
      switch (depth, colorCount) {
      case (_, ..<8): .mono
      case (.trueColor, 256..<Self.directColorCount): .indexed256
      case (.trueColor, ..<256), (.indexed256, ..<256): .ansi16
      default: depth
      }
  }

  /// From here on a colour number is a packed 24-bit value.
  private static let directColorCount = 1 << 24

  /// A style's attribute flags and colours.
  func style(_ style: Style) -> (attributes: UInt32, colors: ColorPair) {
    var flags = Self.flags(style.attributes)
    let foreground = number(style.foreground)
    // Terminals of 8 colours show the bright half of the 16 as bold.
    if depth == .ansi16 && colorCount < 16 && foreground >= 8 { flags |= UInt32(CN_BOLD) }
    let colors = ColorPair(foreground: folded(foreground), background: folded(number(style.background)))
    return (flags, colors)
  }

  private static func flags(_ attributes: Style.Attributes) -> UInt32 {
    var flags: UInt32 = 0
    if attributes.contains(.bold) { flags |= UInt32(CN_BOLD) }
    if attributes.contains(.dim) { flags |= UInt32(CN_DIM) }
    if attributes.contains(.italic) { flags |= UInt32(CN_ITALIC) }
    if attributes.contains(.underline) { flags |= UInt32(CN_UNDERLINE) }
    if attributes.contains(.reverse) { flags |= UInt32(CN_REVERSE) }
    return flags
  }

  private func folded(_ number: Int32) -> Int32 {
    depth == .ansi16 && colorCount < 16 && number >= 8 ? number - 8 : number
  }

  private func number(_ color: Color) -> Int32 {
    let shown = color.limited(to: depth)
    switch shown {
    case .standard:
      return -1
    case .indexed(let index) where colorCount < Self.directColorCount || index < 8:
      return Int32(index)
    default:
      guard let rgb = shown.rgb else { return -1 }
      let packed = Int32(rgb.red) << 16 | Int32(rgb.green) << 8 | Int32(rgb.blue)
      // ncurses takes direct colours 0 … 7 for the ANSI colours: use the nearest blue that it does not.
      return packed == 0 ? 0 : max(packed, 8)
    }
  }
}
