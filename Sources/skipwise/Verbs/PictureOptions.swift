import Canvas
import FineTuning
import Foundation
import TerminalHost
import Transformer
import Workbench

/// The options of verbs that draw: how large, in which colours and glyphs, as what, and where to.
struct PictureOptions {
  static let theme = Option.value(
    "theme", "NAME", "a theme of the themes folder (default: dark)", known: ThemeLibrary.names)

  static let shared: [Option] = [
    .value("size", "COLSxROWS", "size in cells"),
    theme,
    .choice("format", "KIND", of: ["text", "ansi", "svg"], default: "text"),
    .choice("glyphs", "SET", of: GlyphSet.self, default: GlyphSet.braille.rawValue),
    .choice("depth", "COLOURS", "for ansi", of: ColorDepth.self, default: ColorDepth.trueColor.rawValue),
    .value("out", "FILE", "where it goes (default: standard output)"),
  ]

  let size: Size
  let look: Look
  private let format: String
  private let depth: ColorDepth
  private let out: String?

  /// - Parameter size: where none is asked for.
  init(_ arguments: Arguments, size: Size) throws {
    self.size = try arguments.string("size").map(Self.size) ?? Self.fitting(size)
    format = try arguments.choice("format") ?? "text"
    depth = try arguments.choice("depth") ?? .trueColor
    let glyphs = try arguments.choice("glyphs", as: GlyphSet.self)
    let theme = try ThemeLibrary.theme(named: arguments.string("theme"))
    look = Look(theme: theme, glyphs: glyphs ?? .braille, isColorless: format == "text" || depth == .mono)
    out = arguments.string("out")
  }

  func write(_ canvas: Canvas) throws {
    let picture = encoded(canvas)
    if let out {
      try DurableFile.write(Data(picture.utf8), to: out)
    } else {
      Output.text(picture)
    }
  }

  private func encoded(_ canvas: Canvas) -> String {
    switch format {
    case "svg": svg(canvas)
    case "ansi": canvas.ansi(depth: depth)
    default: canvas.text
    }
  }

  func svg(_ canvas: Canvas) -> String {
    canvas.svg(background: look.theme[.text].background.rgb ?? RGB(18, 18, 18))
  }

  /// A size that no line of the terminal that it is printed on breaks.
  private static func fitting(_ size: Size) -> Size {
    guard let terminal = TerminalCondition.currentSize, terminal.columns >= 40 else { return size }
    return Size(min(size.columns, terminal.columns), size.rows)
  }

  private static func size(_ text: String) throws(UsageError) -> Size {
    let numbers = text.split(separator: "x").map { Int($0) }
    guard numbers.count == 2, let columns = numbers[0], let rows = numbers[1], (1...1000).contains(columns),
      (1...1000).contains(rows)
    else { throw UsageError("--size is '\(text)'; it must be columns x rows, such as 120x36, each 1 to 1000") }
    return Size(columns, rows)
  }
}
