import Canvas
import FineTuning
import Foundation
import Transformer
import Workbench

/// `runs`: what was trained, listed, compared and exported.
struct RunsVerb: Verb {
  static let name = "runs"
  static let summary = "lists, shows, compares, exports and deletes what was trained"
  static let example = "skipwise runs list"
  static let operands = ["list", "show", "compare", "export", "delete"]
  static let takesNames = true
  static let options: [Option] =
    [
      .value("folder", "DIR", "where the runs are (default: the user's runs)"),
      .choice("as", "KIND", "for export", of: ["csv", "jsonl", "svg"], default: "csv"),
      .flag("json", "one JSON object a run"),
    ] + PictureOptions.shared

  /// The contract of `runs --json`.
  private struct Record: Encodable {
    var name: String
    var path: String
    var command: String
    var method: String
    var scaling: String
    var window: Int
    var target: Int
    var seed: UInt64
    var step: Int
    var steps: Int
    var loss: Double?
    var perplexity: [String: Double]?
    var changes: [RunChange]
    var hasCheckpoint: Bool

    init(_ run: RunSummary) {
      let s = run.settings
      (name, path, command) = (run.name, run.path, s.command)
      (method, scaling, window, target, seed) = (s.method, s.scaling, s.window, s.target, s.seed)
      (step, steps, loss) = (run.steps.last?.step ?? 0, s.steps, run.steps.last?.loss)
      perplexity = run.evaluations.last?.eval.perplexity
      (changes, hasCheckpoint) = (run.changes, run.hasCheckpoint)
    }
  }

  private let action: String
  private let names: [String]
  private let folder: String
  private let kind: String
  private let wantsJSON: Bool
  private let picture: PictureOptions

  init(_ arguments: Arguments) throws {
    guard let action = arguments.operands.first else {
      throw UsageError("name one of \(Self.operands.joined(separator: ", "))")
    }
    self.action = action
    names = Array(arguments.operands.dropFirst())
    folder = arguments.string("folder") ?? Installation.runsFolder
    kind = try arguments.choice("as") ?? "csv"
    wantsJSON = arguments.has("json")
    picture = try PictureOptions(arguments, size: Size(100, 30))
    switch (action, names.count) {
    case ("list", 0), ("show", 1), ("export", 1), ("delete", 1), ("compare", 2...): break
    case ("list", _): throw UsageError("list takes no names")
    case ("compare", _): throw UsageError("compare needs two runs or more, by name or folder")
    default: throw UsageError("\(action) needs one run, by name or folder")
    }
  }

  private func run(_ name: String) throws -> RunSummary { try RunCatalog.run(named: name, in: folder) }

  func run() throws {
    switch action {
    case "list":
      let runs = RunCatalog.runs(in: folder)
      if wantsJSON { return try printRecords(runs) }
      runs.isEmpty ? Output.message("no runs in \(folder)") : Output.text(table(runs))
    case "compare":
      let runs = try names.map(run)
      try wantsJSON
        ? printRecords(runs)
        : picture.write(RunComparison(runs).picture(picture.size, picture.look))
    case "show":
      let run = try run(names[0])
      try wantsJSON ? Output.json(Record(run)) : Output.text(description(run))
    case "delete":
      let run = try run(names[0])
      try RunCatalog.delete(run.path)
      Output.message("deleted \(run.path)")
    default: try export(run(names[0]))
    }
  }

  /// One line of JSON a run.
  private func printRecords(_ runs: [RunSummary]) throws {
    for run in runs { try Output.json(Record(run)) }
  }

  private func export(_ run: RunSummary) throws {
    let export = RunExport(run)
    switch kind {
    case "jsonl": Output.text(String(decoding: try export.lines, as: UTF8.self))
    case "svg": Output.text(export.svg(picture.look, picture.size))
    default: Output.text(export.csv)
    }
  }

  private func table(_ runs: [RunSummary]) -> String {
    let head = "run                       method        scaling           L        T     step     loss  ppl at T\n"
    return runs.reduce(head) { text, run in
      let s = run.settings
      let loss = run.steps.last.map { String(format: "%8.4f", $0.loss) } ?? "       -"
      let far = run.perplexity(at: s.target).map { String(format: "%9.4g", $0) } ?? "        -"
      return text + pad(run.name.printable, 26) + pad(s.method.printable, 14) + pad(s.scaling.printable, 13)
        + String(format: "%6d %8d %8d ", s.window, s.target, run.steps.last?.step ?? 0) + loss + " " + far + "\n"
    }
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text.count < width ? text.padding(toLength: width, withPad: " ", startingAt: 0) : text + " "
  }

  private func description(_ run: RunSummary) -> String {
    var lines = [run.path, run.settings.command]
    if let last = run.steps.last {
      lines.append(
        "step \(last.step) of \(run.settings.steps), loss \(last.loss), \(last.tokens) tokens, \(String(format: "%.0f", last.seconds)) s"
      )
    }
    for evaluation in [run.evaluations.first, run.evaluations.last].compactMap({ $0 }) {
      let parts = evaluation.lengths.map { "\($0): \(String(format: "%.4g", evaluation.perplexity(at: $0) ?? .nan))" }
      lines.append("perplexity at step \(evaluation.step)  " + parts.joined(separator: "  "))
    }
    lines += run.changes.map { "changed after step \($0.step): \($0.change)" }
    lines.append(run.hasCheckpoint ? "model in \(run.path)/checkpoint" : "no checkpoint")
    return lines.map { $0.printable + "\n" }.joined()
  }
}
