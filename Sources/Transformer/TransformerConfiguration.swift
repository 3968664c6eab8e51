import Positions

/// The shape of a Llama-style transformer and how its positions turn: what `config.json` says.
public struct TransformerConfiguration: Hashable, Sendable {
  /// V, rows of the embedding.
  public var vocabularySize: Int
  /// d, the width of the residual stream.
  public var hiddenSize: Int
  /// f, the width inside the SwiGLU block.
  public var intermediateSize: Int
  public var layerCount: Int
  /// H, query heads.
  public var headCount: Int
  /// H_kv, key/value heads; divides `headCount` (grouped-query attention).
  public var keyValueHeadCount: Int
  /// The size of a head; even. Not always `hiddenSize / headCount`.
  public var headDimension: Int
  /// ε of RMSNorm.
  public var normEpsilon: Double
  /// Whether the output head is the embedding's transpose.
  public var tiesEmbeddings: Bool
  /// Whether the projections of attention, and of the feed-forward block, have biases.
  public var hasAttentionBias = false
  public var hasFeedForwardBias = false
  /// The window that the model is meant to read, `max_position_embeddings`.
  public var maximumPositions: Int
  /// The rotary scaling's name in `ScalingRegistry`.
  public var scalingName: String
  /// The rotary base, the original window, the factor and whatever else the scaling reads.
  public var scaling: ScalingSettings

  public init(
    vocabularySize: Int, hiddenSize: Int, intermediateSize: Int, layerCount: Int, headCount: Int,
    keyValueHeadCount: Int? = nil, headDimension: Int? = nil, normEpsilon: Double = 1e-5, tiesEmbeddings: Bool = true,
    maximumPositions: Int, ropeBase: Double = 10_000
  ) {
    self.vocabularySize = vocabularySize
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.layerCount = layerCount
    self.headCount = headCount
    self.keyValueHeadCount = keyValueHeadCount ?? headCount
    self.headDimension = headDimension ?? hiddenSize / headCount
    self.normEpsilon = normEpsilon
    self.tiesEmbeddings = tiesEmbeddings
    self.maximumPositions = maximumPositions
    scalingName = UnscaledRotary.name
    scaling = ScalingSettings(
      base: ropeBase, headDimension: self.headDimension, originalWindow: maximumPositions)
  }

  /// Columns of the fused query/key/value projection, (H + 2·H_kv) · head dimension.
  public var queryKeyValueWidth: Int { (headCount + 2 * keyValueHeadCount) * headDimension }
  /// Columns of the queries, and of attention's output before its projection, H · head dimension.
  public var attentionWidth: Int { headCount * headDimension }

  /// Floating-point operations that training takes a token, forward and backward: 6 a parameter, and 6·length·width a layer for
  /// attention to the half of the window before it.
  public func operationsPerToken(length: Int, parameters: Int) -> Double {
    6 * Double(parameters) + 6 * Double(layerCount) * Double(length) * Double(attentionWidth)
  }
}
