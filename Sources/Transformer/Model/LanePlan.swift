/// Where everything that a micro-batch needs lies in a lane's one block of memory.
struct LanePlan {
  /// What a layer keeps between forward and backward.
  struct LayerMemory {
    /// [tokens, width]: the residual stream on entry, and after attention.
    var residual = 0
    var middle = 0
    /// [tokens, (H + 2·H_kv)·d]: rotated queries and keys, and values.
    var fused = 0
    /// [tokens, H·d].
    var attended = 0
    /// [tokens, 2·f].
    var gateUp = 0
    /// [tokens].
    var inputRMS = 0
    var middleRMS = 0
    /// [sequences, H, length].
    var logSumExp = 0
  }

  private(set) var layers: [LayerMemory] = []
  private(set) var finalResidual = 0
  private(set) var finalRMS = 0
  private(set) var normed = 0
  private(set) var activated = 0
  private(set) var logits = 0
  private(set) var attentionScratch = 0
  // Gradients of activations: only a layer's worth exists at a time.
  private(set) var residualGradient = 0
  private(set) var normedGradient = 0
  private(set) var attendedGradient = 0
  private(set) var fusedGradient = 0
  private(set) var activatedGradient = 0
  /// Floats in the block.
  private(set) var count = 0

  /// Floats of one worker's logits and of its attention scratch.
  private(set) var logitCount = 0
  private(set) var scratchCount = 0

  /// Rows of logits that exist at a time: the vocabulary's gradient is taken in blocks of tokens.
  static let logitRows = 256

  /// - Parameter training: keep every layer's activations and make room for gradients. Without it one layer's
  ///   memory serves all, and the peak grows by the width alone.
  /// - Parameter workers: threads that share the lane; training has one.
  init(_ configuration: TransformerConfiguration, sequences: Int, length: Int, training: Bool, workers: Int = 1) {
    let c = configuration
    let tokens = sequences * length
    var plan = BufferPlan()
    let residuals = (0...c.layerCount).map { training || $0 == 0 ? plan.reserve(tokens * c.hiddenSize) : 0 }
    for index in 0..<c.layerCount {
      if !training, let first = layers.first {
        layers.append(first)
        continue
      }
      var layer = LayerMemory()
      layer.residual = residuals[index]
      layer.middle = plan.reserve(tokens * c.hiddenSize)
      layer.fused = plan.reserve(tokens * c.queryKeyValueWidth)
      layer.attended = plan.reserve(tokens * c.attentionWidth)
      layer.gateUp = plan.reserve(tokens * 2 * c.intermediateSize)
      layer.inputRMS = plan.reserve(tokens)
      layer.middleRMS = plan.reserve(tokens)
      layer.logSumExp = plan.reserve(tokens * c.headCount)
      layers.append(layer)
    }
    finalResidual = residuals[c.layerCount]
    finalRMS = plan.reserve(tokens)
    normed = plan.reserve(tokens * c.hiddenSize)
    activated = plan.reserve(tokens * c.intermediateSize)
    logitCount = BufferPlan.rounded(min(Self.logitRows, tokens) * c.vocabularySize)
    logits = plan.reserve(workers * logitCount)
    scratchCount = BufferPlan.rounded(CausalAttention(c).scratchCount(training: training))
    attentionScratch = plan.reserve(workers * scratchCount)
    if training {
      residualGradient = plan.reserve(tokens * c.hiddenSize)
      normedGradient = plan.reserve(tokens * c.hiddenSize)
      attendedGradient = plan.reserve(tokens * c.attentionWidth)
      fusedGradient = plan.reserve(tokens * c.queryKeyValueWidth)
      activatedGradient = plan.reserve(tokens * c.intermediateSize)
    }
    count = plan.count
  }
}
