/// Forward passes without gradients: losses, logits and attention maps.
///
/// Memory grows linearly with the sequence: one layer's activations serve all layers.
public final class Inference {
  private let model: TransformerModel
  private var lane: Lane?

  public init(_ model: TransformerModel) {
    self.model = model
  }

  /// One head's attention after softmax.
  public struct AttentionMap: Equatable, Sendable {
    public let layer: Int
    public let head: Int
    /// Queries and keys.
    public let tokens: Int
    /// [tokens, tokens], a row a query; 0 above the diagonal.
    public let weights: [Float]
  }

  /// Which head of which layer.
  public struct HeadAddress: Hashable, Sendable {
    public var layer: Int
    public var head: Int

    public init(layer: Int, head: Int) {
      self.layer = layer
      self.head = head
    }
  }

  /// What one forward pass gave.
  public struct Output: Sendable {
    /// Negative log-likelihood of each target, [sequences, length]; 0 where nothing was asked.
    public var losses: [Float]
    /// [sequences, length, vocabulary]; empty where not asked for.
    public var logits: [Float] = []
    /// The maps asked for, by sequence.
    public var attention: [[AttentionMap]] = []

    /// Mean over the targets that count, in nats.
    public func meanLoss(of batch: TokenBatch) -> Double {
      losses.reduce(0.0) { $0 + Double($1) } / Double(max(batch.targetCount, 1))
    }
  }

  /// - Parameters:
  ///   - wantsLogits: keep all logits; they take sequences · length · vocabulary floats.
  ///   - heads: the attention maps to compute; each takes length² floats.
  public func run(_ batch: TokenBatch, wantsLogits: Bool = false, heads: [HeadAddress] = []) -> Output {
    let configuration = model.configuration
    let lane = laneFitting(batch.length)
    let rotary = model.rotaryTable(length: batch.positionLength)
    let losses = FloatBuffer(count: batch.length)
    var output = Output(losses: [])
    for sequence in 0..<batch.sequenceCount {
      batch.withSequence(sequence) { tokens, positions, targets in
        let input = LaneInput(
          sequences: 1, length: batch.length, tokens: tokens, positions: positions, targets: targets,
          parameters: model.parameters.base, rotary: rotary)
        var maps: [AttentionMap] = []
        lane.forward(input) { layer in
          for address in heads where address.layer == layer {
            maps.append(map(lane, address, tokens: batch.length))
          }
        }
        output.attention.append(maps)
        lane.forEachLogitBlock(input) { block, first in
          if wantsLogits {
            output.logits.append(
              contentsOf: UnsafeBufferPointer(start: block.base, count: block.rows * configuration.vocabularySize))
          }
          CrossEntropy.apply(
            logits: block, targets: targets + first, losses: losses.base + first, gradientScale: nil)
        }
      }
      output.losses.append(contentsOf: losses.floats.prefix(batch.length))
    }
    return output
  }

  private func map(_ lane: Lane, _ address: HeadAddress, tokens: Int) -> AttentionMap {
    let weights = FloatBuffer(count: tokens * tokens)
    let fused = lane.matrix(lane.plan.layers[address.layer].fused, tokens, model.configuration.queryKeyValueWidth)
    lane.attention.probabilities(
      fused: fused, head: address.head, queries: 0..<tokens, into: Matrix(weights.base, tokens, tokens))
    return AttentionMap(layer: address.layer, head: address.head, tokens: tokens, weights: Array(weights.floats))
  }

  private func laneFitting(_ length: Int) -> Lane {
    if let lane, lane.capacity.length == length { return lane }
    let made = Lane(model.configuration, sequences: 1, length: length, training: false)
    lane = made
    return made
  }
}

extension TokenBatch {
  /// Pointers to one sequence's tokens, positions and targets, valid inside `body`.
  fileprivate func withSequence(
    _ index: Int, _ body: (UnsafePointer<Int32>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Void
  ) {
    tokens.withUnsafeBufferPointer { tokens in
      positions.withUnsafeBufferPointer { positions in
        targets.withUnsafeBufferPointer { targets in
          guard let t = tokens.baseAddress, let p = positions.baseAddress, let y = targets.baseAddress else { return }
          body(t + index * length, p + index * length, y + index * length)
        }
      }
    }
  }
}
