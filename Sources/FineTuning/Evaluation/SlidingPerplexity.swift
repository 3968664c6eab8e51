import Foundation
import Positions
import Transformer

/// Perplexity by context size: a window of each size slides over documents, and what it has not met yet counts.
///
/// Window and stride are different things. The first window of a document is scored whole; each later one scores its last
/// `stride` tokens, which see at least window − stride tokens before them. Every token counts once for each window size.
public struct SlidingPerplexity: Evaluation {
  public static let name = "perplexity"
  public var measure: String { Self.name }

  public let columns: [Int]
  /// Tokens that the window moves at a time; a smaller window moves by its own size.
  public let stride: Int
  private let documents: [[Int32]]

  /// - Parameters:
  ///   - lengths: context sizes, at least 2 each.
  ///   - documentLength: tokens of each document; at least the longest context size.
  ///   - seed: of the documents; a generator's are ones that no step trains on.
  /// - Throws: `EvaluationError` where the text is too short or cannot be cut.
  public init(
    of source: any TextSource, lengths: [Int], stride: Int, documents: Int, documentLength: Int? = nil, seed: UInt64
  ) throws(EvaluationError) {
    guard source.prefixesAreTexts else {
      throw .notForText(measure: Self.name, source: source.name, instead: RecallAccuracy.name)
    }
    columns = Set(lengths).sorted()
    self.stride = max(1, stride)
    let needed = max(columns.last ?? 2, documentLength ?? 0)
    if let shortest = columns.first, shortest < 2 {
      throw .lengthOutOfRange(measure: Self.name, length: shortest, allowed: 2...Int(Int32.max))
    }
    if let longest = source.longestText, longest < needed {
      throw .textTooShort(name: source.name, tokens: longest, needed: needed)
    }
    self.documents = EvaluationText.documents(of: source, length: needed, count: documents, seed: seed)
  }

  public func readings(row: Int, column: Int) -> [Reading] {
    let window = columns[column]
    return documents.flatMap { document in
      var readings: [Reading] = []
      var scored = 0
      for start in Swift.stride(from: 0, to: document.count, by: min(stride, window)) {
        let end = min(start + window, document.count)
        readings.append(Reading(tokens: Array(document[start..<end]), asked: scored - start..<end - start))
        scored = end
        if end == document.count { break }
      }
      return readings
    }
  }

  public func value(_ answers: [Reading.Answer]) -> Double { exp(answers.meanLoss) }
}

/// Perplexity by position: documents read whole, by how far into them a token stands.
public struct PositionPerplexity: Evaluation {
  public static let name = "position"
  public var measure: String { Self.name }

  /// The last position of each stretch, plus one.
  public let columns: [Int]
  private let documents: [[Int32]]

  /// - Throws: `EvaluationError` where the text is too short or cannot be cut.
  public init(
    of source: any TextSource, length: Int, stretches: Int, documents: Int, seed: UInt64
  ) throws(EvaluationError) {
    guard source.prefixesAreTexts else {
      throw .notForText(measure: Self.name, source: source.name, instead: RecallAccuracy.name)
    }
    if let longest = source.longestText, longest < length {
      throw .textTooShort(name: source.name, tokens: longest, needed: length)
    }
    columns = Set((1...max(1, stretches)).map { max(2, $0 * length / max(1, stretches)) }).sorted()
    self.documents = EvaluationText.documents(of: source, length: length, count: documents, seed: seed)
  }

  /// Each document up to the end of the stretch: what comes after does not show in its tokens.
  public func readings(row: Int, column: Int) -> [Reading] {
    let start = column > 0 ? columns[column - 1] : 0
    return documents.map { Reading(tokens: Array($0.prefix(columns[column])), asked: start..<columns[column]) }
  }

  public func value(_ answers: [Reading.Answer]) -> Double { exp(answers.meanLoss) }
}

/// Texts to evaluate on.
enum EvaluationText {
  /// Documents from a random stream that no training example uses.
  static func documents(of source: any TextSource, length: Int, count: Int, seed: UInt64) -> [[Int32]] {
    (0..<max(1, count)).map { index in
      var random = RandomStream(seed: seed, path: [UInt64.max, UInt64(index)])
      return source.text(minimum: length, wanted: length, progress: 1, using: &random).map(Int32.init)
    }
  }
}
