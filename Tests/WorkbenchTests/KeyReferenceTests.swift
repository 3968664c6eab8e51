import Foundation
import Testing

@testable import Workbench

/// `docs/keys.md` is the key table.
///
/// Written anew by `SKIPWISE_RECORD_FRAMES=1 swift test --filter KeyReferenceTests`.
@Suite struct KeyReferenceTests {
  private static var reference: String {
    func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
    var lines = [
      "# Keys", "",
      "`?` shows these on the screen, those that work there first; `:` finds them by their words. The file `keys` in "
        + "`~/.config/skipwise` gives",
      "an action other keys, a line each, `ID = KEY KEY …`, such as `theme = F2`; what cannot be is said with its line.",
    ]
    for group in KeyBinding.Group.allCases {
      lines += ["", "## \(group.rawValue)", "", "| key | does | id |", "|---|---|---|"]
      for binding in KeyTable.standardBindings where binding.group == group {
        let keys = binding.keys.map { "`\(cell($0.label))`" }.joined(separator: " ")
        lines.append("| \(keys) | \(cell(binding.title)) | `\(binding.id)` |")
      }
    }
    let howTo = "`:` and a name, then its value; `Tab` writes it out."
    lines += ["", "## Commands", "", howTo, "", "| command | does |", "|---|---|"]
    lines += Prompt.commands.map { "| `\($0.name) \(cell($0.argument))` | \(cell($0.title)) |" }
    return lines.joined(separator: "\n") + "\n"
  }

  @Test func theReferenceIsTheTable() throws {
    let file = LessonTests.folder.deletingLastPathComponent().appendingPathComponent("keys.md")
    if ProcessInfo.processInfo.environment["SKIPWISE_RECORD_FRAMES"] == "1" {
      try Self.reference.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == Self.reference, "docs/keys.md is stale")
  }
}
