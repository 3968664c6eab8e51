import Foundation
import Positions
import Transformer

/// Perplexity by context size: how far a model reads.
///
/// Each document is read whole, from position 0 on, as a user would have the model read it. Generated documents are ones that
/// no step trains on; files are read at places drawn apart from the examples, which may overlap them.
public struct ContextEvaluation: Sendable {
  /// Context sizes: L, 2 L, 4 L … T.
  public let lengths: [Int]
  private let documents: [[Int32]]
  private let vocabularySize: Int

  /// Longer contexts are left out: reading them would hold up training for more than a few steps.
  static let longest = 8192
  private static let documentCount = 4

  /// Draws the documents; they depend on the seed alone.
  ///
  /// - Parameter source: what the run trains on; its documents here come from a stream that no example uses.
  public init(source: any TextSource, window: Int, target: Int, vocabularySize: Int, seed: UInt64) {
    let reach = min(target, source.longestText ?? target, Self.longest)
    lengths = Array(sequence(first: window) { $0 * 2 }.prefix { $0 < reach }) + (reach >= window ? [reach] : [])
    self.vocabularySize = vocabularySize
    documents = (0..<Self.documentCount).map { index in
      var random = RandomStream(seed: seed, path: [UInt64.max, UInt64(index)])
      return source.text(minimum: reach, wanted: reach, progress: 1, using: &random).map(Int32.init)
    }
  }

  /// Perplexity at each length, e^(mean negative log-likelihood).
  public func perplexities(_ inference: Inference) throws -> [Double] {
    try lengths.map { length in
      var sum = 0.0
      for document in documents {
        let tokens = Array(document.prefix(length))
        let batch = try TokenBatch(
          sequenceCount: 1, length: tokens.count, tokens: tokens, positions: (0..<tokens.count).map(Int32.init),
          targets: Array(tokens.dropFirst()) + [TokenBatch.ignored], vocabularySize: vocabularySize)
        sum += inference.run(batch).meanLoss(of: batch)
      }
      return exp(sum / Double(documents.count))
    }
  }
}

/// Perplexity by context size at one moment of a run: a line of `metrics.jsonl`.
public struct EvaluationRecord: Codable, Equatable, Sendable {
  /// Steps taken; 0 is the base model, before its scaling is changed.
  public var step: Int
  public var eval: Results

  /// What was measured; perplexity by context size.
  public struct Results: Codable, Equatable, Sendable {
    public var perplexity: [String: Double]
  }

  public init(step: Int, lengths: [Int], perplexities: [Double]) {
    self.step = step
    let pairs = zip(lengths.map(String.init), perplexities)
    eval = Results(perplexity: Dictionary(uniqueKeysWithValues: pairs))
  }

  /// The context sizes measured, rising.
  public var lengths: [Int] { eval.perplexity.keys.compactMap { Int($0) }.sorted() }

  public func perplexity(at length: Int) -> Double? { eval.perplexity[String(length)] }
}
