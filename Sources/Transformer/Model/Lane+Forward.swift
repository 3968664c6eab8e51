extension Lane {
  /// Runs tokens through all layers; the final residual stream and what the backward pass needs stay in the lane.
  ///
  /// - Parameter observe: called after each layer's attention with the layer's index.
  func forward(_ input: LaneInput, observe: (Int) -> Void = { _ in }) {
    let c = configuration
    let n = input.tokenCount
    let epsilon = Float(c.normEpsilon)
    embed(input)
    for index in 0..<c.layerCount {
      let weights = layout.layers[index]
      let layer = plan.layers[index]
      let residual = matrix(layer.residual, n, c.hiddenSize)
      let middle = matrix(layer.middle, n, c.hiddenSize)
      let fused = matrix(layer.fused, n, c.queryKeyValueWidth)
      let attended = matrix(layer.attended, n, c.attentionWidth)
      let gateUp = matrix(layer.gateUp, n, 2 * c.intermediateSize)
      let normed = matrix(plan.normed, n, c.hiddenSize)
      let activated = matrix(plan.activated, n, c.intermediateSize)
      let next = matrix(
        index + 1 < c.layerCount ? plan.layers[index + 1].residual : plan.finalResidual, n, c.hiddenSize)

      RMSNorm.forward(
        input: residual, weight: input.parameters + weights.inputNorm, epsilon: epsilon, output: normed,
        inverseRMS: at(layer.inputRMS))
      MatrixProduct.timesTransposed(
        normed, Matrix(input.parameters + weights.fusedProjection, c.queryKeyValueWidth, c.hiddenSize), into: fused)
      RotaryEmbedding.rotate(
        heads: fused.columns(0, (c.headCount + c.keyValueHeadCount) * c.headDimension),
        positions: input.positions, table: input.rotary, inverse: false)
      for sequence in 0..<input.sequences {
        let first = sequence * input.length
        attention.forward(
          fused: fused.rows(first, input.length), output: attended.rows(first, input.length),
          logSumExp: at(layer.logSumExp) + first * c.headCount, scratch: at(plan.attentionScratch))
      }
      observe(index)
      middle.base.update(from: residual.base, count: n * c.hiddenSize)
      MatrixProduct.timesTransposed(
        attended, Matrix(input.parameters + weights.outputProjection, c.hiddenSize, c.attentionWidth), into: middle,
        beta: 1)
      RMSNorm.forward(
        input: middle, weight: input.parameters + weights.postAttentionNorm, epsilon: epsilon, output: normed,
        inverseRMS: at(layer.middleRMS))
      MatrixProduct.timesTransposed(
        normed, Matrix(input.parameters + weights.gateUpProjection, 2 * c.intermediateSize, c.hiddenSize), into: gateUp)
      SwiGLU.forward(gateUp: gateUp, output: activated)
      next.base.update(from: middle.base, count: n * c.hiddenSize)
      MatrixProduct.timesTransposed(
        activated, Matrix(input.parameters + weights.downProjection, c.hiddenSize, c.intermediateSize), into: next,
        beta: 1)
    }
    RMSNorm.forward(
      input: matrix(plan.finalResidual, n, c.hiddenSize), weight: input.parameters + layout.finalNorm, epsilon: epsilon,
      output: matrix(plan.normed, n, c.hiddenSize), inverseRMS: at(plan.finalRMS))
  }

  /// Takes the head's logits in blocks of tokens and hands each block to `body` with its first token.
  func forEachLogitBlock(_ input: LaneInput, _ body: (Matrix, Int) -> Void) {
    let c = configuration
    let normed = matrix(plan.normed, input.tokenCount, c.hiddenSize)
    let head = Matrix(input.parameters + layout.head, c.vocabularySize, c.hiddenSize)
    for first in stride(from: 0, to: input.tokenCount, by: LanePlan.logitRows) {
      let rows = min(LanePlan.logitRows, input.tokenCount - first)
      let block = matrix(plan.logits, rows, c.vocabularySize)
      MatrixProduct.timesTransposed(normed.rows(first, rows), head, into: block)
      body(block, first)
    }
  }

  private func embed(_ input: LaneInput) {
    let width = configuration.hiddenSize
    let residual = matrix(plan.layers.first?.residual ?? plan.finalResidual, input.tokenCount, width)
    for token in 0..<input.tokenCount {
      residual.row(token).update(
        from: input.parameters + layout.embedding + Int(input.tokens[token]) * width, count: width)
    }
  }
}
