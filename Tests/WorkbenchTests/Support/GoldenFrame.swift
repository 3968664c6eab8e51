import Canvas
import Foundation
import Testing

/// Frames kept as text and colours in `GoldenFrames`.
///
/// Recorded anew by `SKIPWISE_RECORD_FRAMES=1 swift test --filter GoldenFrameTests`; then look at what changed with `git diff`.
enum GoldenFrame {
  /// Compares a frame with the one that was kept, or keeps it where recording is asked for.
  ///
  /// - Parameter depth: the colours that the terminal has.
  static func expect(
    _ canvas: Canvas, named name: String, depth: ColorDepth = .trueColor,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let text = dump(canvas, depth)
    if ProcessInfo.processInfo.environment["SKIPWISE_RECORD_FRAMES"] == "1" {
      try text.write(to: sourceFolder.appendingPathComponent(name + ".frame"), atomically: true, encoding: .utf8)
      return
    }
    let kept = try String(contentsOf: sourceFolder.appendingPathComponent(name + ".frame"), encoding: .utf8)
    #expect(text == kept, "\(name) is drawn differently", sourceLocation: sourceLocation)
  }

  private static var sourceFolder: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("GoldenFrames")
  }

  /// The glyphs, then a letter for each cell's style, then what the letters mean.
  static func dump(_ canvas: Canvas, _ depth: ColorDepth) -> String {
    var letters: [Style: Character] = [:]
    var legend: [String] = []
    let alphabet = (0x41...0x24F).compactMap(UnicodeScalar.init).filter(\.properties.isAlphabetic).map(Character.init)
    var styles = ""
    for row in 0..<canvas.size.rows {
      for column in 0..<canvas.size.columns {
        var style = canvas[column, row].style
        style.foreground = style.foreground.limited(to: depth)
        style.background = style.background.limited(to: depth)
        let letter = letters[style] ?? alphabet[letters.count % alphabet.count]
        if letters.updateValue(letter, forKey: style) == nil { legend.append("\(letter) \(described(style))") }
        styles.append(letter)
      }
      styles += "\n"
    }
    let glyphs = canvas.lines.joined(separator: "\n")
    return
      "\(canvas.size.columns)x\(canvas.size.rows)\n\(glyphs)\n---\n\(styles)---\n\(legend.joined(separator: "\n"))\n"
  }

  private static func described(_ style: Style) -> String {
    func name(_ color: Color) -> String {
      switch color {
      case .standard: "-"
      case .indexed(let index): "\(index)"
      case .rgb: color.rgb?.hex ?? "-"
      }
    }
    return "\(name(style.foreground)) on \(name(style.background)) \(style.attributes.rawValue)"
  }
}
