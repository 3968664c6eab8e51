import Canvas

/// How a frame is drawn: colours, glyphs, and whether colour can be told apart at all.
public struct Look: Equatable, Sendable {
  public var theme: Theme
  public var glyphs: GlyphSet
  /// The terminal shows no colours: shades and letters carry what they would.
  public var isColorless: Bool

  public init(theme: Theme, glyphs: GlyphSet = .braille, isColorless: Bool = false) {
    self.theme = theme
    self.glyphs = glyphs
    self.isColorless = isColorless
  }

  subscript(_ role: Theme.Role) -> Style { theme[role] }

  /// A pane's frame in the theme's colours.
  func pane(_ title: String, info: String = "", isFocused: Bool = false) -> PaneFrame {
    PaneFrame(
      (isFocused ? "▸ " : "") + title, info: info, border: self[isFocused ? .focus : .border], titleStyle: self[.title],
      infoStyle: self[.dim])
  }

  /// Lanes whose letters have to carry the chunks.
  var lettersLanes: Bool { isColorless || glyphs == .ascii }
}
