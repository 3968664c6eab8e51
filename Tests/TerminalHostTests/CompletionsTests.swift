import Foundation
import Testing

@testable import skipwise

/// Scripts that complete the command line: all that the tables hold, and nothing that a shell would stumble over.
@Suite struct CompletionsTests {
  private static let commands = [Command.workbench] + Command.verbs

  private func script(_ shell: String) throws -> String {
    let run = try ProgramRun(["completions", shell])
    #expect(run.status == 0)
    #expect(run.standardError == "")
    return run.output
  }

  /// Runs a shell; its exit status and what it printed.
  private func run(_ shell: String, _ arguments: [String], input script: String) throws -> (status: Int32, text: String)
  {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("completion-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(script.utf8).write(to: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: shell)
    process.arguments = arguments + [file.path]
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  /// What bash offers for a line that ends in the last of these words.
  private func bashOffers(_ words: [String]) throws -> [String] {
    let typed = words.map(\.quotedForShell).joined(separator: " ")
    let question = """

      COMP_WORDS=(\(typed))
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _skipwise
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let answer = try run("/bin/bash", ["--norc"], input: try script("bash") + question)
    #expect(answer.status == 0)
    return answer.text.split(separator: "\n").map(String.init)
  }

  @Test func bashTakesTheScript() throws {
    let checked = try run("/bin/bash", ["-n"], input: script("bash"))
    #expect(checked.status == 0)
    #expect(checked.text == "")
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/zsh"), "needs zsh"))
  func zshTakesTheScript() throws {
    let checked = try run("/usr/bin/zsh", ["-n"], input: script("zsh"))
    #expect(checked.status == 0)
    #expect(checked.text == "")
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/fish"), "needs fish"))
  func fishTakesTheScript() throws {
    let checked = try run("/usr/bin/fish", ["-n"], input: script("fish"))
    #expect(checked.status == 0)
    #expect(checked.text == "")
  }

  @Test func bashOffersEveryVerb() throws {
    #expect(try bashOffers(["skipwise", ""]) == Self.commands.compactMap(\.name))
    #expect(try bashOffers(["skipwise", "cov"]) == ["coverage"])
  }

  @Test(arguments: commands.map { $0.name })
  func bashOffersEveryOptionOfACommand(name: String?) throws {
    let command = try #require(Self.commands.first { $0.name == name })
    let offered = try bashOffers(["skipwise"] + (name.map { [$0] } ?? []) + ["--"])
    #expect(offered == command.options.map { "--" + $0.name })
    if !command.operands.isEmpty { #expect(try bashOffers(["skipwise", name ?? "", ""]) == command.operands) }
  }

  @Test(arguments: [
    ["positions", "--sampler", "p"], ["coverage", "--sampler", "=", "p"], ["train", "--method", "p"],
  ])
  func bashOffersValues(words: [String]) throws {
    let offered = try bashOffers(["skipwise"] + words)
    #expect(offered.contains("pose"))
    #expect(offered.allSatisfy { $0.hasPrefix("p") })
  }

  @Test func bashOffersPathsAndNothingForNumbers() throws {
    #expect(try bashOffers(["skipwise", "train", "--model", "/us"]) == ["/usr"])
    #expect(try bashOffers(["skipwise", "--text", "/etc/passw"]).contains("/etc/passwd"))
    #expect(try bashOffers(["skipwise", "train", "--steps", ""]).isEmpty)
  }

  @Test(arguments: ["zsh", "fish"])
  func everyOptionAndChoiceIsInTheScript(shell: String) throws {
    let text = try script(shell)
    let lines = text.split(separator: "\n")
    for command in Self.commands {
      if let name = command.name { #expect(lines.contains { $0.contains(" \(name)") || $0.contains("'\(name):") }) }
      for option in command.options {
        let written = shell == "zsh" ? "--\(option.name)" : "-l \(option.name) "
        let found = lines.filter { $0.contains(written) }
        #expect(!found.isEmpty, "\(option.name)")
        let words = option.choices.joined(separator: " ")
        #expect(words.isEmpty || found.contains { $0.contains(words) }, "\(option.name): \(words)")
      }
    }
  }

  @Test func namesOfACommandAreDistinct() {
    for command in Self.commands {
      #expect(Set(command.options.map(\.name)).count == command.options.count, "\(command.name ?? "workbench")")
    }
    #expect(Set(Self.commands.map(\.name)).count == Self.commands.count)
  }
}
