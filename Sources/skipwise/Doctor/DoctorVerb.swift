/// `doctor`: what the program finds on this machine, and what would be better.
struct DoctorVerb: Verb {
  static let name = "doctor"
  static let summary = "looks over the terminal, the processor and the files, and says what would be better"
  static let example = "skipwise doctor"
  static let options: [Option] = [.flag("json", "one JSON object")]

  /// The contract of `doctor --json`.
  private struct Report: Encodable {
    let isBroken: Bool
    let diagnoses: [Diagnosis]
  }

  private let wantsJSON: Bool

  init(_ arguments: Arguments) { wantsJSON = arguments.has("json") }

  /// - Throws: `Unwell` where something is broken, when all has been said.
  func run() throws {
    let diagnoses = MainActor.assumeIsolated { Examination.diagnoses() }
    let broken = diagnoses.filter { $0.mark == .broken }.map(\.subject)
    if wantsJSON {
      try Output.json(Report(isBroken: !broken.isEmpty, diagnoses: diagnoses))
    } else {
      Output.text(Self.table(diagnoses))
    }
    guard broken.isEmpty else { throw Unwell(subjects: broken) }
  }

  /// A line a diagnosis, and one below it for what would be better.
  static func table(_ diagnoses: [Diagnosis]) -> String {
    let width = (diagnoses.map(\.subject.count).max() ?? 0) + 2
    let markWidth = Diagnosis.Mark.improvable.rawValue.count + 2
    func column(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: width - text.count) }
    return diagnoses.reduce("") { text, diagnosis in
      let line = column(diagnosis.subject, width) + column(diagnosis.mark.rawValue, markWidth) + diagnosis.found
      let advice = diagnosis.advice.map { String(repeating: " ", count: width + markWidth) + $0 + "\n" } ?? ""
      return text + line + "\n" + advice
    }
  }

  /// Something without which the program cannot do its work.
  struct Unwell: Error, CustomStringConvertible {
    let subjects: [String]
    var description: String { "broken: \(subjects.joined(separator: ", "))" }
  }
}
