import HostileInput
import Testing

@testable import Canvas

/// Bent theme files: read, or refused by line.
@Suite struct HostileThemeTests {
  private static let themes = [
    "# a theme\ninherits = \"dark\"\ntext = \"#e6e1cf on #1c1f26\"\nbar.key = \"250 on _ bold dim\"\nheat = \"#000000\" \"#ffffff\"\n",
    "text = \"1 on 2 underline\"\nchunk.0 = \"#123456\"\ncoverage = [\"#101010\", \"#808080\", \"#f0f0f0\"]\n",
  ]

  @Test func aLineOfOneEqualsSignIsRefused() {
    let error = #expect(throws: ThemeError.self) { try ThemeFile.theme("dim = \"1\"\n=", name: "x") { _ in nil } }
    #expect(error?.description == "x.theme, line 2, : a line is key = \"value\"")
  }

  @Test func bentThemesAreReadOrRefused() {
    var read = 0
    let words = ["inherits = \"x\"", "series.5", "diverging", "italic", "reverse", " on ", "#fffff"]
    let slowest = Campaign("theme", Self.themes, words: words, count: 5000).run { bent in
      do {
        // It is its own parent, and so inherits in a circle.
        let theme = try ThemeFile.theme(bent.text, name: "x") { ["x", "dark"].contains($0) ? bent.text : nil }
        read += 1
        for ramp in Theme.RampName.allCases { #expect(theme[ramp].colors.count == Ramp.steps) }
      } catch {
        #expect(error is ThemeError, "\(bent)")
      }
    }
    #expect(read > 100)
    #expect(slowest.seconds < 10, "case \(slowest.number)")
  }
}
