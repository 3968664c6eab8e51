import Canvas
import Foundation
import TerminalHost
import Testing

@testable import skipwise

/// What the doctor says of terminals, machines and folders.
@Suite struct DoctorTests {
  private static func terminal(
    isTerminal: Bool = true, size: Size? = Size(120, 36), problem: TerminalHostError? = nil,
    depth: ColorDepth = .trueColor, isUnicode: Bool = true, environment: [String: String] = ["TERM": "xterm-256color"]
  ) -> [Diagnosis] {
    TerminalExamination(
      condition: TerminalCondition(
        isTerminal: isTerminal, size: size, type: problem == nil ? environment["TERM"] : nil, problem: problem,
        abilities: TerminalAbilities(colorDepth: depth, isUnicode: isUnicode)),
      environment: environment
    ).diagnoses
  }

  private static func machine(
    cores: Int = 2, blasThreads: Int = 1, isSerial: Bool = false, memory: Int? = 4 << 30
  ) -> [Diagnosis] {
    MachineExamination(
      processorName: "a processor", coreCount: cores, blasName: "OpenBLAS",
      blasThreadCount: blasThreads, blasIsSerial: isSerial, availableMemory: memory
    ).diagnoses
  }

  /// Diagnoses, the subjects that are not ok in them, and how bad the worst is.
  private static let cases: [([Diagnosis], [String], Diagnosis.Mark)] = [
    (terminal(), [], .ok),
    (terminal(isTerminal: false, size: nil), ["terminal"], .improvable),
    (terminal(size: nil), ["terminal"], .improvable), (terminal(size: Size(39, 24)), ["terminal"], .improvable),
    (terminal(size: Size(71, 24)), ["terminal"], .improvable), (terminal(size: Size(80, 24)), [], .ok),
    (terminal(problem: .unknownTerminal(type: "x"), environment: ["TERM": "x"]), ["terminfo"], .broken),
    (terminal(problem: .unnamedTerminal, environment: [:]), ["terminfo"], .broken),
    (
      terminal(isTerminal: false, size: nil, problem: .unnamedTerminal, environment: [:]), ["terminal", "terminfo"],
      .improvable
    ),
    (terminal(isUnicode: false), ["locale", "glyphs"], .improvable),
    (terminal(depth: .indexed256), [], .ok), (terminal(depth: .ansi16), ["colours"], .improvable),
    (terminal(depth: .mono), ["colours"], .improvable),
    (terminal(depth: .mono, environment: ["TERM": "xterm", "NO_COLOR": "1"]), [], .ok),
    (machine(), [], .ok), (machine(cores: 1), ["cores"], .improvable), (machine(blasThreads: 2), ["BLAS"], .broken),
    (machine(isSerial: true), ["BLAS"], .improvable), (machine(cores: 1, isSerial: true), ["cores"], .improvable),
    (machine(memory: 100 << 20), ["memory"], .improvable), (machine(memory: nil), ["memory"], .improvable),
  ]

  @Test(arguments: cases.indices)
  func diagnosesSayWhatWouldBeBetter(index: Int) {
    let (diagnoses, subjects, worst) = Self.cases[index]
    let unwell = diagnoses.filter { $0.mark != .ok }
    #expect(unwell.map(\.subject) == subjects)
    #expect(unwell.allSatisfy { $0.mark == worst })
    for diagnosis in diagnoses {
      #expect((diagnosis.advice == nil) == (diagnosis.mark == .ok))
      #expect(diagnosis.advice?.hasSuffix(".") ?? true)
      #expect(diagnosis.advice?.first?.isUppercase ?? true)
    }
  }

  @Test func theTableHasAdviceBelow() {
    let table = DoctorVerb.table([.ok("a", "well"), .broken("longer", "ill", "Mend it.")])
    #expect(
      table == """
        a       ok               well
        longer  broken           ill
                                 Mend it.

        """)
  }

  // MARK: The whole program

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("doctor-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func write(_ text: String, to path: String) throws {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  private struct Report: Decodable {
    struct Diagnosis: Decodable {
      var subject: String
      var mark: String
      var found: String
      var advice: String?
    }
    var isBroken: Bool
    var diagnoses: [Diagnosis]
  }

  private func report(_ environment: [String: String]) throws -> (run: ProgramRun, report: Report) {
    let run = try ProgramRun(["doctor", "--json"], environment: environment)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return (run, try decoder.decode(Report.self, from: Data(run.output.utf8)))
  }

  @Test func nothingIsBrokenHereAndNothingIsWritten() throws {
    try inFolder { folder in
      let (run, report) = try report(["SKIPWISE_HOME": folder + "/home", "TERM": "xterm-256color"])
      #expect(run.status == 0)
      #expect(!report.isBroken)
      #expect(report.diagnoses.map(\.subject).prefix(2) == ["version", "terminal"])
      let files = [
        "themes", "lessons", "model keys", "model recall", "model prose", "model long", "data folder", "keys",
      ]
      for subject in files { #expect(report.diagnoses.first { $0.subject == subject }?.mark == "ok", "\(subject)") }
      #expect(!FileManager.default.fileExists(atPath: folder + "/home"))
      let text = try ProgramRun(["doctor"], environment: ["SKIPWISE_HOME": folder + "/home"])
      #expect(text.status == 0)
      #expect(report.diagnoses.allSatisfy { text.output.contains("\n\($0.subject) ") || $0.subject == "version" })
    }
  }

  @Test func theUsersFoldersAreBelowHOME() throws {
    try inFolder { folder in
      let (_, report) = try report(["HOME": folder, "SKIPWISE_HOME": "", "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": ""])
      let places = report.diagnoses.filter { $0.subject.hasSuffix("folder") }.map(\.found)
      #expect(places == ["\(folder)/.local/share/skipwise, to be made", "\(folder)/.config/skipwise, to be made"])
    }
  }

  @Test func whatIsBrokenIsNamed() throws {
    try inFolder { folder in
      // A model without its files, a theme that is none, and a file where a folder has to be.
      try write("{", to: folder + "/share/sample-data/keys/config.json")
      try write("text = 3", to: folder + "/share/themes/dark.theme")
      try write("", to: folder + "/file")
      let (run, report) = try report(["SKIPWISE_SHARE": folder + "/share", "SKIPWISE_HOME": folder + "/file/home"])
      #expect(run.status == 70)
      #expect(report.isBroken)
      #expect(run.standardError == "skipwise doctor: broken: themes, model keys, data folder\n")
      let broken = report.diagnoses.filter { $0.mark == "broken" }
      #expect(broken.map(\.subject) == ["themes", "model keys", "data folder"])
      #expect(broken.last?.advice?.contains("\(folder)/file is no folder") == true)
    }
  }

  @Test func aFileOfKeysThatIsPartlyWrongCouldBeBetter() throws {
    try inFolder { folder in
      try write("no-such-action = x\n", to: folder + "/keys")
      let (run, report) = try report(["SKIPWISE_HOME": folder])
      #expect(run.status == 0)
      let keys = report.diagnoses.first { $0.subject == "keys" }
      #expect(keys?.mark == "could be better")
      #expect(keys?.advice?.hasPrefix("Keys, line 1: there is no action 'no-such-action'") == true)
    }
  }
}
