import Foundation

/// A recording of frames in asciicast v2 (asciinema): a line of header, then a line an event. The same frames at the same times
/// give the same bytes.
public struct Asciicast: Sendable {
  private let size: Size
  private let depth: ColorDepth
  private var lines: [String]
  /// The rows that the terminal shows by now.
  private var shown: [Substring] = []

  /// - Parameters:
  ///   - title: what players call it.
  ///   - foreground: the terminal's colours where cells have its own.
  public init(size: Size, depth: ColorDepth, title: String, foreground: RGB, background: RGB, palette: [RGB]) {
    (self.size, self.depth) = (size, depth)
    let colors = palette.map(\.hex).joined(separator: ":")
    lines = [
      "{\"version\":2,\"width\":\(size.columns),\"height\":\(size.rows),\"title\":\(Self.quoted(title)),"
        + "\"env\":{\"TERM\":\"xterm-256color\"},\"theme\":{\"fg\":\"\(foreground.hex)\",\"bg\":\"\(background.hex)\","
        + "\"palette\":\"\(colors)\"}}"
    ]
  }

  /// Shows a frame: only the rows that changed are written.
  ///
  /// - Parameter time: seconds from the start, rising.
  public mutating func show(_ frame: Canvas, at time: Double) {
    let rows = frame.ansi(depth: depth).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    var output = shown.isEmpty ? "\u{1B}[?25l\u{1B}[2J" : ""
    for (index, row) in rows.enumerated() where index >= shown.count || shown[index] != row {
      output += "\u{1B}[\(index + 1);1H\(row)"
    }
    shown = Array(rows)
    if !output.isEmpty { add(time, "o", output) }
  }

  /// A named place that players can jump to.
  public mutating func mark(_ name: String, at time: Double) { add(time, "m", name) }

  private mutating func add(_ time: Double, _ kind: String, _ text: String) {
    lines.append("[\(String(format: "%.6f", time)), \"\(kind)\", \(Self.quoted(text))]")
  }

  /// The file.
  public var text: String { lines.map { $0 + "\n" }.joined() }

  /// A JSON string.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: quoted += String(format: "\\u%04x", scalar.value)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
