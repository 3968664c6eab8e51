import Canvas
import FineTuning
import Foundation
import Transformer
import Workbench

/// A run for other programs: a table, lines of JSON, a picture.
struct RunExport {
  let run: RunSummary

  init(_ run: RunSummary) { self.run = run }

  /// A row a step.
  var csv: String {
    run.steps.reduce("step,loss,grad_norm,lr,tokens,seconds\n") { text, s in
      text + "\(s.step),\(s.loss),\(s.gradNorm),\(s.lr),\(s.tokens),\(s.seconds)\n"
    }
  }

  /// `metrics.jsonl` as it is.
  var lines: Data {
    get throws { try ModelFile.contents(of: run.path + "/metrics.jsonl", limit: RunFolder.metricsLimit) }
  }

  func svg(_ look: Look, _ size: Size) -> String {
    RunComparison([run]).picture(size, look).svg(background: look.theme[.text].background.rgb ?? RGB(18, 18, 18))
  }

  /// Writes all three, named as the run is; returns where they are.
  ///
  /// - Throws: `ModelFileError` where the disk refuses.
  func write(to folder: String, look: Look, size: Size) throws -> [String] {
    try DurableFile.createFolder(folder)
    return try [("csv", Data(csv.utf8)), ("jsonl", lines), ("svg", Data(svg(look, size).utf8))].map { ending, data in
      let path = "\(folder)/\(run.name).\(ending)"
      try DurableFile.write(data, to: path)
      return path
    }
  }
}
