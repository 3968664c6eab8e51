import Foundation
import Testing

@testable import skipwise

/// `docs/verbs.md` is what `--help` says.
///
/// Written anew by `SKIPWISE_RECORD_FRAMES=1 swift test --filter VerbReferenceTests`.
@Suite struct VerbReferenceTests {
  private static var reference: String {
    let intro = """
      # Verbs

      What `skipwise --help` and `skipwise VERB --help` print. `skipwise man` has the same as a manual page, `skipwise completions` for the shell.

      """
    let overview = Help.overview(VerbList.all, options: WorkbenchCommand.options)
    let verbs = VerbList.all.map { "\n## \($0.name)\n\n```\n\(Help.verb($0).trimmingCharacters(in: .newlines))\n```\n" }
    return intro + "\n```\n\(overview.trimmingCharacters(in: .newlines))\n```\n" + verbs.joined()
  }

  @Test func theReferenceIsTheHelp() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/verbs.md")
    if ProcessInfo.processInfo.environment["SKIPWISE_RECORD_FRAMES"] == "1" {
      try Self.reference.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == Self.reference, "docs/verbs.md is stale")
  }
}
