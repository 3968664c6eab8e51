import Foundation
import Positions
import Transformer

/// Perplexity by context size of documents that are read whole: cheaper than a sliding window, and what a run measures as it
/// goes.
///
/// Each document is read from position 0 on, as a user would have the model read it. Generated documents are ones that no step
/// trains on; files are read at places drawn apart from the examples, which may overlap them.
struct ContextEvaluation: Evaluation {
  let measure = SlidingPerplexity.name

  /// Context sizes.
  let columns: [Int]
  /// By context size.
  private let texts: [[Reading]]

  /// Longer contexts are left out of runs: reading them would hold up training for more than a few steps.
  static let longest = 8192
  private static let documentCount = 4

  /// Of L, 2 L, 4 L … T.
  ///
  /// - Parameter source: what the run trains on; its documents here come from a stream that no example uses.
  init(source: any TextSource, window: Int, target: Int, seed: UInt64) {
    let reach = min(target, source.longestText ?? target, Self.longest)
    self.init(
      source: source,
      lengths: Array(sequence(first: window) { $0 * 2 }.prefix { $0 < reach }) + (reach >= window ? [reach] : []),
      documents: Self.documentCount, seed: seed)
  }

  /// - Parameter lengths: at most the source's longest text.
  init(source: any TextSource, lengths: [Int], documents: Int, seed: UInt64) {
    columns = lengths.sorted()
    let reach = lengths.max() ?? 0
    texts = columns.map { length in
      let drawn = source.prefixesAreTexts ? reach : length
      return EvaluationText.documents(of: source, length: drawn, count: documents, seed: seed).map { document in
        let tokens = Array(document.prefix(length))
        return Reading(tokens: tokens, asked: source.targets(in: tokens.map { UInt8(truncatingIfNeeded: $0) }))
      }
    }
  }

  func readings(row: Int, column: Int) -> [Reading] { texts[column] }

  func value(_ answers: [Reading.Answer]) -> Double { exp(answers.meanLoss) }
}
