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
  let firstMoments: FloatBuffer
  let secondMoments: FloatBuffer
  private let team: WorkerTeam
  private var lanes: [Lane] = []
  private var deal = BatchDeal(sequences: 0, length: 0, lanes: TrainingEngine.laneCount)
  /// Σ g² of each block of the gradient, added in order at the end.
  private let blockSums: UnsafeMutableBufferPointer<Double>
  /// What the workers of the present pass read; made before they start, so that a step allocates nothing.
  private var pass: Pass?
  private var runLane: (Int, Int) -> Void = { _, _ in }
  private var reduceBlocks: (Int, Int) -> Void = { _, _ in }
  private var updateBlocks: (Int, Int) -> Void = { _, _ in }

  private struct Pass {
    var rotary: RotaryTable
    var gradientScale: Float
    var update = AdamW.Factors()
  }

  /// Blocks of `AdamW.block` parameters that a worker takes at a time: enough to be worth the hand-over.
  private static let blocksPerJob = 16

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
    let blocks = (model.layout.count + AdamW.block - 1) / AdamW.block
    blockSums = .allocate(capacity: max(blocks, 1))
    runLane = { [unowned self] lane, _ in computeLane(lane) }
    reduceBlocks = { [unowned self] job, _ in forEachBlock(of: job) { reduceBlock($0, $1) } }
    updateBlocks = { [unowned self] job, _ in forEachBlock(of: job) { updateBlock($1) } }
  }

  deinit { blockSums.deallocate() }

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
    pass?.update = AdamW.Factors(step: stepCount, learningRate: learningRate, clip: Float(clip), settings: optimizer)
    team.run(jobCount, updateBlocks)
    return report
  }

  /// Fills the gradients of the batch's mean loss, without changing the model.
  @discardableResult
  public func computeGradients(_ batch: TokenBatch) -> StepReport {
    prepareLanes(for: batch)
    let targetCount = max(batch.targetCount, 1)
    pass = Pass(
      rotary: model.rotaryTable(length: batch.positionLength), gradientScale: 1 / Float(targetCount))
    deal.take(batch)
    team.run(lanes.count, runLane)
    team.run(jobCount, reduceBlocks)
    return StepReport(
      loss: deal.lossSum / Double(targetCount), gradientNorm: blockSums.reduce(0, +).squareRoot())
  }

  // MARK: - What the workers do

  /// All sequences of one lane, forward and backward.
  private func computeLane(_ index: Int) {
    guard let pass else { return }
    let lane = lanes[index]
    lane.gradients?.clear()
    let end = deal.start(ofLane: index + 1)
    for first in stride(from: deal.start(ofLane: index), to: end, by: lane.capacity.sequences) {
      let offset = first * deal.length
      let input = LaneInput(
        sequences: min(lane.capacity.sequences, end - first), length: deal.length, tokens: deal.tokens + offset,
        positions: deal.positions + offset, targets: deal.targets + offset, parameters: model.parameters.base,
        rotary: pass.rotary)
      lane.forward(input)
      lane.backward(input, gradientScale: pass.gradientScale, losses: deal.losses + offset)
    }
  }

  private var jobCount: Int { (blockSums.count + Self.blocksPerJob - 1) / Self.blocksPerJob }

  private func forEachBlock(of job: Int, _ body: (Int, Range<Int>) -> Void) {
    let first = job * Self.blocksPerJob
    for block in first..<min(first + Self.blocksPerJob, blockSums.count) {
      let start = block * AdamW.block
      body(block, start..<min(start + AdamW.block, model.layout.count))
    }
  }

  /// Adds the other lanes' gradients to the first lane's, in lane order, and squares the sum while it is in the cache.
  private func reduceBlock(_ block: Int, _ range: Range<Int>) {
    let sum = gradients.base
    for lane in 1..<lanes.count {
      guard let other = lanes[lane].gradients?.base else { continue }
      var index = range.lowerBound
      while index < range.upperBound {
        sum.store(sum.vector(index) + other.vector(index), index)
        index &+= 8
      }
    }
    blockSums[block] = Double(dotProduct(sum + range.lowerBound, sum + range.lowerBound, range.count))
  }

  private func updateBlock(_ range: Range<Int>) {
    guard let pass else { return }
    AdamW.update(
      parameters: model.parameters.base, gradients: gradients.base, first: firstMoments.base,
      second: secondMoments.base, range: range, pass.update)
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
    if !deal.fits(batch) {
      deal = BatchDeal(sequences: batch.sequenceCount, length: batch.length, lanes: Self.laneCount)
    }
  }
}
