import Foundation
import Testing

@testable import skipwise

/// Commands that the documents show are ones that the program takes.
@Suite struct DocumentedCommandsTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Lines of code that start the program, without `skipwise` itself, pipes and redirections. Those of the worked extensions
  /// need a program that has them.
  static let commands: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path + "/docs")) ?? []
    let documents = names.filter { $0.hasSuffix(".md") && $0 != "extending.md" }.sorted()
    let files = ["README.md"] + documents.map { "docs/" + $0 }
    return files.flatMap { file -> [String] in
      let text = (try? String(contentsOf: root.appendingPathComponent(file), encoding: .utf8)) ?? ""
      return text.split(separator: "\n").compactMap { line in
        ["    skipwise ", "    swift run -c release skipwise "].first { line.hasPrefix($0) }.map {
          String(line.dropFirst($0.count))
        }
      }
    }
  }()

  /// Words as a shell splits them, up to a pipe or a redirection.
  private func words(_ command: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in command {
      switch character {
      case quote: quote = nil
      case "\"", "'": if quote == nil { (quote, word) = (character, word ?? "") } else { word?.append(character) }
      case " " where quote == nil:
        words += word.map { [$0] } ?? []
        word = nil
      case "|" where quote == nil, ">" where quote == nil: return words
      default: word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }

  @Test func thereAreSome() { #expect(Self.commands.count > 30) }

  @Test(arguments: commands)
  func aDocumentedCommandIsTaken(command: String) throws {
    let words = words(command)
    guard let first = words.first, !first.hasPrefix("-") else {
      _ = try Arguments(words, options: WorkbenchCommand.options + [.help], program: "skipwise")
      return
    }
    let verb = try #require(VerbList.all.first { $0.name == first }, "\(first) is no verb")
    let arguments = try Arguments(Array(words.dropFirst()), options: verb.options + [.help], program: first)
    let named = verb.takesNames ? arguments.operands.prefix(1) : arguments.operands[...]
    #expect(named.allSatisfy { verb.operands.contains($0) })
    // Folders may be others than those known, lists hold several.
    for option in verb.options where !option.choices.isEmpty && option.path == nil && option.value != "LIST" {
      #expect(throws: Never.self) { try arguments.choice(option.name) }
    }
  }
}
