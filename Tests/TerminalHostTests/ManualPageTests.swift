import Foundation
import Testing

@testable import skipwise

/// The manual page: everything that the tables hold, in roff that says what it means.
@Suite struct ManualPageTests {
  private let page = ManualPage.text(.workbench, Command.verbs)

  @Test(arguments: [
    (".dot", "\\&.dot"), ("'quote'", "\\(aqquote\\(aq"), ("a \"b\"", "a \\(dqb\\(dq"), ("C:\\n", "C:\\en"),
    ("--help-me", "\\-\\-help\\-me"), ("8 × L …", "8 \\[u00D7] L \\[u2026]"), ("~^`", "\\(ti\\(ha\\(ga"),
    ("𝄞", "\\[u1D11E]"),
  ])
  func textIsEscaped(text: String, expected: String) { #expect(Roff.escaped(text) == expected) }

  @Test func everyVerbAndOptionIsThere() {
    let lines = page.split(separator: "\n").map(String.init)
    var rest = lines[...]
    for command in [.workbench] + Command.verbs {
      if let name = command.name {
        let heading = rest.firstIndex(of: ".SS \(name)")
        #expect(heading != nil, "\(name)")
        rest = rest[(heading ?? rest.startIndex)...]
      }
      for option in command.options {
        let term = "\\fB\\-\\-\(option.name.replacingOccurrences(of: "-", with: "\\-"))\\fR"
        let place = rest.firstIndex { $0.contains(term) }
        #expect(place != nil, "\(command.name ?? "") \(option.name)")
        rest = rest[(place ?? rest.startIndex)...]
        #expect(rest.contains(Roff.escaped(option.help)))
      }
      #expect(rest.contains(Roff.escaped(command.example)))
    }
  }

  @Test(arguments: [
    "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "VERBS", "ENVIRONMENT", "FILES", "EXIT STATUS", "SEE ALSO",
  ])
  func sectionIsThere(title: String) { #expect(page.contains("\n.SH \(title)\n")) }

  @Test func everyExitStatusIsThere() {
    for status in ExitStatus.allCases { #expect(page.contains(".TP\n\\fB\(status.rawValue)\\fR\n")) }
  }

  @Test func onlyMacrosStartWithADotAndAllIsASCII() {
    let macros: Set = [".TH", ".SH", ".SS", ".PP", ".TP", ".RS", ".RE", ".nf", ".fi", ".br"]
    for line in page.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
      #expect(macros.contains(String(line.prefix { $0 != " " })), "\(line)")
    }
    #expect(page.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func theVerbPrintsIt() throws {
    let run = try ProgramRun(["man"])
    #expect(run.status == 0)
    #expect(run.output == page)
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/groff"), "needs groff"))
  func groffHasNoWarnings() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("skipwise-\(UUID().uuidString).1")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(page.utf8).write(to: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/groff")
    process.arguments = ["-man", "-Tutf8", "-ww", "-P-cbou", file.path]
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) == "")
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(text.contains("--chunks N"))
  }
}
