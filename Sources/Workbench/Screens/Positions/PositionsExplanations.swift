import FineTuning
import Foundation
import Positions

extension ExplorerState {
  var layoutExplanation: Explanation {
    var lines: [Explanation.Line] = [
      .text(summary(of: settings.method)), .gap,
      .formula("position of token j of chunk i = uᵢ + stᵢ + j"),
      .formula("token = x[vᵢ + stᵢ + j],  stᵢ = l₀ + … + lᵢ₋₁"),
    ]
    lines += rule.map { .formula($0) }
    lines.append(.gap)
    if let layout, let last = layout.chunks.last, layout.chunks.count > 1 {
      let index = layout.chunks.count - 1
      let name = letter(index)
      lines += [
        .value(
          "first position of chunk \(name)",
          "\(grouped(last.skipBias)) + \(grouped(last.start)) = \(grouped(last.positions.lowerBound))"),
        .value(
          "last position", "\(grouped(last.positions.upperBound - 1)) of at most \(grouped(settings.target - 1))"),
        .value(
          "tokens, Σ l",
          "\(layout.chunks.map { grouped($0.length) }.prefix(6).joined(separator: " + ")) = \(grouped(layout.tokenCount))"
        ),
      ]
    }
    lines += [
      .value("largest skip, T − L", grouped(settings.target - settings.window)), .gap, .text(seamSentence),
      .text("Arrows select and move a border or a skip; so does the mouse. u takes it back."),
    ]
    return Explanation(title: "Positions", lines: lines)
  }

  private func summary(of sampler: String) -> String {
    (try? SamplerRegistry.type(named: sampler))?.summary ?? sampler
  }

  /// How the sampler draws lengths and skips.
  private var rule: [String] {
    switch settings.method {
    case SkipWiseSampler.name:
      [
        settings.split == .uniform
          ? "N−1 distinct cuts uniform in 1 … L−1" : "l₀ ~ U{1 … L−N+1}, the next in what leaves 1 for each",
        settings.biases == .chained
          ? "u₀ = 0,  uᵢ ~ U{uᵢ₋₁ … T−L}   (PoSE §3.2, eq. 4)" : "u₀ = 0,  N−1 draws from 0 … T−L, sorted",
      ]
    case ReferenceSkipWiseSampler.name: ["l₀ ~ U{1 … ⌊(L+1)/2⌋},  u₁ ~ U{0 … T−L}"]
    case EqualChunkSampler.name: ["lᵢ = ⌊L/N⌋,  each skip uniform in what is left of T−L"]
    case RandomPositionSampler.name: ["L distinct positions uniform in 0 … T−1, sorted"]
    case BalancedSampler.name: ["cuts and skips weighted so that the pair mass comes close to what is wanted"]
    case ContinuityRelativitySampler.name: ["head, middle, tail; the middle ends at α·L/2, α ~ N(1+s, 3) cut to 2 … 2s"]
    case SentenceSkipSampler.name: ["a prefix of U{1 … ⌊(L+1)/2⌋}, then sentences shifted by sorted draws"]
    default: []
    }
  }

  private var seamSentence: String {
    switch settings.seam {
    case .kept:
      "At a seam the loss is kept: a chunk's last token predicts the next chunk's first, as in the published code."
    case .masked: "At a seam the loss is masked: a chunk's last token is asked for nothing."
    case .trueNext: "At a seam the label is the token that truly follows in the text."
    }
  }

  var distanceExplanation: Explanation {
    let (length, target) = (settings.window, settings.target)
    let distance = view.cursor ?? length
    var lines: [Explanation.Line]
    switch view.measure {
    case .coverage:
      lines = [
        .text(
          "P(d): the share of training examples that contain two tokens at distance d (Figure 5 of the paper). "
            + "A model is only ever asked about distances that its examples contain."), .gap,
      ]
      lines += coverageFormula(distance)
    case .pairMass:
      lines = [
        .text(
          "How many pairs of tokens an example has at distance d, on average. Every example has L(L−1)/2 pairs; a sampler "
            + "only moves them."), .gap,
        .formula("Σ over d of pairs(d) = L(L−1)/2"),
        .value(
          "pairs in an example", grouped((layout?.tokenCount ?? length) * ((layout?.tokenCount ?? length) - 1) / 2)),
      ]
    case .supervisedMass:
      lines = [
        .text(
          "The same pairs, but only those whose later token is asked for a prediction: the window's last token has no next "
            + "one, and masked seams ask for nothing."), .gap,
      ]
    }
    if let value = curves?.value(view.measure, at: distance) {
      lines.append(
        .value(
          view.measure == .coverage ? "P(\(grouped(distance)))" : "pairs at d = \(grouped(distance))", precise(value)))
    }
    if let error = curves?.profile.standardErrors[view.measure], error.indices.contains(distance) {
      lines.append(.value("standard error", precise(error[distance])))
    }
    if let last = curves?.value(view.measure, at: target - 1) {
      lines.append(.value("the last distance, \(grouped(target - 1))", precise(last)))
    }
    if let survey, let own = survey.distanceToWanted {
      let goal = settings.wantedMass.isEmpty ? "an even pair mass" : "the wanted pair mass"
      lines.append(.value("away from \(goal)", number(own, 3)))
      if let pose = survey.poseDistanceToWanted { lines.append(.value("pose with two chunks", number(pose, 3))) }
    }
    lines += [
      .gap,
      .text("i reads values off, = and - zoom, x and y change the axes, a pins a curve, M draws a million examples."),
    ]
    return Explanation(title: "Distances", lines: lines)
  }

  private func precise(_ value: Double) -> String { String(format: value < 1e-4 && value > 0 ? "%.3g" : "%.6f", value) }

  /// The closed form with its parts at a distance, where it is that of two chunks.
  private func coverageFormula(_ distance: Int) -> [Explanation.Line] {
    guard settings.method == SkipWiseSampler.name, settings.chunks == 2, settings.window >= 2 else {
      return survey?.exact != nil
        ? [.formula("in closed form")] : [.formula("drawn: P ± √(P(1−P)/n) after n examples")]
    }
    let (length, limit) = (settings.window, settings.target - settings.window)
    let longer = (1..<length).filter { max($0, length - $0) > distance }.count
    let a = Double(longer) / Double(length - 1)
    let reaching = max(0, min(limit, distance - 1) - max(0, distance - length + 1) + 1)
    let b = Double(reaching) / Double(limit + 1)
    return [
      .formula("P(d) = A + B − A·B"),
      .formula("A(d) = share of cuts with max(l₀, L−l₀) > d"),
      .formula("B(d) = skips in d−L+1 … d−1, of T−L+1"),
      .value("A(\(grouped(distance)))", precise(a)), .value("B(\(grouped(distance)))", precise(b)),
    ]
  }

  var pairsExplanation: Explanation {
    guard let layout else { return Explanation(title: "Pairs", lines: [.text(problem ?? "")]) }
    let total = layout.tokenCount * (layout.tokenCount - 1) / 2
    let far = layout.pairsBeyondWindow
    var lines: [Explanation.Line] = [
      .text(
        "Every token attends to itself and to all before it, also across skips: chunks are parts of one window. Rotary "
          + "attention feels only distances, so a block's distances are all that it teaches."), .gap,
      .formula("inside a chunk:  l(l−1)/2 pairs, d = 1 … l−1"),
      .formula("chunk i to an earlier j:  lᵢ·lⱼ pairs, d around uᵢ − uⱼ"),
      .value("all pairs, L(L−1)/2", grouped(total)),
    ]
    if let last = layout.chunks.last, let first = layout.chunks.first, layout.chunks.count > 1 {
      let names = "\(letter(layout.chunks.count - 1))→A"
      let (near, away) = (last.positions.lowerBound - first.positions.upperBound + 1, last.positions.upperBound - 1)
      lines += [
        .value(
          "pairs \(names)",
          "\(grouped(last.length)) × \(grouped(first.length)) = \(grouped(last.length * first.length))"),
        .value("distances \(names)", "\(grouped(near)) … \(grouped(away))"),
      ]
    }
    lines.append(.value("pairs at d ≥ L", "\(grouped(far)), \(percent(Double(far) / Double(max(total, 1))))"))
    lines += [
      .gap,
      .text("The triangle's areas are the pair counts: solid blocks lie inside a chunk, woven ones across a skip."),
    ]
    return Explanation(title: "Who attends to whom", lines: lines)
  }
}

extension WorkbenchState {
  var rotaryExplanation: Explanation {
    var lines: [Explanation.Line] = [
      .text(
        "Pair i of a head's dimensions is turned by θᵢ·position, so a query and a key feel θᵢ·distance. Arrows show where a "
          + "pair points at a distance; ! marks angles that the base model never met."), .gap,
      .formula("θᵢ = b^(−2i/d)"), .formula(scalingFormula(explorer.settings.scaling)),
    ]
    guard let configuration = training.subject?.configuration,
      let phases = RotaryPhases(explorer.settings, configuration)
    else { return Explanation(title: "Rotary pairs", lines: lines) }
    let slowest = phases.count - 1
    let factor = max(1, Double(explorer.settings.target) / Double(phases.window))
    lines += [
      .value("s = T / L₀", "\(brief(factor)), base window L₀ = \(grouped(phases.window))"),
      .value("slowest pair, turns in L₀", number(phases.turnsSeen(slowest), 4)),
      .value(
        "and at T with \(explorer.settings.scaling)",
        number(phases.scaled.inverse[slowest] * Double(phases.target) / (2 * .pi), 4)),
      .value("pairs that reach new angles", "\(phases.unseenPairs) of \(phases.count)"),
      .value("attention factor a", brief(phases.scaled.attentionFactor)), .gap,
      .text(
        "Neighbour resolution: what tells one position from the next is how far the fastest pair turns in one step."),
      .value(
        "one step turns pair 0 by", "\(degrees(phases.scaled.inverse[0])), unscaled \(degrees(phases.plain.inverse[0]))"
      ),
      .value(
        "and the middle pair by",
        "\(degrees(phases.scaled.inverse[phases.count / 2])), unscaled \(degrees(phases.plain.inverse[phases.count / 2]))"
      ),
    ]
    return Explanation(title: "Rotary pairs", lines: lines)
  }

  private func scalingFormula(_ name: String) -> String {
    switch name {
    case "linear": "linear: θᵢ / s"
    case "ntk": "ntk: base b·s^(d/(d−2))"
    case "dynamic": "dynamic: b·(s·n/M − (s−1))^(d/(d−2)), n = largest position + 1"
    case "yarn": "yarn: (1−γᵢ)·θᵢ/s + γᵢ·θᵢ,  a = 0.1·ln s + 1"
    case "yarn-revised": "yarn-revised: θᵢ / ((1−γᵢ)·s + γᵢ),  a = 0.1·ln s + 1"
    case "llama3": "llama3: θᵢ for short waves, θᵢ/s for long ones, blended between"
    case "longrope": "longrope: 1/(fᵢ·b^(2i/d)),  a = √(1 + ln s / ln L₀)"
    case "abf": "abf: a larger base"
    default: "none: θᵢ as trained"
    }
  }
}
