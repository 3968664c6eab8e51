import Glibc
import Positions

/// Reads a text a token at a time and says what may come next; keys and values of what was read stay in a cache.
///
/// Positions count from 0. Scalings whose frequencies depend on the length are taken at the decoder's capacity, so that cached
/// keys stay true.
public final class CachedDecoder {
  private let model: TransformerModel
  private let lane: Lane
  private let rotary: RotaryTable
  /// Rotated keys, and values, of every layer: [capacity, H_kv·d] each.
  private let keys: [FloatBuffer]
  private let values: [FloatBuffer]
  /// [capacity]: one head's weights.
  private let weights: FloatBuffer
  /// Tokens that fit.
  public let capacity: Int
  /// Tokens read so far.
  public private(set) var count = 0

  /// - Parameter capacity: the most tokens that will be read.
  public init(_ model: TransformerModel, capacity: Int) {
    let c = model.configuration
    self.model = model
    self.capacity = max(capacity, 1)
    lane = Lane(c, sequences: 1, length: 1, training: false)
    rotary = model.rotaryTable(length: self.capacity)
    let width = c.keyValueHeadCount * c.headDimension
    let room = self.capacity
    keys = (0..<c.layerCount).map { _ in FloatBuffer(count: room * width) }
    values = (0..<c.layerCount).map { _ in FloatBuffer(count: room * width) }
    weights = FloatBuffer(count: room)
  }

  /// Reads one token and returns the logits of the next, [vocabulary]; they are valid until the next call.
  ///
  /// - Throws: `TransformerError.tokenOutOfRange`, or `.positionOutOfRange` where the cache is full.
  @discardableResult
  public func read(_ token: Int32) throws(TransformerError) -> UnsafeBufferPointer<Float> {
    let c = model.configuration
    guard (0..<Int32(c.vocabularySize)).contains(token) else {
      throw .tokenOutOfRange(token: Int(token), vocabulary: c.vocabularySize)
    }
    guard count < capacity else { throw .positionOutOfRange(position: count, limit: capacity) }
    let parameters = model.parameters.base
    let residual = lane.matrix(lane.plan.layers.first?.residual ?? lane.plan.finalResidual, 1, c.hiddenSize)
    residual.base.update(from: parameters + lane.layout.embedding + Int(token) * c.hiddenSize, count: c.hiddenSize)
    for layer in 0..<c.layerCount { pass(layer, residual, parameters) }
    count += 1
    let normed = lane.matrix(lane.plan.normed, 1, c.hiddenSize)
    RMSNorm.forward(
      input: residual, weight: parameters + lane.layout.finalNorm, epsilon: Float(c.normEpsilon), output: normed,
      inverseRMS: lane.at(lane.plan.finalRMS))
    let logits = lane.at(lane.plan.logits)
    MatrixVector.times(
      Matrix(parameters + lane.layout.head, c.vocabularySize, c.hiddenSize), normed.base, into: logits)
    return UnsafeBufferPointer(start: logits, count: c.vocabularySize)
  }

  /// One layer, added to the residual stream.
  private func pass(_ index: Int, _ residual: Matrix, _ parameters: UnsafeMutablePointer<Float>) {
    let c = model.configuration
    let epsilon = Float(c.normEpsilon)
    let memory = lane.plan.layers[index]
    let tensors = lane.layout.layers[index]
    let normed = lane.matrix(lane.plan.normed, 1, c.hiddenSize)
    let fused = lane.matrix(memory.fused, 1, c.queryKeyValueWidth)
    let attended = lane.at(memory.attended)
    RMSNorm.forward(
      input: residual, weight: parameters + tensors.inputNorm, epsilon: epsilon, output: normed,
      inverseRMS: lane.at(memory.inputRMS))
    MatrixVector.times(
      Matrix(parameters + tensors.fusedProjection, c.queryKeyValueWidth, c.hiddenSize), normed.base, into: fused.base)
    if let bias = tensors.fusedBias { BiasVector.add(parameters + bias, to: fused) }
    var position = Int32(count)
    RotaryEmbedding.rotate(
      heads: fused.columns(0, (c.headCount + c.keyValueHeadCount) * c.headDimension), positions: &position,
      table: rotary, inverse: false)
    attend(index, fused.base, into: attended)
    MatrixVector.times(
      Matrix(parameters + tensors.outputProjection, c.hiddenSize, c.attentionWidth), attended, into: residual.base,
      adding: true)
    if let bias = tensors.outputBias { BiasVector.add(parameters + bias, to: residual) }
    RMSNorm.forward(
      input: residual, weight: parameters + tensors.postAttentionNorm, epsilon: epsilon, output: normed,
      inverseRMS: lane.at(memory.middleRMS))
    let gateUp = lane.matrix(memory.gateUp, 1, 2 * c.intermediateSize)
    let activated = lane.matrix(lane.plan.activated, 1, c.intermediateSize)
    MatrixVector.times(
      Matrix(parameters + tensors.gateUpProjection, 2 * c.intermediateSize, c.hiddenSize), normed.base,
      into: gateUp.base)
    if let bias = tensors.gateUpBias { BiasVector.add(parameters + bias, to: gateUp) }
    SwiGLU.forward(gateUp: gateUp, output: activated)
    MatrixVector.times(
      Matrix(parameters + tensors.downProjection, c.hiddenSize, c.intermediateSize), activated.base,
      into: residual.base, adding: true)
    if let bias = tensors.downBias { BiasVector.add(parameters + bias, to: residual) }
  }

  /// The token's keys and values go to the cache; its queries meet all that is there.
  private func attend(_ layer: Int, _ fused: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>) {
    let c = model.configuration
    let (d, width) = (c.headDimension, c.keyValueHeadCount * c.headDimension)
    let (keys, values) = (keys[layer].base, values[layer].base)
    (keys + count * width).update(from: fused + c.attentionWidth, count: width)
    (values + count * width).update(from: fused + c.attentionWidth + width, count: width)
    let scale = 1 / Float(d).squareRoot()
    let line = weights.base
    for head in 0..<c.headCount {
      let column = head / (c.headCount / c.keyValueHeadCount) * d
      for token in 0...count { line[token] = scale * dotProduct(fused + head * d, keys + token * width + column, d) }
      let sum = Softmax.exponentiate(line, count + 1, minus: Softmax.largest(line, count + 1))
      MatrixVector.weightedSum(
        values + column, stride: width, rows: count + 1, columns: d, factors: line, times: 1 / sum,
        into: output + head * d)
    }
  }
}
