extension Lane {
  /// Runs tokens through all layers; the final residual stream and what the backward pass needs stay in the lane.
  func forward(_ input: LaneInput) {
    let all = 0..<input.tokenCount
    embed(input, rows: all)
    for index in 0..<configuration.layerCount {
      project(input, layer: index, rows: all)
      for sequence in 0..<input.sequences {
        let part = attentionPart(input, layer: index, sequence: sequence)
        attention.forward(
          fused: part.fused, output: part.attended, logSumExp: part.logSumExp, scratch: at(plan.attentionScratch))
      }
      feedForward(input, layer: index, rows: all)
    }
    normalize(input, rows: all)
  }

  /// The residual stream on entry to a layer; behind the last one, what the head reads.
  private func residual(_ layer: Int, _ tokens: Int) -> Matrix {
    matrix(
      layer < configuration.layerCount ? plan.layers[layer].residual : plan.finalResidual, tokens,
      configuration.hiddenSize)
  }

  /// What attention of one sequence reads and writes.
  func attentionPart(
    _ input: LaneInput, layer index: Int, sequence: Int
  ) -> (fused: Matrix, attended: Matrix, logSumExp: UnsafeMutablePointer<Float>) {
    let c = configuration
    let first = sequence * input.length
    let layer = plan.layers[index]
    return (
      matrix(layer.fused, input.tokenCount, c.queryKeyValueWidth).rows(first, input.length),
      matrix(layer.attended, input.tokenCount, c.attentionWidth).rows(first, input.length),
      at(layer.logSumExp) + first * c.headCount
    )
  }

  /// The first residual stream: the tokens' embeddings.
  func embed(_ input: LaneInput, rows: Range<Int>) {
    let residual = residual(0, input.tokenCount)
    for token in rows {
      residual.row(token).update(
        from: input.parameters + layout.embedding + Int(input.tokens[token]) * residual.columns, count: residual.columns
      )
    }
  }

  /// Norm, then queries, keys and values, rotated.
  func project(_ input: LaneInput, layer index: Int, rows: Range<Int>) {
    let c = configuration
    let n = input.tokenCount
    let weights = layout.layers[index]
    let layer = plan.layers[index]
    let normed = matrix(plan.normed, n, c.hiddenSize).rows(rows.lowerBound, rows.count)
    let fused = matrix(layer.fused, n, c.queryKeyValueWidth).rows(rows.lowerBound, rows.count)
    RMSNorm.forward(
      input: residual(index, n).rows(rows.lowerBound, rows.count), weight: input.parameters + weights.inputNorm,
      epsilon: Float(c.normEpsilon), output: normed, inverseRMS: at(layer.inputRMS) + rows.lowerBound)
    MatrixProduct.timesTransposed(
      normed, Matrix(input.parameters + weights.fusedProjection, c.queryKeyValueWidth, c.hiddenSize), into: fused)
    if let bias = weights.fusedBias { BiasVector.add(input.parameters + bias, to: fused) }
    RotaryEmbedding.rotate(
      heads: fused.columns(0, (c.headCount + c.keyValueHeadCount) * c.headDimension),
      positions: input.positions + rows.lowerBound, table: input.rotary, inverse: false)
  }

  /// Attention's output projection and the feed-forward block, each added to the residual stream.
  func feedForward(_ input: LaneInput, layer index: Int, rows: Range<Int>) {
    let c = configuration
    let n = input.tokenCount
    let weights = layout.layers[index]
    let layer = plan.layers[index]
    func part(_ matrix: Matrix) -> Matrix { matrix.rows(rows.lowerBound, rows.count) }
    let middle = part(matrix(layer.middle, n, c.hiddenSize))
    let gateUp = part(matrix(layer.gateUp, n, 2 * c.intermediateSize))
    let normed = part(matrix(plan.normed, n, c.hiddenSize))
    let activated = part(matrix(plan.activated, n, c.intermediateSize))
    let next = part(residual(index + 1, n))
    middle.base.update(from: part(residual(index, n)).base, count: rows.count * c.hiddenSize)
    MatrixProduct.timesTransposed(
      part(matrix(layer.attended, n, c.attentionWidth)),
      Matrix(input.parameters + weights.outputProjection, c.hiddenSize, c.attentionWidth), into: middle, beta: 1)
    if let bias = weights.outputBias { BiasVector.add(input.parameters + bias, to: middle) }
    RMSNorm.forward(
      input: middle, weight: input.parameters + weights.postAttentionNorm, epsilon: Float(c.normEpsilon),
      output: normed, inverseRMS: at(layer.middleRMS) + rows.lowerBound)
    MatrixProduct.timesTransposed(
      normed, Matrix(input.parameters + weights.gateUpProjection, 2 * c.intermediateSize, c.hiddenSize), into: gateUp)
    if let bias = weights.gateUpBias { BiasVector.add(input.parameters + bias, to: gateUp) }
    SwiGLU.forward(gateUp: gateUp, output: activated)
    next.base.update(from: middle.base, count: rows.count * c.hiddenSize)
    MatrixProduct.timesTransposed(
      activated, Matrix(input.parameters + weights.downProjection, c.hiddenSize, c.intermediateSize), into: next,
      beta: 1)
    if let bias = weights.downBias { BiasVector.add(input.parameters + bias, to: next) }
  }

  /// The final norm: what the head reads.
  func normalize(_ input: LaneInput, rows: Range<Int>) {
    let c = configuration
    RMSNorm.forward(
      input: residual(c.layerCount, input.tokenCount).rows(rows.lowerBound, rows.count),
      weight: input.parameters + layout.finalNorm, epsilon: Float(c.normEpsilon),
      output: matrix(plan.normed, input.tokenCount, c.hiddenSize).rows(rows.lowerBound, rows.count),
      inverseRMS: at(plan.finalRMS) + rows.lowerBound)
  }

  /// Takes the head's logits in blocks of tokens and hands each block to `body` with its first token.
  func forEachLogitBlock(_ input: LaneInput, _ body: (Matrix, Int) -> Void) {
    for first in stride(from: 0, to: input.tokenCount, by: LanePlan.logitRows) {
      body(logits(input, rows: first..<min(first + LanePlan.logitRows, input.tokenCount)), first)
    }
  }

  /// The head's logits of some tokens, at most `LanePlan.logitRows`; each worker has memory of its own for them.
  func logits(_ input: LaneInput, rows: Range<Int>, worker: Int = 0) -> Matrix {
    let c = configuration
    let normed = matrix(plan.normed, input.tokenCount, c.hiddenSize).rows(rows.lowerBound, rows.count)
    let head = Matrix(input.parameters + layout.head, c.vocabularySize, c.hiddenSize)
    let block = matrix(plan.logits + worker * plan.logitCount, rows.count, c.vocabularySize)
    MatrixProduct.timesTransposed(normed, head, into: block)
    return block
  }
}
