import Foundation
import Positions
import Transformer

/// A head's attention, small enough for a line of text: square roots of the weights in 256 steps.
public struct RecordedAttention: Codable, Equatable, Sendable {
  public var attention: Body

  public struct Body: Codable, Equatable, Sendable {
    var layer: Int
    var head: Int
    var window: Int
    var target: Int
    var chunks: [Chunk]
    var tokens: [Int32]
    /// The rows of the triangle, one after the other, in base 64.
    var weights: String
  }
}

extension RecordedAttention {
  /// A map made small.
  ///
  /// - Parameters:
  ///   - positions: one a token, rising.
  ///   - window: L.
  public init(_ map: Inference.AttentionMap, positions: [Int], tokens: [Int32], window: Int, target: Int) {
    var bytes = Data()
    for query in 0..<map.tokens {
      for key in 0...query {
        let root = map.weights[query * map.tokens + key].squareRoot()
        // What is not a number counts as nothing.
        bytes.append(root > 0 ? UInt8((min(root, 1) * 255).rounded()) : 0)
      }
    }
    var chunks: [Chunk] = []
    for (token, position) in positions.enumerated() {
      if let last = chunks.last, position == last.positions.upperBound {
        chunks[chunks.count - 1].length += 1
      } else {
        chunks.append(Chunk(start: token, length: 1, skipBias: position - token))
      }
    }
    attention = Body(
      layer: map.layer, head: map.head, window: window, target: target, chunks: chunks, tokens: tokens,
      weights: bytes.base64EncodedString())
  }

  /// The map as it was, to about a hundredth; nil where the parts do not fit together.
  public var view: SessionNews.AttentionView? {
    let count = attention.tokens.count
    guard let bytes = Data(base64Encoded: attention.weights), bytes.count == count * (count + 1) / 2, count > 0,
      attention.chunks.reduce(0, { $0 + $1.length }) == count,
      let window = try? TokenWindow(training: attention.window, target: attention.target)
    else { return nil }
    var weights = [Float](repeating: 0, count: count * count)
    var next = bytes.startIndex
    for query in 0..<count {
      for key in 0...query {
        let root = Float(bytes[next]) / 255
        weights[query * count + key] = root * root
        next += 1
      }
    }
    return SessionNews.AttentionView(
      step: 0,
      map: Inference.AttentionMap(layer: attention.layer, head: attention.head, tokens: count, weights: weights),
      layout: PositionLayout(window: window, arrangement: .chunks(attention.chunks)), tokens: attention.tokens)
  }
}
