import Foundation
import Testing

@testable import Canvas

/// Theme files and colours.
@Suite struct ThemeTests {
  private static var folder: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("themes").path
  }
  static let names = ThemeFile.names(in: [folder])

  @Test func themesShip() { #expect(Self.names.first == "dark" && Self.names.contains("light")) }

  @Test(arguments: names)
  func everyRoleIsDefinedAndTextCanBeRead(name: String) throws {
    let theme = try ThemeFile.theme(named: name, in: [Self.folder])
    for role in Theme.Role.allCases { #expect(theme.styles[role] != nil, "\(name) has no \(role.rawValue)") }
    for role in [Theme.Role.text, .dim, .accent, .title, .good, .warn, .bad, .bar, .barKey, .selection, .cursor] {
      let (front, back) = (try #require(theme[role].foreground.rgb), try #require(theme[role].background.rgb))
      #expect(front.contrast(with: back) >= 4.5, "\(name), \(role.rawValue): \(front.contrast(with: back))")
    }
  }

  /// A ramp that is read by lightness alone, as by a colour-blind reader, must go one way.
  @Test(arguments: names, [Theme.RampName.heat, .coverage])
  func rampsGoOneWay(name: String, ramp: Theme.RampName) throws {
    let theme = try ThemeFile.theme(named: name, in: [Self.folder])
    let lightness = try theme[ramp].colors.map { try #require($0.rgb).luminance }
    let rises = zip(lightness, lightness.dropFirst()).allSatisfy { $0 <= $1 + 1e-3 }
    let falls = zip(lightness, lightness.dropFirst()).allSatisfy { $0 + 1e-3 >= $1 }
    #expect(rises || falls)
    #expect(abs((lightness.last ?? 0) - (lightness.first ?? 0)) > 0.4)
  }

  @Test(arguments: [
    ("text", "x.theme, line 1, text: a line is key = \"value\""),
    ("text = #fff", "x.theme, line 1, text: the value is not in quotes"),
    ("\n# note\ntext = \"#12345\"", "x.theme, line 3, text: '#12345' is neither a colour"),
    ("heat = [\"#000000\"]", "x.theme, line 1, heat: a ramp needs at least two colours"),
    ("heat = [\"#000000\", \"red\"]", "x.theme, line 1, heat: 'red' is not a colour"),
    ("colour = \"#000000\"", "x.theme, line 1, colour: unknown key"),
    ("inherits = \"none\"", "x.theme, line 1, inherits: there is no theme 'none'"),
  ])
  func mistakesAreNamedByLineAndKey(text: String, sentence: String) {
    let error = #expect(throws: ThemeError.self) {
      try ThemeFile.theme(text, name: "x") { _ in nil }
    }
    #expect(error?.description.hasPrefix(sentence) == true)
  }

  @Test func inheritanceFillsInAndCirclesEnd() throws {
    let theme = try ThemeFile.theme("inherits = \"base\"\ndim = \"#111111\"", name: "x") { name in
      name == "base" ? "text = \"#ffffff on #000000\"\ndim = \"#222222\"\naccent = \"#333333 bold\"" : nil
    }
    #expect(theme[.dim] == Style(.rgb(0x11, 0x11, 0x11), on: .rgb(0, 0, 0)))
    #expect(theme[.accent] == Style(.rgb(0x33, 0x33, 0x33), on: .rgb(0, 0, 0), .bold))
    // A child with another ground has it behind what it inherits, too.
    let child = try ThemeFile.theme("inherits = \"base\"\ntext = \"#ffffff on #101010\"", name: "y") { _ in
      "text = \"#ffffff on #000000\"\naccent = \"#333333\""
    }
    #expect(child[.accent].background == .rgb(0x10, 0x10, 0x10))
    #expect(throws: ThemeError.self) { try ThemeFile.theme("inherits = \"x\"", name: "x") { _ in "inherits = \"x\"" } }
  }

  /// Known ratios (WCAG 2.1): black on white 21, and #777777 on white just misses 4.5.
  @Test func contrastIsWCAGs() {
    #expect(abs(RGB(0, 0, 0).contrast(with: RGB(255, 255, 255)) - 21) < 1e-9)
    #expect(abs(RGB(0x77, 0x77, 0x77).contrast(with: RGB(255, 255, 255)) - 4.48) < 0.005)
  }

  @Test func blendingGoesFromOneEndToTheOther() {
    let (a, b) = (RGB(10, 200, 30), RGB(240, 20, 90))
    #expect(a.blended(with: b, by: 0) == a && a.blended(with: b, by: 1) == b)
  }

  @Test func palettesTakeTheNearestColour() {
    #expect(Color.rgb(255, 0, 0).limited(to: .indexed256) == .indexed(196))
    #expect(Color.rgb(255, 0, 0).limited(to: .ansi16) == .indexed(9))
    #expect(Color.rgb(255, 0, 0).limited(to: .mono) == .standard)
    #expect(Color.rgb(1, 2, 3).limited(to: .trueColor) == .rgb(1, 2, 3))
  }
}
