import FineTuning
import Foundation
import Positions
import Transformer

/// A number that can be read off a stage by its name: what narration shows, answers are compared with and expectations test.
struct Probe: Sendable {
  /// Its name; `#` stands for a whole number.
  let pattern: String
  /// What it is, for authors.
  let title: String
  /// Nil where the stage has no such thing.
  let read: @Sendable (_ stage: LessonStage, _ numbers: [Int]) -> ProbeValue?

  init(
    _ pattern: String, _ title: String, _ read: @escaping @Sendable (LessonStage, [Int]) -> ProbeValue?
  ) {
    (self.pattern, self.title, self.read) = (pattern, title, read)
  }

  /// A probe that is a plain number.
  static func number(
    _ pattern: String, _ title: String, _ read: @escaping @Sendable (LessonStage, [Int]) -> Double?
  ) -> Probe {
    Probe(pattern, title) { stage, numbers in read(stage, numbers).map { .number($0) } }
  }

  /// The whole numbers in a name that fits the pattern; nil where it does not.
  func match(_ name: String) -> [Int]? {
    let (wanted, given) = (pattern.split(separator: "."), name.split(separator: "."))
    guard wanted.count == given.count else { return nil }
    var numbers: [Int] = []
    for (part, word) in zip(wanted, given) {
      if part == "#" {
        guard let number = Int(word) else { return nil }
        numbers.append(number)
      } else if part != word {
        return nil
      }
    }
    return numbers
  }

  static let all: [Probe] = layouts + coverages + rotations + costs + trainings + papers

  /// The value of a name; nil where nothing is called that, or the stage has no such thing.
  static func value(_ name: String, _ stage: LessonStage) -> ProbeValue? {
    for probe in all {
      if let numbers = probe.match(name) { return probe.read(stage, numbers) }
    }
    return nil
  }

  /// Whether some probe has this name, whatever the stage.
  static func exists(_ name: String) -> Bool { all.contains { $0.match(name) != nil } }

  /// Names like one that does not exist: those of its family.
  static func known(like name: String) -> String {
    let family = name.prefix { $0 != "." }
    let near = all.map(\.pattern).filter { $0.hasPrefix(family + ".") || $0 == family }
    let families = Set(all.map { String($0.pattern.prefix { $0 != "." }) }).sorted()
    return near.isEmpty ? families.map { $0 + ".…" }.joined(separator: ", ") : near.joined(separator: ", ")
  }

  // MARK: - One example

  private static let layouts: [Probe] = [
    .number("window", "L, the training window") { stage, _ in Double(stage.window) },
    .number("target", "T, the target window") { stage, _ in Double(stage.target) },
    .number("pos.max", "the last position of the example") { stage, _ in stage.layout?.positions.last.map(Double.init)
    },
    .number("pos.count", "tokens of the example") { stage, _ in stage.layout.map { Double($0.tokenCount) } },
    .number("chunk.count", "chunks of the example") { stage, _ in Double(stage.chunks.count) },
    .number("chunk.#.length", "tokens of a chunk, 0 the first") { stage, n in
      stage.layout?.chunks[checked: n[0]].map { Double($0.length) }
    },
    .number("chunk.#.first", "the first position of a chunk") { stage, n in
      stage.layout?.chunks[checked: n[0]].map { Double($0.positions.lowerBound) }
    },
    .number("chunk.#.last", "the last position of a chunk") { stage, n in
      stage.layout?.chunks[checked: n[0]].map { Double($0.positions.upperBound - 1) }
    },
    .number("skip.#", "a chunk's skip bias") { stage, n in
      stage.layout?.chunks[checked: n[0]].map { Double($0.skipBias) }
    },
    Probe("dist.covered", "the distances that the example trains") { stage, _ in
      stage.layout.map { .ranges($0.distances) }
    },
    .number("dist.count", "how many distances the example trains") { stage, _ in
      stage.layout.map { Double($0.distances.reduce(0) { $0 + $1.count }) }
    },
    .number("dist.max", "the greatest distance that the example trains") { stage, _ in
      stage.layout?.distances.last.map { Double($0.upperBound) }
    },
    .number("pairs.#.#", "pairs of a later chunk's tokens with an earlier one's") { stage, n in
      guard let chunks = stage.layout?.chunks, let later = chunks[checked: n[0]], let earlier = chunks[checked: n[1]]
      else { return nil }
      return n[0] == n[1]
        ? Double(later.length * (later.length - 1) / 2) : n[0] > n[1] ? Double(later.length * earlier.length) : 0
    },
    .number("pairs.far.share", "the share of pairs at L or farther") { stage, _ in
      guard let chunks = stage.layout?.chunks else { return nil }
      let all = Double(stage.window * (stage.window - 1) / 2)
      var far = 0.0
      for (index, later) in chunks.enumerated() {
        for earlier in chunks.prefix(index) {
          for position in later.positions {
            far += Double(
              max(0, min(earlier.positions.upperBound, position - stage.window + 1) - earlier.positions.lowerBound))
          }
        }
      }
      return far / max(all, 1)
    },
    .number("text.needed", "tokens of text that the content rule needs") { stage, _ in
      Double(stage.content == .aligned ? stage.target : stage.window)
    },
    .number("text.fits", "the document is long enough (1) or too short (0)") { stage, _ in
      stage.document >= (stage.content == .aligned ? stage.target : stage.window) ? 1 : 0
    },
    .number("text.aligned", "1 where every chunk's text stands where its positions say, else 0") { stage, _ in
      stage.layout?.chunks.allSatisfy { $0.contentOffset == $0.skipBias } == true ? 1 : 0
    },
    .number("document", "tokens of the document") { stage, _ in Double(stage.document) },
    .number("guess", "what was guessed") { stage, _ in stage.guess },
  ]

  // MARK: - What examples teach

  private static let coverages: [Probe] = [
    .number("cov.#", "P(d) of the lesson's sampler") { stage, n in
      LessonCoverage.share(stage, chunks: stage.chunkCount, sampler: stage.sampler, at: n[0])
    },
    .number("cov.at", "the same at the cursor") { stage, _ in
      LessonCoverage.share(stage, chunks: stage.chunkCount, sampler: stage.sampler, at: stage.distance)
    },
    .number("cov.pose.#.#", "P(d) of PoSE with N chunks: N, then d") { stage, n in
      LessonCoverage.share(stage, chunks: n[0], sampler: "pose", at: n[1])
    },
    .number("cov.randpos.#", "P(d) of RandPos") { stage, n in
      LessonCoverage.share(stage, chunks: 2, sampler: "randpos", at: n[0])
    },
    .number("cov.met", "distances met by the examples drawn so far") { stage, _ in
      stage.met.map { Double($0.profile[.coverage].filter { $0 > 0 }.count) }
    },
    .number("cov.examples.last", "examples until the last distance is met once, on average") { stage, _ in
      LessonCoverage.share(stage, chunks: 2, sampler: "pose", at: stage.target - 1).map { 1 / $0 }
    },
    .number("cov.batches.last", "the same in batches of 64") { stage, _ in
      LessonCoverage.share(stage, chunks: 2, sampler: "pose", at: stage.target - 1).map { 1 / $0 / 64 }
    },
    .number("neighbours.randpos", "the share of adjacent tokens that RandPos leaves 1 apart") { stage, _ in
      Double(stage.window) / Double(stage.target)
    },
    .number("neighbours.pose", "the share of adjacent tokens that PoSE leaves 1 apart, if every skip moves") {
      stage, _ in
      Double(stage.window - stage.chunkCount) / Double(stage.window - 1)
    },
    .number("split.last", "the mean last skip bias as a share of T − L, drawn one after the other") { stage, _ in
      1 - pow(0.5, Double(stage.chunkCount - 1))
    },
    .number("drawn", "examples drawn") { stage, _ in Double(stage.drawn) },
    .number("N", "chunks of the sampler") { stage, _ in Double(stage.chunkCount) },
    Probe("sampler", "the sampler's name") { stage, _ in .text(stage.sampler) },
  ]

  // MARK: - Rotation

  private static let rotations: [Probe] = [
    .number("m", "the query's position") { stage, _ in Double(stage.query) },
    .number("n", "the key's position") { stage, _ in Double(stage.key) },
    .number("m.moved", "how far the query was moved in this step") { stage, _ in
      Double(abs(stage.query - stage.start.query))
    },
    .number("d", "the distance looked at") { stage, _ in Double(stage.distance) },
    .number("rope.score", "the score of the query and the key") { stage, _ in LessonRotation(stage).score },
    .number("rope.score.change", "how far the score is from where it began") { stage, _ in
      LessonRotation(stage).scoreChange
    },
    .number("rope.degrees.#", "how far a pair has turned at m, unscaled, in degrees") { stage, n in
      LessonRotation(stage).plainAngle(pair: n[0], at: stage.query).map { $0 * 180 / .pi }
    },
    .number("rope.turns.#", "turns of a pair over the training window") { stage, n in
      LessonRotation(stage).plainAngle(pair: n[0], at: stage.window).map { $0 / (2 * .pi) }
    },
    .number("rope.numbers", "numbers of a head") { _, _ in Double(LessonRotation.headDimension) },
    .number("rope.last", "the slowest pair, counted from 0") { _, _ in Double(LessonRotation.headDimension / 2 - 1) },
    .number("rope.pairs", "pairs of a head") { _, _ in Double(LessonRotation.headDimension / 2) },
    .number("rope.complete", "pairs that complete a turn in the training window") { stage, _ in
      LessonRotation(stage).incompletePairs.map { Double(LessonRotation.headDimension / 2) - $0 }
    },
    .number("rope.incomplete", "pairs that do not complete a turn in the training window") { stage, _ in
      LessonRotation(stage).incompletePairs
    },
    .number("rope.unseen", "pairs that reach angles at T which they never met") { stage, _ in
      LessonRotation(stage).unseenPairs
    },
    .number("rope.hole", "the first distance with an angle that was never met; 0 where there is none") { stage, _ in
      LessonRotation(stage).firstUnseen.map(Double.init)
    },
    .number("rope.step", "radians that a step turns the fastest pair, scaled") { stage, _ in
      LessonRotation(stage).scaled?.inverse.first
    },
    .number("rope.attention", "the factor on cos and sin") { stage, _ in LessonRotation(stage).scaled?.attentionFactor
    },
    .number("rope.bend", "the first pair that the scaling slows by the whole factor; −1 where there is none") {
      stage, _ in
      LessonRotation(stage).firstInterpolated.map(Double.init)
    },
    .number("rope.factor", "the factor of the scaling") { stage, _ in
      stage.factor ?? Double(stage.target) / Double(stage.window)
    },
    Probe("scaling", "the scaling's name") { stage, _ in .text(stage.scaling) },
  ]

  // MARK: - Cost

  private static let costs: [Probe] = [
    .number("cost.cells.ratio", "attention cells of full length over PoSE's") { stage, _ in
      LessonCost(stage).cellsRatio
    },
    .number("cost.tokens.ratio", "tokens of full length over PoSE's") { stage, _ in LessonCost(stage).tokensRatio },
    .number("cost.cells.full", "attention cells of a full-length example, a head") { stage, _ in
      LessonCost(stage).cells(stage.target)
    },
    .number("cost.cells.pose", "attention cells of a PoSE example, a head") { stage, _ in
      LessonCost(stage).cells(stage.window)
    },
    .number("cost.cells.#", "attention cells of an example of so many tokens") { stage, n in
      LessonCost(stage).cells(n[0])
    },
    .number("cost.megabytes.full", "megabytes that this program takes to train at full length") { stage, _ in
      LessonCost(stage).megabytes(stage.target)
    },
    .number("cost.megabytes.pose", "megabytes that it takes with PoSE") { stage, _ in
      LessonCost(stage).megabytes(stage.window)
    },
    .number("cost.kv", "gigabytes (2³⁰) of a LLaMA-7B's cache at the context looked at, in float16") { stage, _ in
      LessonCost.cacheGibibytes(stage.context)
    },
    .number("cost.kv.#", "the same at so many tokens") { _, n in LessonCost.cacheGibibytes(n[0]) },
    .number("context", "tokens whose cache is counted") { stage, _ in Double(stage.context) },
  ]

  // MARK: - Training

  private static let trainings: [Probe] = [
    .number("run.steps", "steps that were trained") { stage, _ in stage.run?.steps.last.map { Double($0.step) } },
    .number("run.tokens", "tokens of an example that was trained on") { stage, _ in
      stage.run?.steps.last.map { Double($0.chunks.reduce(0) { $0 + $1.length }) }
    },
    .number("loss.first", "loss of the first step") { stage, _ in stage.run?.steps.first?.loss },
    .number("loss.last", "loss of the last step") { stage, _ in
      stage.fault == .nothingLearned ? stage.run?.steps.first?.loss : stage.run?.steps.last?.loss
    },
    .number("ppl.before.#", "perplexity at a context size before training") { stage, n in
      stage.run?.evaluations.first?.perplexity(at: n[0])
    },
    .number("ppl.after.#", "perplexity at a context size after training") { stage, n in
      stage.fault == .nothingLearned
        ? stage.run?.evaluations.first?.perplexity(at: n[0]) : stage.run?.last?.perplexity(at: n[0])
    },
    .number("passkey.#", "share of passkeys retrieved after training") { stage, n in
      stage.fault == .nothingLearned ? 0 : stage.run?.last?.eval.passkey?["\(n[0])"]
    },
    .number("attn.weight", "attention in the cell looked at") { stage, _ in LessonAttention(stage)?.weight },
    .number("attn.distance", "the distance of the cell looked at") { stage, _ in
      LessonAttention(stage).map { Double($0.distance) }
    },
    .number("attn.far", "the share of attention that goes to L or farther, of queries that can") { stage, _ in
      LessonAttention(stage)?.far
    },
    .number("attn.skip", "the skip of the last chunk") { stage, _ in LessonAttention(stage).map { Double($0.skip) } },
    Probe("run.source", "live, or recorded") { stage, _ in
      stage.run.map { .text($0.isRecorded ? "recorded" : "live") }
    },
  ]

  // MARK: - The paper

  /// `paper.t1.5.16384`: row and column of a table, the row counted from 1.
  private static let papers: [Probe] = PaperCells.tables.map { number, table in
    .number("paper.t\(number).#.#", "\(table.caption): row from 1, context size") { stage, n in
      PaperCells.value(table, row: n[0], column: n[1], isSwapped: stage.fault == .swappedTable)
    }
  }
}

/// The cells of the paper's tables by row and column.
enum PaperCells {
  static let tables: [(Int, PaperTable)] = [
    (1, .table1), (2, .table2), (3, .table3), (4, .table4), (5, .table5), (6, .table6),
  ]

  static func value(_ table: PaperTable, row: Int, column: Int, isSwapped: Bool) -> Double? {
    guard let index = table.columns.firstIndex(of: column), let values = table.rows[checked: row - 1]?.values else {
      return nil
    }
    return values[isSwapped ? values.count - 1 - index : index]
  }
}

extension Array {
  /// The element at an index, nil outside.
  subscript(checked index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
