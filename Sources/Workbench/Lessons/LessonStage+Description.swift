import Foundation

extension LessonStage {
  /// The picture in a sentence or two with its numbers, for those who cannot see it.
  var described: String {
    func value(_ name: String) -> String { covers(name) ? "hidden" : Probe.value(name, self)?.text ?? "nothing" }
    switch figure {
    case .pairs:
      let chunks = layout?.chunks ?? []
      let blocks = chunks.indices.flatMap { query in
        (0...query).map { key in
          let pairs =
            query == key
            ? chunks[query].length * (chunks[query].length - 1) / 2 : chunks[query].length * chunks[key].length
          return "\(grouped(pairs)) of \(letter(query)) with \(query == key ? "itself" : letter(key).description)"
        }
      }
      return "Pairs of tokens: \(blocks.joined(separator: ", ")). Distances trained: \(value("dist.covered"))."
    case .lanes:
      let parts = (layout?.chunks ?? []).enumerated().map {
        "chunk \(letter($0)) of \(grouped($1.length)) tokens at positions \(grouped($1.positions.lowerBound)) to "
          + "\(grouped($1.positions.upperBound - 1))"
      }
      return "One example over \(grouped(target)) positions: \(parts.joined(separator: "; ")). Distances trained: "
        + "\(value("dist.covered"))."
    case .coverage:
      return
        "Probability that an example trains distance \(grouped(distance)): one chunk \(value("cov.pose.1.\(distance)")), "
        + "two \(value("cov.pose.2.\(distance)")), three \(value("cov.pose.3.\(distance)")), RandPos "
        + "\(value("cov.randpos.\(distance)")). The curve of two chunks is 1 up to about half the window, falls to a plateau, "
        + "and falls again to nearly nothing at the last distance."
    case .clocks:
      return
        "Pair \(pair) has turned \(value("rope.degrees.\(pair)")) degrees at position \(grouped(query)). The score of the "
        + "query there and the key at \(grouped(key)) is \(value("rope.score")), \(value("rope.score.change")) from where it began."
    case .phases, .scalings:
      return
        "With \(scaling), factor \(value("rope.factor")), \(value("rope.unseen")) of 64 pairs reach angles that they never "
        + "met; the first distance where that happens is \(value("rope.hole")). A step turns the fastest pair \(value("rope.step")) radians."
    case .cost:
      return "An example of full length has \(value("cost.cells.full")) attention cells a head, one of PoSE "
        + "\(value("cost.cells.pose")): \(value("cost.cells.ratio")) times fewer, with \(value("cost.tokens.ratio")) times fewer tokens."
    case .content:
      return
        "Content \(content.rawValue): it needs \(value("text.needed")) tokens of text, the document has \(grouped(document))."
    case .neighbours:
      return
        "Adjacent tokens that stay one apart: RandPos \(value("neighbours.randpos")), PoSE \(value("neighbours.pose"))."
    case .training:
      guard let run else { return "Nothing is trained yet." }
      let lengths = run.evaluations.first?.lengths ?? []
      let values = lengths.map {
        "at \(grouped($0)) \(value("ppl.before.\($0)")) before, \(value("ppl.after.\($0)")) after"
      }
      return
        "\(run.isRecorded ? "A recorded run" : "A run") of \(value("run.steps")) steps: loss from \(value("loss.first")) to "
        + "\(value("loss.last")). Perplexity \(values.joined(separator: "; "))."
    case .attention:
      return "The cell looked at has weight \(value("attn.weight")) at distance \(value("attn.distance")). "
        + "\(value("attn.far")) of the attention of late queries goes farther back than the training window."
    case .reach:
      return
        "Perplexity inside 2,048 tokens: original \(value("paper.t1.1.2048")), PoSE to 16k \(value("paper.t1.5.2048")), to "
        + "32k \(value("paper.t1.6.2048")). The cache at \(grouped(context)) tokens takes \(value("cost.kv")) GiB."
    }
  }

  /// Whether a probe's number is covered on the picture: then it is not to be told either.
  private func covers(_ probe: String) -> Bool {
    let part: LessonPart? =
      switch probe.prefix(while: { $0 != "." }) {
      case "dist": .dist
      case "cov": probe.hasPrefix("cov.pose.1.") ? nil : .curve
      case "rope": probe.hasPrefix("rope.score") ? .score : probe.hasPrefix("rope.degrees") ? .numbers : .verdict
      case "cost": probe == "cost.kv" ? .verdict : .numbers
      case "neighbours", "paper": probe == "paper.t1.1.2048" || probe == "neighbours.pose" ? nil : .numbers
      case "ppl": probe.hasPrefix("ppl.after") ? .after : nil
      case "attn": probe == "attn.far" ? .numbers : nil
      default: nil
      }
    return part.map { covered.contains($0) } ?? false
  }
}
