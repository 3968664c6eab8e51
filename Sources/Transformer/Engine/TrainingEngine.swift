import Glibc

/// Takes optimizer steps on a model: forward, exact backward, global-norm clip and AdamW over a batch.
///
/// The batch is dealt to a fixed number of lanes, sequence i to lane i mod lanes; threads only decide which lane
/// runs when. Any number of threads therefore gives the same bits.
public final class TrainingEngine {
  /// Lanes a batch is dealt to; part of the numerics, so it is not a setting of the machine.
  public static let laneCount = 2
  /// Tokens that a lane runs at a time, at least one sequence: small enough to stay in the cache.
  static let microBatchTokens = 512

  public let model: TransformerModel
  public var optimizer: AdamWSettings
  /// Steps taken.
  public internal(set) var stepCount = 0
  /// Negative log-likelihood of each token of the last batch, [sequences, length], in nats; 0 where nothing was asked.
  private(set) var tokenLosses: [Float] = []

  let firstMoments: FloatBuffer
  let secondMoments: FloatBuffer
  private let team: WorkerTeam
  private var lanes: [Lane] = []
  private var losses = FloatBuffer(count: 0)

  /// What a step did.
  public struct StepReport: Equatable, Sendable {
    /// Mean negative log-likelihood over the targets that count, in nats.
    public var loss: Double
    /// The gradient's global norm before clipping.
    public var gradientNorm: Double
  }

  public init(_ model: TransformerModel, optimizer: AdamWSettings = AdamWSettings(), threads: Int) {
    self.model = model
    self.optimizer = optimizer
    firstMoments = FloatBuffer(count: model.layout.count)
    secondMoments = FloatBuffer(count: model.layout.count)
    team = WorkerTeam(count: min(max(threads, 1), Self.laneCount))
  }

  /// One step.
  ///
  /// - Throws: `TransformerError.notFinite` where the loss or the gradient is not a number any more; the parameters are
  ///   then as before.
  public func step(_ batch: TokenBatch, learningRate: Double) throws(TransformerError) -> StepReport {
    let report = computeGradients(batch)
    guard report.loss.isFinite else { throw .notFinite(quantity: "loss", step: stepCount + 1) }
    guard report.gradientNorm.isFinite else { throw .notFinite(quantity: "gradient", step: stepCount + 1) }
    let limit = optimizer.clipNorm
    // PyTorch's clip_grad_norm_ adds 1e-6 to the norm; the same, so that runs agree.
    let clip = limit > 0 ? min(1, limit / (report.gradientNorm + 1e-6)) : 1
    stepCount += 1
    update(learningRate: learningRate, clip: Float(clip))
    return report
  }

  /// Fills the gradients of the batch's mean loss, without changing the model.
  @discardableResult
  public func computeGradients(_ batch: TokenBatch) -> StepReport {
    prepareLanes(for: batch)
    let rotary = model.rotaryTable(length: batch.positionLength)
    let targetCount = max(batch.targetCount, 1)
    let scale = 1 / Float(targetCount)
    let lanes = lanes
    let losses = losses
    let parameters = model.parameters.base
    let length = batch.length
    // Dealt to lanes: lane j has sequences j, j + lanes, … one after the other.
    let order = (0..<lanes.count).flatMap { Array(stride(from: $0, to: batch.sequenceCount, by: lanes.count)) }
    let dealt = (
      tokens: gathered(batch.tokens, order, length), positions: gathered(batch.positions, order, length),
      targets: gathered(batch.targets, order, length)
    )
    let starts = (0...lanes.count).map { lane in
      (0..<lane).reduce(0) { $0 + (batch.sequenceCount - $1 + lanes.count - 1) / lanes.count }
    }
    dealt.tokens.withUnsafeBufferPointer { tokens in
      dealt.positions.withUnsafeBufferPointer { positions in
        dealt.targets.withUnsafeBufferPointer { targets in
          guard let tokens = tokens.baseAddress, let positions = positions.baseAddress,
            let targets = targets.baseAddress
          else { return }
          team.run(lanes.count) { index in
            let lane = lanes[index]
            lane.gradients?.clear()
            for first in stride(from: starts[index], to: starts[index + 1], by: lane.capacity.sequences) {
              let offset = first * length
              let input = LaneInput(
                sequences: min(lane.capacity.sequences, starts[index + 1] - first), length: length,
                tokens: tokens + offset, positions: positions + offset, targets: targets + offset,
                parameters: parameters, rotary: rotary)
              lane.forward(input)
              lane.backward(input, gradientScale: scale, losses: losses.base + offset)
            }
          }
        }
      }
    }
    addLaneGradients()
    tokenLosses = scattered(losses.floats, order, length)
    let loss = tokenLosses.reduce(0.0) { $0 + Double($1) } / Double(targetCount)
    return StepReport(
      loss: loss, gradientNorm: AdamW.squaredNorm(gradients.base, count: gradients.count).squareRoot())
  }

  /// d loss / d parameter of the last batch, all lanes added.
  var gradients: FloatBuffer {
    guard let gradients = lanes.first?.gradients else { preconditionFailure("no batch has been computed") }
    return gradients
  }

  /// d loss / d tensor of the last batch, row-major.
  public func gradient(of tensor: ParameterLayout.Tensor) -> [Float] {
    Array(UnsafeBufferPointer(start: gradients.base + tensor.offset, count: tensor.count))
  }

  /// Bytes that training on sequences of a length takes, parameters and optimizer included.
  public static func bytesNeeded(_ configuration: TransformerConfiguration, length: Int) -> Int {
    let plan = LanePlan(configuration, sequences: microBatchSequences(length), length: length, training: true)
    let parameters = ParameterLayout(configuration).count
    return MemoryLayout<Float>.stride * (laneCount * (plan.count + parameters) + 3 * parameters)
  }

  private static func microBatchSequences(_ length: Int) -> Int { max(1, microBatchTokens / length) }

  private func prepareLanes(for batch: TokenBatch) {
    let sequences = Self.microBatchSequences(batch.length)
    if lanes.first?.capacity.length != batch.length {
      lanes = (0..<Self.laneCount).map { _ in
        Lane(model.configuration, sequences: sequences, length: batch.length, training: true)
      }
    }
    if losses.count != batch.tokens.count { losses = FloatBuffer(count: batch.tokens.count) }
  }

  /// Sums the lanes' gradients into the first lane's, in lane order.
  private func addLaneGradients() {
    let sum = gradients
    for lane in lanes.dropFirst() {
      guard let other = lane.gradients else { continue }
      var index = 0
      while index < sum.count {
        sum.base.store(sum.base.vector(index) + other.base.vector(index), index)
        index &+= 8
      }
    }
  }

  private func update(learningRate: Double, clip: Float) {
    AdamW.update(
      parameters: model.parameters.base, gradients: gradients.base, first: firstMoments.base,
      second: secondMoments.base, range: 0..<model.parameters.count, step: stepCount, learningRate: learningRate,
      clip: clip, settings: optimizer)
  }

  private func gathered(_ values: [Int32], _ order: [Int], _ length: Int) -> [Int32] {
    order.flatMap { values[$0 * length..<($0 + 1) * length] }
  }

  private func scattered(_ values: UnsafeBufferPointer<Float>, _ order: [Int], _ length: Int) -> [Float] {
    var result = [Float](repeating: 0, count: order.count * length)
    for (slot, sequence) in order.enumerated() {
      for token in 0..<length { result[sequence * length + token] = values[slot * length + token] }
    }
    return result
  }
}
