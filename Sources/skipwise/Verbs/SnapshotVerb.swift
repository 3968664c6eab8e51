import Canvas
import FineTuning
import Foundation
import TerminalHost
import Transformer
import Workbench

/// `snapshot`: draws a screen of the workbench without a terminal.
struct SnapshotVerb: Verb {
  static let name = "snapshot"
  static let summary = "draws a screen of the workbench without a terminal"
  static let example = "skipwise snapshot --screen train --size 120x36 --steps 40 --format svg --out train.svg"
  static let options: [Option] = [
    .value("screen", "NAME", "\(Screen.allCases.map(\.rawValue).joined(separator: ", ")) (default: positions)"),
    .value("size", "COLSxROWS", "size in cells (default: 80x24)"),
    .value("theme", "NAME", "a theme of the themes folder (default: dark)"),
    .value("format", "KIND", "text, ansi or svg (default: text)"),
    .value("glyphs", "SET", "\(GlyphSet.allCases.map(\.rawValue).joined(separator: ", ")) (default: braille)"),
    .value("depth", "COLOURS", "for ansi: \(ColorDepth.names.joined(separator: ", ")) (default: trueColor)"),
    .value("model", "DIR", "base model (default: the built-in one)"),
    .value("text", "PATH", "a file or folder to train on; may be repeated"),
    .value("steps", "K", "train this many steps first (default: 0)"),
    .value("keys", "KEYS", "press these keys, named as the help names them and separated by commas"),
    .value("out", "FILE", "where it goes (default: standard output)"),
  ]

  private let screen: Screen
  private let size: Size
  private let look: Look
  private let format: String
  private let depth: ColorDepth
  private let settings: RunSettings
  private let keys: [KeyPress]
  private let out: String?

  init(_ arguments: Arguments) throws {
    screen =
      try arguments.choice("screen", of: Screen.allCases.map(\.rawValue)).flatMap(Screen.init(rawValue:)) ?? .positions
    size = try Self.size(arguments.string("size") ?? "80x24")
    format = try arguments.choice("format", of: ["text", "ansi", "svg"]) ?? "text"
    depth = try arguments.choice("depth", of: ColorDepth.names).flatMap(ColorDepth.init(rawValue:)) ?? .trueColor
    let glyphs =
      try arguments.choice("glyphs", of: GlyphSet.allCases.map(\.rawValue)).flatMap(GlyphSet.init(rawValue:))
    let theme = try Installation.folder("themes").map {
      try ThemeFile.theme(named: arguments.string("theme") ?? "dark", in: $0)
    }
    look = Look(theme: theme ?? .fallback, glyphs: glyphs ?? .braille, isColorless: format == "text" || depth == .mono)
    keys = try (arguments.string("keys") ?? "").split(separator: ",").map { try Self.key(String($0)) }
    var settings = try WorkbenchCommand.settings(arguments)
    settings.steps = try arguments.integer("steps", in: 0...1_000_000) ?? 0
    self.settings = settings
    out = arguments.string("out")
  }

  func run() throws {
    var state = WorkbenchState(
      settings: settings, size: size, themeNames: [look.theme.name], themeName: look.theme.name)
    state.screen = screen
    for news in try trained() { _ = reduce(&state, .news(news)) }
    for key in keys { _ = reduce(&state, .key(key)) }
    let picture = encoded(view(state, look))
    if let out {
      try DurableFile.write(Data(picture.utf8), to: out)
    } else {
      Output.text(picture)
    }
  }

  /// What a session would tell after the steps asked for, without its thread.
  private func trained() throws -> [SessionNews] {
    let training = try settings.open(threads: Processor.coreCount)
    var news = SessionNews(phase: .paused)
    news.subject = training.subject(folder: "", threads: Processor.coreCount)
    news.evaluations = [training.before]
    var examples = try training.examples(step: 1)
    for step in 0..<settings.steps {
      let outcome = try training.step()
      news.steps.append(outcome.record)
      examples = outcome.batch
      if training.isEvaluationDue { news.evaluations.append(try training.evaluate()) }
      Output.progress("step \(step + 1) of \(settings.steps)")
    }
    Output.endProgress()
    news.layouts = examples.layouts
    var attention = SessionNews(phase: settings.steps > 0 ? .finished : .paused)
    attention.attention = training.attention(of: examples, Inference.HeadAddress(layer: 1, head: 0))
    return [news, attention]
  }

  private func encoded(_ canvas: Canvas) -> String {
    switch format {
    case "svg": canvas.svg(background: look.theme[.text].background.rgb ?? RGB(18, 18, 18))
    case "ansi": canvas.ansi(depth: depth)
    default: canvas.text
    }
  }

  private static func size(_ text: String) throws(UsageError) -> Size {
    let numbers = text.split(separator: "x").map { Int($0) }
    guard numbers.count == 2, let columns = numbers[0], let rows = numbers[1], (1...1000).contains(columns),
      (1...1000).contains(rows)
    else { throw UsageError("--size is '\(text)'; it must be columns x rows, such as 120x36, each 1 to 1000") }
    return Size(columns, rows)
  }

  private static func key(_ name: String) throws(UsageError) -> KeyPress {
    let known = KeyTable.bindings.flatMap(\.keys) + [KeyPress(.enter), KeyPress(.backspace)]
    if let key = known.first(where: { $0.label == name }) { return key }
    guard name.count == 1, let character = name.first else {
      throw UsageError("--keys names '\(name)'; keys are single characters or names such as Space, Tab, Esc, PgUp")
    }
    return .character(character)
  }
}
