import CNcurses
import Canvas
import Foundation

/// What the terminal can show, as its environment and terminfo tell.
public struct TerminalAbilities: Equatable, Sendable {
  /// How many colours it shows.
  public var colorDepth: ColorDepth
  /// Whether glyphs beyond ASCII arrive: the locale's characters are UTF-8.
  public var isUnicode: Bool
  /// Whether the terminal sits behind a network, where frames are sent less often.
  public var isRemote: Bool

  /// Abilities as given, for a test or where the user overrides what was detected.
  public init(colorDepth: ColorDepth, isUnicode: Bool, isRemote: Bool = false) {
    self.colorDepth = colorDepth
    self.isUnicode = isUnicode
    self.isRemote = isRemote
  }

  /// Asks the environment, the locale and terminfo. Takes over the environment's locale for the process.
  @MainActor
  public static func detected(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> TerminalAbilities {
    let isUnicode = cn_use_locale()
    let type = TerminalType.chosen(for: environment, facts: { cn_terminal_facts($0) })
    return TerminalAbilities(
      colorDepth: type?.colorDepth(environment: environment) ?? .mono,
      isUnicode: isUnicode,
      isRemote: ["SSH_CONNECTION", "SSH_TTY"].contains { environment[$0]?.isEmpty == false })
  }

  /// The glyphs to draw plots with: those wished for, or the finest that arrive.
  public func glyphs(wished: GlyphSet? = nil) -> GlyphSet { isUnicode ? wished ?? .braille : .ascii }
}

/// A terminal type with what terminfo says about it.
struct TerminalType {
  let name: String
  let facts: CNTerminalFacts

  /// The type to run as: `TERM`, or its `*-direct` sibling where the terminal promises 24-bit colour in `COLORTERM` and
  /// terminfo knows how to send it. Nil where `TERM` is unset or unknown.
  static func chosen(
    for environment: [String: String], facts: (String) -> CNTerminalFacts
  ) -> TerminalType? {
    guard let name = environment["TERM"], !name.isEmpty else { return nil }
    let named = TerminalType(name: name, facts: facts(name))
    guard named.facts.isKnown else { return nil }
    let promisesDirectColor = ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "")
    guard promisesDirectColor, !named.facts.isDirectColor, name.hasSuffix("-256color") else { return named }
    let direct = name.dropLast("-256color".count) + "-direct"
    let sibling = TerminalType(name: String(direct), facts: facts(String(direct)))
    return sibling.facts.isKnown && sibling.facts.isDirectColor ? sibling : named
  }

  /// The colours to use: those of terminfo, none where the user asked for none (https://no-color.org).
  func colorDepth(environment: [String: String]) -> ColorDepth {
    if environment["NO_COLOR"]?.isEmpty == false { return .mono }
    if facts.isDirectColor { return .trueColor }
    return switch facts.colors {
    case 256...: .indexed256
    case 8...: .ansi16
    default: .mono
    }
  }
}
