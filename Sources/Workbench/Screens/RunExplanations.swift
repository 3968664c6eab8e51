import Foundation
import Transformer

extension WorkbenchState {
  var trainingExplanation: Explanation {
    let last = training.newest
    switch pane {
    case .batch:
      return Explanation(
        title: "This batch",
        lines: [
          .text(
            "Each row is one example of the newest batch over the target window: chunks where their tokens sat, gaps where "
              + "positions were skipped. Cuts and skips are drawn anew for every example."), .gap,
          .value("examples", "\(training.layouts.count)"),
          .value("tokens each", grouped(training.layouts.first?.tokenCount ?? 0)),
        ])
    case .context:
      return Explanation(
        title: "Perplexity",
        lines: [
          .text(
            "How far the model reads: whole documents of each length, read from position 0 on, before fine-tuning and now. "
              + "Beyond the base window it explodes until skips have taught the far distances."), .gap,
          .formula("perplexity = e^(mean negative log-likelihood)"),
        ])
    case .signals:
      return Explanation(
        title: "Rate and gradient",
        lines: [
          .text(
            "The learning rate rises over the warm-up and falls along a cosine. The norm is that of the whole gradient before it is "
              + "clipped: a spike says that a batch surprised the model."), .gap,
          .value("learning rate", last.map { brief($0.lr) } ?? "–"),
          .value("gradient's norm", last.map { brief($0.gradNorm) } ?? "–"),
          .value("clipped to", brief(AdamWSettings().clipNorm)),
        ])
    case .reach:
      return Explanation(
        title: "Loss by context",
        lines: [
          .text(
            "The mean loss over documents of each length, read whole, whenever it was measured. PoSE trains on short examples, "
              + "and yet the lines of the long documents come down to that of the window."), .gap,
          .formula("loss = ln(perplexity)"),
        ])
    case .sample:
      let sample = training.shownEvaluation?.sample
      return Explanation(
        title: "It writes",
        lines: [
          .text(
            "The end of a text, dim, and how the model goes on with it, always with the likeliest token. With key-value text it is told a fact "
              + "early and asked for it at the end, twice the window later."), .gap,
          .value("tokens read", sample.map { grouped($0.read) } ?? "–"),
          .value("asked for", sample?.expected ?? "–"),
        ])
    case .run:
      return Explanation(
        title: "Run",
        lines: [
          .text(
            "AdamW with warm-up, cosine decay and clipping of the gradient's norm. GFLOP/s are those that the model needs, beside what "
              + "OpenBLAS reaches with large matrices on as many threads."), .gap,
          .formula("operations a token = 6·parameters + 6·layers·L·width"),
          .value("learning rate now", last.map { brief($0.lr) } ?? "–"),
          .value("tokens read", grouped(last?.tokens ?? 0)),
          .value("tokens a second", training.tokensPerSecond.map(brief) ?? "–"),
        ])
    default:
      return Explanation(
        title: "Loss",
        lines: [
          .text(
            "The mean negative log-likelihood of the batch before each step, in nats, raw behind its exponential average."
          ),
          .gap, .formula("average = Σ wᵏ(1−w)·loss / Σ wᵏ(1−w)"),
          .value("w", number(TrainingState.smoothings[training.smoothing], 2)),
          .value("loss", last.map { number($0.loss, 4) } ?? "–"),
          .value("averaged", training.smoothedLoss.map { number($0, 4) } ?? "–"),
        ])
    }
  }

  var attentionExplanation: Explanation {
    var lines: [Explanation.Line] = [
      .text(
        "How one head spreads its attention over the first example of the newest batch: a row a query, a column a key, each row "
          + "sums to 1. Lines mark the seams between chunks, where positions jump."), .gap,
      .formula("weight(q, k) = softmax over k of  R(q)·R(k) / √d"),
      .text(
        "Below the map: what each key receives. Right of it: over how many keys a query spreads, e to the power of its "
          + "entropy. Without the sink, the first token, rows sum to 1 again."),
      .gap,
    ]
    if let view = attention.view, attention.query < view.map.tokens {
      let positions = view.layout.positions
      let weight = view.map.weights[attention.query * view.map.tokens + attention.key]
      lines += [
        .value("query and key", "\(grouped(positions[attention.query])) and \(grouped(positions[attention.key]))"),
        .value("distance", grouped(positions[attention.query] - positions[attention.key])),
        .value("weight", number(Double(weight), 4)),
      ]
    }
    return Explanation(title: "Attention", lines: lines)
  }
}
