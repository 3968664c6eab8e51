/// Forward passes without gradients: losses, logits and attention maps.
///
/// Memory grows linearly with the sequence: one layer's activations serve all layers. Threads share a sequence by blocks of
/// tokens and by panels of queries, which write disjoint memory, so any number of threads gives the same bits.
public final class Inference {
  private let model: TransformerModel
  private let team: WorkerTeam
  private var lane: Lane?

  /// Tokens that a worker takes at a time where tokens do not depend on each other.
  private static let rowsPerJob = LanePlan.logitRows

  /// - Parameter threads: at most this many compute; the result does not depend on it.
  public init(_ model: TransformerModel, threads: Int) {
    self.model = model
    team = WorkerTeam(count: threads)
  }

  /// The shape of the model that reads.
  public var configuration: TransformerConfiguration { model.configuration }

  /// Bytes that reading a sequence of a length takes, parameters and the table of angles included.
  public static func bytesNeeded(_ configuration: TransformerConfiguration, length: Int, threads: Int) -> Int {
    let plan = LanePlan(configuration, sequences: 1, length: length, training: false, workers: threads)
    let angles = length * configuration.headDimension
    return MemoryLayout<Float>.stride * (plan.count + angles + ParameterLayout(configuration).count)
  }

  /// One head's attention after softmax.
  public struct AttentionMap: Equatable, Sendable {
    public let layer: Int
    public let head: Int
    /// Queries and keys.
    public let tokens: Int
    /// [tokens, tokens], a row a query; 0 above the diagonal.
    public let weights: [Float]

    public init(layer: Int, head: Int, tokens: Int, weights: [Float]) {
      (self.layer, self.head, self.tokens, self.weights) = (layer, head, tokens, weights)
    }
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
    /// The likeliest token where something was asked, else `TokenBatch.ignored`, [sequences, length].
    public var predictions: [Int32]
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
    let predictions = UnsafeMutablePointer<Int32>.allocate(capacity: batch.length)
    defer { predictions.deallocate() }
    var output = Output(losses: [], predictions: [])
    for sequence in 0..<batch.sequenceCount {
      batch.withSequence(sequence) { tokens, positions, targets in
        let input = LaneInput(
          sequences: 1, length: batch.length, tokens: tokens, positions: positions, targets: targets,
          parameters: model.parameters.base, rotary: rotary)
        var maps: [AttentionMap] = []
        forward(lane, input) { layer in
          for address in heads where address.layer == layer {
            maps.append(map(lane, address, tokens: batch.length))
          }
        }
        output.attention.append(maps)
        if wantsLogits {
          lane.forEachLogitBlock(input) { block, _ in
            output.logits.append(
              contentsOf: UnsafeBufferPointer(start: block.base, count: block.rows * configuration.vocabularySize))
          }
        }
        score(lane, input, losses: losses, predictions: predictions)
      }
      output.losses.append(contentsOf: losses.floats.prefix(batch.length))
      output.predictions.append(contentsOf: UnsafeBufferPointer(start: predictions, count: batch.length))
    }
    return output
  }

  /// Losses and predictions from the last layer's output. Blocks of tokens of which nothing is asked cost nothing.
  private func score(
    _ lane: Lane, _ input: LaneInput, losses: FloatBuffer, predictions: UnsafeMutablePointer<Int32>
  ) {
    forEachBlock(of: input) { rows, worker in
      let (targets, likeliest) = (input.targets + rows.lowerBound, predictions + rows.lowerBound)
      likeliest.update(repeating: TokenBatch.ignored, count: rows.count)
      guard (0..<rows.count).contains(where: { targets[$0] != TokenBatch.ignored }) else {
        return (losses.base + rows.lowerBound).update(repeating: 0, count: rows.count)
      }
      let logits = lane.logits(input, rows: rows, worker: worker)
      for row in 0..<rows.count where targets[row] != TokenBatch.ignored {
        likeliest[row] = Int32(Softmax.likeliest(logits.row(row), logits.columns))
      }
      CrossEntropy.apply(logits: logits, targets: targets, losses: losses.base + rows.lowerBound, gradientScale: nil)
    }
  }

  /// One sequence through all layers, shared by the team.
  ///
  /// - Parameter observe: called after each layer's attention with the layer's index.
  private func forward(_ lane: Lane, _ input: LaneInput, observe: (Int) -> Void) {
    let panels = CausalAttention.panelCount(tokens: input.length)
    let jobs = panels * model.configuration.headCount
    forEachBlock(of: input) { rows, _ in lane.embed(input, rows: rows) }
    for layer in 0..<model.configuration.layerCount {
      forEachBlock(of: input) { rows, _ in lane.project(input, layer: layer, rows: rows) }
      let part = lane.attentionPart(input, layer: layer, sequence: 0)
      team.run(jobs) { job, worker in
        // The last panels meet the most keys: they go first, so that none is left over at the end.
        let (panel, head) = (panels - 1 - job / lane.configuration.headCount, job % lane.configuration.headCount)
        lane.attention.forward(
          head: head, panel: panel, fused: part.fused, output: part.attended, logSumExp: part.logSumExp,
          scratch: lane.at(lane.plan.attentionScratch + worker * lane.plan.scratchCount))
      }
      observe(layer)
      forEachBlock(of: input) { rows, _ in lane.feedForward(input, layer: layer, rows: rows) }
    }
    forEachBlock(of: input) { rows, _ in lane.normalize(input, rows: rows) }
  }

  private func forEachBlock(of input: LaneInput, _ body: @escaping (_ rows: Range<Int>, _ worker: Int) -> Void) {
    let count = input.tokenCount
    team.run((count + Self.rowsPerJob - 1) / Self.rowsPerJob) { job, worker in
      body(job * Self.rowsPerJob..<min((job + 1) * Self.rowsPerJob, count), worker)
    }
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
    let made = Lane(model.configuration, sequences: 1, length: length, training: false, workers: team.count)
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
