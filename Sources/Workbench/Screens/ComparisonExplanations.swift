import FineTuning

extension WorkbenchState {
  var evaluationExplanation: Explanation {
    let shown = evaluation.shown
    func values(_ measure: String) -> [Explanation.Line] {
      guard let result = shown?.result(measure), let row = result.values.first else { return [] }
      return [.gap, .value("model", shown?.request.label ?? "")]
        + zip(result.columns, row).suffix(6).map { .value(grouped($0), $1.map(brief) ?? "–") }
    }
    switch pane {
    case .retrieval:
      return Explanation(
        title: "Retrieval",
        lines: [
          .text(
            "A text tells one fact and asks for it at its end. A trial counts where all five digits are the likeliest tokens; that "
              + "is what greedy decoding would write."), .gap,
          .formula("accuracy = trials without an error / trials"),
        ] + values(PasskeyAccuracy.name))
    case .needle:
      return Explanation(
        title: "Needle grid",
        lines: [
          .text(
            "The same test by length and by depth: at 0 % the fact stands at the start of the text, the farthest from the question. "
              + "Beyond its window a model fails at shallow depths first.")
        ])
    case .far:
      return Explanation(
        title: "Loss by distance",
        lines: [
          .text(
            "How surely the digits of a fact are repeated, by how many tokens back it was told, in texts of one length. "
              + "ln 10 = 2.303 is guessing."), .gap, .formula("loss = −(1/5) Σ ln p(digit)"),
        ] + values(DistanceLoss.name))
    case .perplexity where evaluation.showsPositions:
      return Explanation(
        title: "Perplexity by position",
        lines: [
          .text(
            "Documents read whole, by how far into them a token stands. What lies beyond the window of a model that was not taught to "
              + "read so far explodes; what lies within it stays."), .gap,
          .formula("perplexity(stretch) = e^(mean loss of its tokens)"),
        ] + values(PositionPerplexity.name))
    default:
      return Explanation(
        title: "Perplexity",
        lines: [
          .text(
            "A window of each size slides over documents and every token is scored once, with at least the window less the stride "
              + "before it."), .gap, .formula("perplexity = e^(mean negative log-likelihood)"),
        ] + values(SlidingPerplexity.name))
    }
  }

  var runsExplanation: Explanation {
    var lines: [Explanation.Line] = [
      .text(
        "Every run that was started, newest first. Enter measures one in Evaluate, m draws its loss beside the selected one's, o "
          + "takes over its settings.")
    ]
    if let run = runs.shown {
      lines += [
        .gap, .value("folder", run.path), .value("seed", "\(run.settings.seed)"),
        .value("rate", brief(run.settings.learningRate)), .formula(run.settings.command),
      ]
    }
    return Explanation(title: "Runs", lines: lines)
  }
}
