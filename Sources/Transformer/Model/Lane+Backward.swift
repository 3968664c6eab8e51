import Glibc

extension Lane {
  /// Adds d loss / d parameter of one micro-batch to the lane's gradients. `forward` has just run on the same input.
  ///
  /// - Parameters:
  ///   - gradientScale: 1 / (targets that count in the whole batch), the mean's factor.
  ///   - losses: [tokens], receives each token's negative log-likelihood.
  func backward(_ input: LaneInput, gradientScale: Float, losses: UnsafeMutablePointer<Float>) {
    guard let gradients = gradients?.base else { return }
    headBackward(input, gradients, gradientScale: gradientScale, losses: losses)
    for index in (0..<configuration.layerCount).reversed() {
      feedForwardBackward(input, gradients, layer: index)
      attentionBackward(input, gradients, layer: index)
    }
    let width = configuration.hiddenSize
    let residualGradient = matrix(plan.residualGradient, input.tokenCount, width)
    for token in 0..<input.tokenCount {
      let row = gradients + layout.embedding + Int(input.tokens[token]) * width
      let gradient = residualGradient.row(token)
      for column in 0..<width { row[column] += gradient[column] }
    }
  }

  private func headBackward(
    _ input: LaneInput, _ gradients: UnsafeMutablePointer<Float>, gradientScale: Float,
    losses: UnsafeMutablePointer<Float>
  ) {
    let c = configuration
    let n = input.tokenCount
    let normed = matrix(plan.normed, n, c.hiddenSize)
    let normedGradient = matrix(plan.normedGradient, n, c.hiddenSize)
    let head = Matrix(input.parameters + layout.head, c.vocabularySize, c.hiddenSize)
    let headGradient = Matrix(gradients + layout.head, c.vocabularySize, c.hiddenSize)
    forEachLogitBlock(input) { block, first in
      CrossEntropy.apply(
        logits: block, targets: input.targets + first, losses: losses + first, gradientScale: gradientScale)
      MatrixProduct.times(block, head, into: normedGradient.rows(first, block.rows))
      MatrixProduct.transposedTimes(block, normed.rows(first, block.rows), into: headGradient, beta: 1)
    }
    memset(at(plan.residualGradient), 0, n * c.hiddenSize * MemoryLayout<Float>.stride)
    RMSNorm.backward(
      outputGradient: normedGradient, input: matrix(plan.finalResidual, n, c.hiddenSize),
      weight: input.parameters + layout.finalNorm, inverseRMS: at(plan.finalRMS),
      inputGradient: matrix(plan.residualGradient, n, c.hiddenSize), weightGradient: gradients + layout.finalNorm)
  }

  private func feedForwardBackward(_ input: LaneInput, _ gradients: UnsafeMutablePointer<Float>, layer index: Int) {
    let c = configuration
    let n = input.tokenCount
    let weights = layout.layers[index]
    let layer = plan.layers[index]
    let middle = matrix(layer.middle, n, c.hiddenSize)
    let gateUp = matrix(layer.gateUp, n, 2 * c.intermediateSize)
    let normed = matrix(plan.normed, n, c.hiddenSize)
    let normedGradient = matrix(plan.normedGradient, n, c.hiddenSize)
    let activated = matrix(plan.activated, n, c.intermediateSize)
    let activatedGradient = matrix(plan.activatedGradient, n, c.intermediateSize)
    let residualGradient = matrix(plan.residualGradient, n, c.hiddenSize)

    SwiGLU.forward(gateUp: gateUp, output: activated)
    if let bias = weights.downBias { BiasVector.addRows(of: residualGradient, to: gradients + bias) }
    linearBackward(
      outputGradient: residualGradient, input: activated, inputGradient: activatedGradient,
      weight: input.parameters + weights.downProjection, weightGradient: gradients + weights.downProjection)
    SwiGLU.backward(outputGradient: activatedGradient, gateUp: gateUp)
    if let bias = weights.gateUpBias { BiasVector.addRows(of: gateUp, to: gradients + bias) }
    RMSNorm.recompute(
      input: middle, weight: input.parameters + weights.postAttentionNorm, inverseRMS: at(layer.middleRMS),
      output: normed)
    linearBackward(
      outputGradient: gateUp, input: normed, inputGradient: normedGradient,
      weight: input.parameters + weights.gateUpProjection, weightGradient: gradients + weights.gateUpProjection)
    RMSNorm.backward(
      outputGradient: normedGradient, input: middle, weight: input.parameters + weights.postAttentionNorm,
      inverseRMS: at(layer.middleRMS), inputGradient: residualGradient,
      weightGradient: gradients + weights.postAttentionNorm)
  }

  private func attentionBackward(_ input: LaneInput, _ gradients: UnsafeMutablePointer<Float>, layer index: Int) {
    let c = configuration
    let n = input.tokenCount
    let weights = layout.layers[index]
    let layer = plan.layers[index]
    let residual = matrix(layer.residual, n, c.hiddenSize)
    let fused = matrix(layer.fused, n, c.queryKeyValueWidth)
    let fusedGradient = matrix(plan.fusedGradient, n, c.queryKeyValueWidth)
    let attended = matrix(layer.attended, n, c.attentionWidth)
    let attendedGradient = matrix(plan.attendedGradient, n, c.attentionWidth)
    let normed = matrix(plan.normed, n, c.hiddenSize)
    let normedGradient = matrix(plan.normedGradient, n, c.hiddenSize)
    let residualGradient = matrix(plan.residualGradient, n, c.hiddenSize)

    if let bias = weights.outputBias { BiasVector.addRows(of: residualGradient, to: gradients + bias) }
    linearBackward(
      outputGradient: residualGradient, input: attended, inputGradient: attendedGradient,
      weight: input.parameters + weights.outputProjection, weightGradient: gradients + weights.outputProjection)
    for sequence in 0..<input.sequences {
      let first = sequence * input.length
      attention.backward(
        fused: fused.rows(first, input.length), output: attended.rows(first, input.length),
        outputGradient: attendedGradient.rows(first, input.length),
        logSumExp: at(layer.logSumExp) + first * c.headCount,
        fusedGradient: fusedGradient.rows(first, input.length), scratch: at(plan.attentionScratch))
    }
    RotaryEmbedding.rotate(
      heads: fusedGradient.columns(0, (c.headCount + c.keyValueHeadCount) * c.headDimension),
      positions: input.positions, table: input.rotary, inverse: true)
    if let bias = weights.fusedBias { BiasVector.addRows(of: fusedGradient, to: gradients + bias) }
    RMSNorm.recompute(
      input: residual, weight: input.parameters + weights.inputNorm, inverseRMS: at(layer.inputRMS), output: normed)
    linearBackward(
      outputGradient: fusedGradient, input: normed, inputGradient: normedGradient,
      weight: input.parameters + weights.fusedProjection, weightGradient: gradients + weights.fusedProjection)
    RMSNorm.backward(
      outputGradient: normedGradient, input: residual, weight: input.parameters + weights.inputNorm,
      inverseRMS: at(layer.inputRMS), inputGradient: residualGradient, weightGradient: gradients + weights.inputNorm)
  }

  /// For y = x·Wᵀ: dx = dy·W and W's gradient += dyᵀ·x, one after the other while dy is in the cache.
  private func linearBackward(
    outputGradient: Matrix, input: Matrix, inputGradient: Matrix, weight: UnsafeMutablePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>
  ) {
    let (outputs, inputs) = (outputGradient.columns, input.columns)
    MatrixProduct.times(outputGradient, Matrix(weight, outputs, inputs), into: inputGradient)
    MatrixProduct.transposedTimes(outputGradient, input, into: Matrix(weightGradient, outputs, inputs), beta: 1)
  }
}
