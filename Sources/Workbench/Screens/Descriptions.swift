import FineTuning
import Positions
import Transformer

/// Every picture in sentences with its numbers, for those who cannot see it or want to quote it.
extension WorkbenchState {
  /// The focused pane's picture in words.
  var description: Explanation {
    let sentences =
      switch pane {
      case .layout: explorer.layoutInWords
      case .distances: explorer.distancesInWords
      case .pairs: explorer.pairsInWords
      case .rotary: rotaryInWords
      case .loss: training.lossInWords
      case .batch: training.batchInWords
      case .run: training.runInWords
      case .context: training.contextInWords
      case .signals: training.signalsInWords
      case .reach: training.reachInWords
      case .sample: training.sampleInWords
      case .map, .weight, .profile, .heads: attention.inWords
      case .perplexity:
        evaluation.inWords(evaluation.showsPositions ? PositionPerplexity.name : SlidingPerplexity.name, at: "at")
      case .retrieval: evaluation.inWords(evaluation.retrieval, at: "at")
      case .needle: evaluation.needleInWords
      case .far: evaluation.inWords(DistanceLoss.name, at: "at distance")
      case .list, .tables: runs.inWords
      case .curves: runs.curvesInWords
      case .lesson: [learn.play?.stage.described ?? "\(learn.lessons.count) lessons; Enter opens the one chosen."]
      }
    return Explanation(title: "\(pane.title), in words", lines: sentences.map { .text($0) })
  }
}

/// Numbers of a sentence: "a; b; c".
private func listed(_ parts: [String]) -> String { parts.joined(separator: "; ") }

/// A curve by its ends and its extremes.
private func curve(_ name: String, _ values: [(at: Int, value: Double)], unit: String = "step") -> String {
  guard let first = values.first, let last = values.last, let low = values.min(by: { $0.value < $1.value }),
    let high = values.max(by: { $0.value < $1.value })
  else { return "\(name): nothing yet." }
  func told(_ point: (at: Int, value: Double)) -> String { "\(brief(point.value)) at \(unit) \(grouped(point.at))" }
  return "\(name) goes from \(told(first)) to \(told(last)); lowest \(told(low)), highest \(told(high))."
}

extension ExplorerState {
  fileprivate var layoutInWords: [String] {
    guard let layout else { return [problem ?? "There is no layout."] }
    let told = layout.chunks.prefix(6).enumerated().map { index, chunk in
      "chunk \(letter(index)) of \(grouped(chunk.length)) tokens, skip \(grouped(chunk.skipBias)), at positions "
        + "\(grouped(chunk.positions.lowerBound)) to \(grouped(chunk.positions.upperBound - 1))"
    }
    let rest = layout.chunks.count - told.count
    return [
      "\(isByHand ? "An example made by hand" : "Example \(grouped(example)) of \(curveLabel)"): "
        + "\(grouped(layout.tokenCount)) tokens over \(grouped(settings.target)) positions, the last one used "
        + "\(grouped((layout.positions.last ?? 0))).",
      listed(told) + (rest > 0 ? "; and \(grouped(rest)) chunks more." : "."),
    ]
  }

  fileprivate var distancesInWords: [String] {
    guard let curves else { return ["The curve is being computed."] }
    let last = settings.target - 1
    let places = [1, settings.window / 2, settings.window, (settings.window + last) / 2, last]
    let asked = (places + [view.cursor].compactMap { $0 }).filter { (1...max(last, 1)).contains($0) }
    let name =
      switch view.measure {
      case .coverage: "The share of examples that contain a distance"
      case .pairMass: "Pairs of tokens in an example, by distance"
      case .supervisedMass: "Pairs whose later token is asked for a prediction, by distance"
      }
    let values = Set(asked).sorted().compactMap { distance in
      curves.value(view.measure, at: distance).map { "\(brief($0)) at \(grouped(distance))" }
    }
    return ["\(name), \(curveLabel): \(listed(values))."]
      + (pins.isEmpty ? [] : ["Kept beside it: \(listed(pins.map(\.label)))."])
  }

  fileprivate var pairsInWords: [String] {
    guard let layout else { return [problem ?? "There is no layout."] }
    let total = layout.tokenCount * (layout.tokenCount - 1) / 2
    let inside = layout.chunks.reduce(0) { $0 + $1.length * ($1.length - 1) / 2 }
    let far = layout.pairsBeyondWindow
    return [
      "\(grouped(total)) pairs of tokens: \(grouped(inside)) inside a chunk, \(grouped(total - inside)) across a skip.",
      "\(grouped(far)) of them, \(percent(Double(far) / Double(max(total, 1)))), are farther apart than the window of "
        + "\(grouped(settings.window)) tokens.",
    ]
  }
}

extension WorkbenchState {
  fileprivate var rotaryInWords: [String] {
    guard let configuration = training.subject?.configuration,
      let phases = RotaryPhases(explorer.settings, configuration)
    else { return ["The model is being read."] }
    let slowest = phases.count - 1
    return [
      "With \(explorer.settings.scaling), \(phases.unseenPairs) of \(phases.count) pairs reach angles below distance "
        + "\(grouped(phases.target)) that the base window of \(grouped(phases.window)) never had.",
      "Inside the base window the fastest pair turns \(brief(phases.turnsSeen(0))) times, the slowest "
        + "\(brief(phases.turnsSeen(slowest))) times; attention is multiplied by \(brief(phases.scaled.attentionFactor)).",
    ]
  }
}

extension TrainingState {
  fileprivate var lossInWords: [String] {
    let marks = changes.suffix(4).map { "at step \($0.step) \($0.change)" }
    var sentences = [curve("The loss", steps.map { ($0.step, $0.loss) })]
    if let smoothed = smoothedLoss, smoothing > 0 { sentences.append("Averaged it stands at \(brief(smoothed)).") }
    if let shown, lookingAt != nil { sentences.append("Looked at: step \(shown.step), loss \(brief(shown.loss)).") }
    if !marks.isEmpty { sentences.append("Changed on the way: \(listed(marks)).") }
    return sentences
  }

  fileprivate var batchInWords: [String] {
    guard let first = layouts.first else { return ["No batch is drawn yet."] }
    let farthest = layouts.compactMap(\.positions.last).max() ?? 0
    let chunks = first.chunks.prefix(6).map { "\(grouped($0.length)) tokens from \(grouped($0.positions.lowerBound))" }
    return [
      "\(layouts.count) examples of \(grouped(first.tokenCount)) tokens; the farthest position is \(grouped(farthest)).",
      "The first one: \(listed(chunks)).",
    ]
  }

  fileprivate var runInWords: [String] {
    guard let subject else { return ["The model is being read."] }
    var sentences = [
      "Step \(grouped(position)) of \(grouped(subject.settings.steps)), \(isRunning ? "running" : "waiting"), "
        + "\(subject.settings.method) with \(subject.settings.scaling) to \(grouped(subject.settings.target)) tokens."
    ]
    if let tokensPerSecond, let gflops {
      let share = productPeak.map { ", \(percent(gflops / $0)) of what OpenBLAS reaches" } ?? ""
      sentences.append("\(brief(tokensPerSecond)) tokens a second, \(brief(gflops)) GFLOP/s\(share).")
    }
    if let secondsLeft { sentences.append("About \(spoken(seconds: secondsLeft)) are left.") }
    return sentences
  }

  fileprivate var contextInWords: [String] {
    guard let before = evaluations.first, let now = shownEvaluation else { return ["Nothing is measured yet."] }
    let values = now.lengths.map { length in
      "\(before.perplexity(at: length).map(brief) ?? "–") before and \(now.perplexity(at: length).map(brief) ?? "–") "
        + "at step \(now.step), of \(grouped(length)) tokens"
    }
    return ["Perplexity of whole documents: \(listed(values))."]
  }

  fileprivate var signalsInWords: [String] {
    [
      curve("The learning rate", steps.map { ($0.step, $0.lr) }),
      curve("The gradient's norm", steps.map { ($0.step, $0.gradNorm) }),
    ]
  }

  fileprivate var reachInWords: [String] {
    guard let lengths = evaluations.first?.lengths else { return ["Nothing is measured yet."] }
    return lengths.map { length in
      curve(
        "Perplexity at \(grouped(length)) tokens",
        evaluations.compactMap { record in record.perplexity(at: length).map { (record.step, $0) } })
    }
  }

  fileprivate var sampleInWords: [String] {
    guard let sample = shownEvaluation?.sample else { return ["Nothing is written yet."] }
    let expected = sample.expected.map { ", asked for “\($0)”" } ?? ""
    return [
      "After “…\(sample.prompt.suffix(60))” (\(grouped(sample.read)) tokens) it writes “\(sample.text)”\(expected)."
    ]
  }
}

extension AttentionState {
  fileprivate var inWords: [String] {
    guard let view, query < view.map.tokens else { return ["No attention is computed yet."] }
    let (map, positions) = (view.map, view.layout.positions)
    let row = Array(map.weights[query * map.tokens...(query * map.tokens + query)])
    let strongest = row.indices.sorted { row[$0] > row[$1] }.prefix(3).map { key in
      "\(number(Double(row[key]), 3)) at distance \(grouped(positions[query] - positions[key]))"
    }
    var sentences = [
      "Layer \(map.layer), head \(map.head), \(map.tokens) tokens: the query at position \(grouped(positions[query])) gives "
        + "\(number(Double(row[key]), 4)) to the key at position \(grouped(positions[key])), "
        + "\(grouped(positions[query] - positions[key])) back.",
      "Its strongest keys: \(listed(Array(strongest))). The first token gets \(number(Double(row[0]), 3)).",
    ]
    if let sketch = view.heads.first(where: { $0.address == address }) {
      sentences.append(
        "Over all queries the first token gets \(percent(sketch.sink)), keys farther back than the window "
          + "\(percent(sketch.far)).")
    }
    return sentences
  }
}

extension EvaluationState {
  fileprivate func inWords(_ measure: String, at: String) -> [String] {
    let told = models.compactMap { model -> String? in
      guard let result = model.result(measure), let row = result.values.first else { return nil }
      let values = zip(result.columns, row).map { "\($1.map(brief) ?? "not yet known") \(at) \(grouped($0))" }
      return "\(model.request.label): \(listed(values))."
    }
    return told.isEmpty ? ["Nothing is measured yet."] : told
  }

  fileprivate var needleInWords: [String] {
    guard let shown, let result = shown.result(PasskeyAccuracy.gridName) else { return ["Nothing is measured yet."] }
    return zip(result.rows, result.values).map { depth, row in
      let values = zip(result.columns, row).map { "\($1.map(percent) ?? "not yet known") at \(grouped($0))" }
      return "The fact \(percent(depth)) into the text: \(listed(values))."
    }
  }
}

extension RunsState {
  fileprivate var inWords: [String] {
    guard let runs else { return ["Runs are being looked for."] }
    guard let shown else { return ["There is no run yet."] }
    let settings = shown.settings
    let perplexities = (shown.evaluations.last?.lengths ?? []).map { length in
      "\(shown.perplexity(at: length).map(brief) ?? "–") at \(grouped(length))"
    }
    return [
      "\(runs.count) \(runs.count == 1 ? "run" : "runs"); chosen is \(shown.name): \(settings.method) with "
        + "\(settings.scaling), window \(grouped(settings.window)), target \(grouped(settings.target)), "
        + "\(grouped(shown.steps.last?.step ?? 0)) steps taken.",
      perplexities.isEmpty ? "Its perplexity was not measured." : "Perplexity: \(listed(perplexities)).",
    ]
  }

  fileprivate var curvesInWords: [String] {
    compared.map { run in curve("\(run.name): the loss", run.steps.map { ($0.step, $0.loss) }) }
  }
}
