import Foundation

/// A colour of the screen in sRGB, 8 bits a channel.
public struct RGB: Hashable, Sendable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// `#rrggbb`; nil for anything else.
  public init?(hex: String) {
    guard hex.count == 7, hex.first == "#", let value = UInt32(hex.dropFirst(), radix: 16) else { return nil }
    self.init(UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF))
  }

  public var hex: String { String(format: "#%02x%02x%02x", Int(red), Int(green), Int(blue)) }
  public var color: Color { .rgb(red, green, blue) }

  /// Relative luminance, 0 … 1 (WCAG 2.1).
  public var luminance: Double {
    let (r, g, b) = linear
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }

  /// Contrast ratio with another colour, 1 … 21 (WCAG 2.1).
  public func contrast(with other: RGB) -> Double {
    let (lighter, darker) = (max(luminance, other.luminance), min(luminance, other.luminance))
    return (lighter + 0.05) / (darker + 0.05)
  }

  /// The colour a share of the way to another, in Oklab (Ottosson 2020).
  public func blended(with other: RGB, by share: Double) -> RGB {
    let (a, b) = (oklab, other.oklab)
    return RGB(oklab: (0..<3).map { a[$0] + (b[$0] - a[$0]) * share })
  }

  private var linear: (Double, Double, Double) {
    func decoded(_ channel: UInt8) -> Double {
      let value = Double(channel) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return (decoded(red), decoded(green), decoded(blue))
  }

  /// Lightness and two opponent colours in which distances look alike.
  var oklab: [Double] {
    let (r, g, b) = linear
    let l = cbrt(0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b)
    let m = cbrt(0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b)
    let s = cbrt(0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b)
    return [
      0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
      1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
      0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
  }

  private init(oklab lab: [Double]) {
    func cubed(_ a: Double, _ b: Double) -> Double {
      let root = lab[0] + a * lab[1] + b * lab[2]
      return root * root * root
    }
    let l = cubed(0.396_337_777_4, 0.215_803_757_3)
    let m = cubed(-0.105_561_345_8, -0.063_854_172_8)
    let s = cubed(-0.089_484_177_5, -1.291_485_548_0)
    func encoded(_ value: Double) -> UInt8 {
      let bounded = min(max(value, 0), 1)
      let gamma = bounded <= 0.003_130_8 ? 12.92 * bounded : 1.055 * pow(bounded, 1 / 2.4) - 0.055
      return UInt8((gamma * 255).rounded())
    }
    self.init(
      encoded(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s),
      encoded(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s),
      encoded(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s))
  }
}

extension Color {
  /// The colour as RGB, where that is known: palette entries by xterm's table, the terminal's default not.
  public var rgb: RGB? {
    switch self {
    case .standard: nil
    case .rgb(let red, let green, let blue): RGB(red, green, blue)
    case .indexed(let index): Self.palette(index)
    }
  }

  /// An entry of xterm's 256 colours: 16 named ones, a 6 × 6 × 6 cube, 24 greys.
  private static func palette(_ index: UInt8) -> RGB {
    switch index {
    case 0..<16: return ansi[Int(index)]
    case 16..<232:
      let cube = Int(index) - 16
      let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
      return RGB(levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
    default:
      let grey = UInt8(8 + 10 * (Int(index) - 232))
      return RGB(grey, grey, grey)
    }
  }

  private static let ansi: [RGB] = [
    RGB(0, 0, 0), RGB(205, 0, 0), RGB(0, 205, 0), RGB(205, 205, 0), RGB(0, 0, 238), RGB(205, 0, 205),
    RGB(0, 205, 205), RGB(229, 229, 229), RGB(127, 127, 127), RGB(255, 0, 0), RGB(0, 255, 0), RGB(255, 255, 0),
    RGB(92, 92, 255), RGB(255, 0, 255), RGB(0, 255, 255), RGB(255, 255, 255),
  ]
}
