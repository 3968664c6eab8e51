import Foundation
import Positions

extension TransformerConfiguration {
  /// Limits far above any model that fits a machine, so that products of sizes cannot overflow.
  private enum Limit {
    static let width = 1 << 20
    static let layers = 1 << 12
    static let positions = 1 << 30
    static let base = 1e15
    static let factor = 1e6
  }

  /// Reads a Hugging Face `config.json` of a `LlamaForCausalLM`.
  ///
  /// What cannot be computed exactly is refused by name.
  ///
  /// - Throws: `ModelFileError` naming the field and its value.
  public init(json: Data, path: String) throws(ModelFileError) {
    let fields = try ConfigurationFields(json: json, path: path)
    try Self.refuseUnsupported(fields)
    let heads = try fields.size("num_attention_heads", limit: Limit.width)
    let hidden = try fields.size("hidden_size", limit: Limit.width)
    guard fields.has("head_dim") || hidden % heads == 0 else {
      throw fields.invalid("hidden_size", "a multiple of num_attention_heads, \(heads)")
    }
    self.init(
      vocabularySize: try fields.size("vocab_size", limit: 1 << 24), hiddenSize: hidden,
      intermediateSize: try fields.size("intermediate_size", limit: Limit.width),
      layerCount: try fields.size("num_hidden_layers", limit: Limit.layers), headCount: heads,
      keyValueHeadCount: try fields.size("num_key_value_heads", limit: Limit.width, default: heads),
      headDimension: try fields.size("head_dim", limit: Limit.width / heads, default: hidden / heads),
      normEpsilon: try fields.positive("rms_norm_eps", default: 1e-6),
      tiesEmbeddings: try fields.bool("tie_word_embeddings", default: false),
      maximumPositions: try fields.size("max_position_embeddings", limit: Limit.positions, default: 2048))
    hasAttentionBias = try fields.bool("attention_bias", default: false)
    hasFeedForwardBias = try fields.bool("mlp_bias", default: false)
    guard headCount % keyValueHeadCount == 0 else {
      throw fields.invalid("num_key_value_heads", "a divisor of num_attention_heads, \(headCount)")
    }
    guard headDimension % 2 == 0 else { throw fields.invalid("head_dim", "even") }
    try readScaling(fields)
  }

  private static func refuseUnsupported(_ fields: ConfigurationFields) throws(ModelFileError) {
    if fields.has("architectures"), fields.values["architectures"] as? [String] != ["LlamaForCausalLM"] {
      throw fields.invalid("architectures", "[\"LlamaForCausalLM\"]")
    }
    if let type = try fields.string("model_type"), type != "llama" { throw fields.invalid("model_type", "llama") }
    if let act = try fields.string("hidden_act"), act != "silu" { throw fields.invalid("hidden_act", "silu") }
    for name in ["quantization_config", "sliding_window"] where fields.has(name) {
      throw fields.invalid(name, "absent: it is not computed")
    }
    try refusePartialRotation(fields)
  }

  private static func refusePartialRotation(_ fields: ConfigurationFields) throws(ModelFileError) {
    guard try fields.positive("partial_rotary_factor", default: 1) == 1 else {
      throw fields.invalid("partial_rotary_factor", "1 or absent: heads are rotated whole")
    }
  }

  /// Reads `rope_parameters`, or the older `rope_theta` and `rope_scaling`, or our own object beside them.
  private mutating func readScaling(_ fields: ConfigurationFields) throws(ModelFileError) {
    let newer = try fields.object("rope_parameters")
    let older = try fields.object("rope_scaling")
    let rope = newer ?? older
    let base = try fields.positive("rope_theta", default: 10_000, limit: Limit.base)
    scaling = ScalingSettings(
      base: try newer?.positive("rope_theta", default: base, limit: Limit.base) ?? base,
      headDimension: headDimension, originalWindow: maximumPositions)
    scalingName = UnscaledRotary.name
    if let own = try fields.object("skipwise") { return try readOwnScaling(own) }
    guard let rope else { return }
    try Self.refusePartialRotation(rope)
    let field = rope.has("rope_type") ? "rope_type" : "type"
    let type = try rope.string(field) ?? "default"
    guard type != "default" else {
      // A factor without a type would be passed over without a word.
      guard !rope.has("factor") else { throw rope.invalid("factor", "absent where rope_type is default") }
      return
    }
    guard Self.sharedScalings.contains(type) else {
      throw rope.invalid(field, "one of default, \(Self.sharedScalings.joined(separator: ", "))")
    }
    scalingName = type
    try readFactorAndWindow(rope, fields)
    try readDetails(rope)
    try checkScaling(rope, field)
  }

  /// The original window is given, in either of two places, or follows from the window that the model reads.
  private mutating func readFactorAndWindow(
    _ rope: ConfigurationFields, _ fields: ConfigurationFields
  ) throws(ModelFileError) {
    let name = "original_max_position_embeddings"
    // Phi-3's place for it; transformers reads it there for every model.
    let given = rope.has(name) ? rope : fields
    let window = try given.size(name, limit: Limit.positions, default: maximumPositions)
    let isLongRoPE = scalingName == LongRoPEScaling.name
    let ratio = max(1, Double(maximumPositions) / Double(window))
    scaling.factor = try rope.positive("factor", default: isLongRoPE ? ratio : nil, limit: Limit.factor)
    guard scaling.factor >= 1 else { throw rope.invalid("factor", "a number of at least 1") }
    scaling.originalWindow = window
    if scalingName == LinearScaling.name, !given.has(name) {
      scaling.originalWindow = max(1, Int((Double(maximumPositions) / scaling.factor).rounded()))
    }
    for list in ["short_factor", "long_factor"] where isLongRoPE && !rope.has(list) {
      throw .missingField(path: rope.path, field: rope.prefix + list)
    }
  }

  /// What the scaling itself has against its settings, told by the field that names it.
  private func checkScaling(_ fields: ConfigurationFields, _ field: String) throws(ModelFileError) {
    do {
      _ = try ScalingRegistry.scaling(named: scalingName, scaling)
    } catch {
      throw fields.invalid(field, "computable: \(error)")
    }
  }

  /// Names that transformers and we share.
  static let sharedScalings = ["linear", "dynamic", "yarn", "llama3", "longrope"]

  private mutating func readDetails(_ rope: ConfigurationFields) throws(ModelFileError) {
    scaling.betaFast = try rope.optionalPositive("beta_fast")
    scaling.betaSlow = try rope.optionalPositive("beta_slow")
    scaling.attentionFactor = try rope.optionalPositive("attention_factor")
    scaling.lowFrequencyFactor = try rope.optionalPositive("low_freq_factor")
    scaling.highFrequencyFactor = try rope.optionalPositive("high_freq_factor")
    scaling.shortFactors = try rope.positives("short_factor")
    scaling.longFactors = try rope.positives("long_factor")
    scaling.adjustedBase = try rope.optionalPositive("adjusted_base")
    for name in ["mscale", "mscale_all_dim"] where rope.has(name) {
      throw rope.invalid(name, "absent: it is not computed")
    }
    guard try rope.bool("truncate", default: true) else {
      throw rope.invalid("truncate", "true or absent: YaRN's range is rounded to whole pairs")
    }
  }

  private mutating func readOwnScaling(_ own: ConfigurationFields) throws(ModelFileError) {
    guard let name = try own.string("scaling") else { throw .missingField(path: own.path, field: "skipwise.scaling") }
    guard ScalingRegistry.names.contains(name) else {
      throw own.invalid("scaling", "one of \(ScalingRegistry.names.joined(separator: ", "))")
    }
    scalingName = name
    scaling.base = try own.positive("base", limit: Limit.base)
    scaling.factor = try own.positive("factor", limit: Limit.factor)
    scaling.originalWindow = try own.size("original_window", limit: Limit.positions)
    maximumPositions = try own.size("maximum_positions", limit: Limit.positions, default: maximumPositions)
    try readDetails(own)
    try checkScaling(own, "scaling")
  }
}
