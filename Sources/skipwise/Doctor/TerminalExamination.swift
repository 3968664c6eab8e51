import Canvas
import TerminalHost
import Workbench

/// What the screens would find on the terminal.
struct TerminalExamination {
  let condition: TerminalCondition
  let environment: [String: String]

  var diagnoses: [Diagnosis] { [output, type, locale, colors, glyphs] }

  private var output: Diagnosis {
    let subject = "terminal"
    guard condition.isTerminal else {
      return .improvable(
        subject, "standard output is a file or a pipe", "The screens need a terminal; verbs work without one.")
    }
    guard let size = condition.size else {
      return .improvable(subject, "of unknown size", "The terminal does not tell its size; stty size should.")
    }
    let found = "\(size.columns) × \(size.rows) cells"
    return switch SizeClass(size) {
    case .card: .improvable(subject, found, "Screens need 40 × 10 cells; make the window larger or the font smaller.")
    case .compact, .single:
      .improvable(subject, found, "A larger window shows several panes of a screen at once.")
    case .panes: .ok(subject, found)
    }
  }

  private var type: Diagnosis {
    let name = environment["TERM"] ?? ""
    let subject = "terminfo"
    guard let problem = condition.problem else {
      let type = condition.type ?? name
      return .ok(subject, type == name ? "TERM=\(name), known" : "TERM=\(name), drawn as \(type)")
    }
    let found = name.isEmpty ? "TERM is not set" : "TERM=\(name)"
    let advice = Self.sentence("\(problem)")
    // Where there is no terminal nothing says what kind it would be.
    return condition.isTerminal ? .broken(subject, found, advice) : .improvable(subject, found, advice)
  }

  private var locale: Diagnosis {
    let variables = ["LC_ALL", "LC_CTYPE", "LANG"]
    let set = variables.first { environment[$0]?.isEmpty == false }
    let name = set.map { "\($0)=\(environment[$0] ?? "")" } ?? "none is set"
    guard condition.abilities.isUnicode else {
      return .improvable(
        "locale", "\(name), characters are not UTF-8", "Set LANG=C.UTF-8, or another locale of UTF-8, for finer plots.")
    }
    return .ok("locale", "\(name), UTF-8")
  }

  private var colors: Diagnosis {
    let subject = "colours"
    switch condition.abilities.colorDepth {
    case .trueColor: return .ok(subject, "24-bit")
    case .indexed256: return .ok(subject, "256")
    case .ansi16:
      return .improvable(
        subject, "16", "Themes need 256; set TERM to a type ending in -256color if the terminal shows them.")
    case .mono:
      if environment["NO_COLOR"]?.isEmpty == false { return .ok(subject, "none, as NO_COLOR asks") }
      return .improvable(
        subject, "none", "Set TERM to the terminal's own type, such as xterm-256color, if it shows colours.")
    }
  }

  private var glyphs: Diagnosis {
    let glyphs = condition.abilities.glyphs()
    guard glyphs == .ascii else { return .ok("glyphs", glyphs.rawValue) }
    return .improvable("glyphs", glyphs.rawValue, "Braille dots need a locale of UTF-8.")
  }

  /// An error's words as a sentence of their own.
  static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }
}
