import FineTuning

/// The JSON of an experiment: every outcome, the means, the paper's numbers, and what holds.
struct ExperimentRecord: Encodable {
  struct Row: Encodable {
    var arm: String
    var measure: String
    var columns: [Int]
    var mean: [Double?]
    /// Largest minus smallest over seeds.
    var spread: [Double?]
  }
  struct Paper: Encodable {
    struct Row: Encodable {
      var label: String
      /// Null where the paper reports none; 1000 where it says "> 1000".
      var values: [Double?]
    }
    var caption: String
    var columns: [Int]
    var rows: [Row]
  }

  var result: ExperimentResult
  var rows: [Row]
  var paper: Paper?
  var findings: [Finding]

  init(_ experiment: Experiment, _ result: ExperimentResult) {
    self.result = result
    rows = result.measures.flatMap { measure in
      result.arms.map { arm in
        let columns = result.columns(measure)
        return Row(
          arm: arm, measure: measure, columns: columns, mean: columns.map { result.mean(arm, measure, $0) },
          spread: columns.map { result.spread(arm, measure, $0).map { $0.upperBound - $0.lowerBound } })
      }
    }
    paper = experiment.paper.map { paper in
      Paper(
        caption: paper.caption, columns: paper.columns,
        rows: paper.rows.map { Paper.Row(label: $0.label, values: $0.values.map { $0.map { min($0, 1000) } }) })
    }
    findings = experiment.findings(result)
  }
}

/// The JSON of Figure 5.
struct CoverageRecord: Encodable {
  struct Curve: Encodable {
    var name: String
    var sampler: String
    var chunks: Int
    var method: String
    var coverage: [Double]
    var standardError: [Double]?
    var samples: Int?
  }

  let figure = "figure5"
  var window: Int
  var target: Int
  var series: [Curve]
  var findings: [Finding]

  init(_ figure: CoverageFigure) {
    window = figure.window.training
    target = figure.window.target
    series = figure.series.map { curve in
      Curve(
        name: curve.name, sampler: curve.sampler, chunks: curve.chunks,
        method: curve.samples == nil ? "exact" : "monte-carlo", coverage: Array(curve.coverage.dropFirst()),
        standardError: curve.standardError.map { Array($0.dropFirst()) }, samples: curve.samples)
    }
    findings = figure.findings
  }

  /// A row a distance.
  var csv: String {
    let head = (["distance"] + series.map(\.name)).joined(separator: ",")
    let rows = (0..<target - 1).map { index in
      (["\(index + 1)"] + series.map { "\($0.coverage[index])" }).joined(separator: ",")
    }
    return ([head] + rows).joined(separator: "\n") + "\n"
  }
}
