import Foundation
import Positions

extension TransformerConfiguration {
  /// Limits far above any model that fits a machine, so that products of sizes cannot overflow.
  private enum Limit {
    static let width = 1 << 20
    static let layers = 1 << 12
    static let positions = 1 << 30
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
    self.init(
      vocabularySize: try fields.size("vocab_size", limit: 1 << 24), hiddenSize: hidden,
      intermediateSize: try fields.size("intermediate_size", limit: Limit.width),
      layerCount: try fields.size("num_hidden_layers", limit: Limit.layers), headCount: heads,
      keyValueHeadCount: try fields.size("num_key_value_heads", limit: Limit.width, default: heads),
      headDimension: try fields.size("head_dim", limit: Limit.width, default: max(1, hidden / heads)),
      normEpsilon: try fields.positive("rms_norm_eps", default: 1e-6),
      tiesEmbeddings: try fields.bool("tie_word_embeddings", default: false),
      maximumPositions: try fields.size("max_position_embeddings", limit: Limit.positions, default: 2048))
    guard headCount % keyValueHeadCount == 0 else {
      throw fields.invalid("num_key_value_heads", "a divisor of num_attention_heads, \(headCount)")
    }
    guard headDimension % 2 == 0 else { throw fields.invalid("head_dim", "even") }
    try readScaling(fields)
  }

  private static func refuseUnsupported(_ fields: ConfigurationFields) throws(ModelFileError) {
    if let architectures = fields.values["architectures"] as? [String], architectures != ["LlamaForCausalLM"] {
      throw fields.invalid("architectures", "[\"LlamaForCausalLM\"]")
    }
    if let type = try fields.string("model_type"), type != "llama" { throw fields.invalid("model_type", "llama") }
    if let act = try fields.string("hidden_act"), act != "silu" { throw fields.invalid("hidden_act", "silu") }
    for name in ["attention_bias", "mlp_bias"] where try fields.bool(name, default: false) {
      throw fields.invalid(name, "false: biases are not computed")
    }
    for name in ["quantization_config", "sliding_window", "partial_rotary_factor"] where fields.has(name) {
      throw fields.invalid(name, "absent: it is not computed")
    }
  }

  /// Reads `rope_parameters`, or the older `rope_theta` and `rope_scaling`, or our own object beside them.
  private mutating func readScaling(_ fields: ConfigurationFields) throws(ModelFileError) {
    let newer = try fields.object("rope_parameters")
    let older = try fields.object("rope_scaling")
    let rope = newer ?? older
    let base = try fields.positive("rope_theta", default: 10_000)
    scaling = ScalingSettings(
      base: try newer?.positive("rope_theta", default: base) ?? base, headDimension: headDimension,
      originalWindow: maximumPositions)
    scalingName = UnscaledRotary.name
    if let own = try fields.object("skipwise") { return try readOwnScaling(own) }
    guard let rope else { return }
    let field = rope.has("rope_type") ? "rope_type" : "type"
    guard let type = try rope.string(field), type != "default" else { return }
    guard Self.sharedScalings.contains(type) else {
      throw rope.invalid(field, "one of default, \(Self.sharedScalings.joined(separator: ", "))")
    }
    scalingName = type
    scaling.factor = try rope.positive("factor", default: type == "longrope" ? 1 : nil)
    let stretched = Int((Double(maximumPositions) / scaling.factor).rounded())
    let isStretched = type == "linear"
    scaling.originalWindow = try rope.size(
      "original_max_position_embeddings", limit: Limit.positions,
      default: isStretched ? max(1, stretched) : maximumPositions)
    try readDetails(rope)
    do {
      _ = try ScalingRegistry.scaling(named: type, scaling)
    } catch {
      throw rope.invalid(field, "computable: \(error)")
    }
  }

  /// Names that transformers and we share.
  private static let sharedScalings = ["linear", "dynamic", "yarn", "llama3", "longrope"]

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
  }

  private mutating func readOwnScaling(_ own: ConfigurationFields) throws(ModelFileError) {
    guard let name = try own.string("scaling") else { throw .missingField(path: own.path, field: "skipwise.scaling") }
    guard ScalingRegistry.names.contains(name) else {
      throw own.invalid("scaling", "one of \(ScalingRegistry.names.joined(separator: ", "))")
    }
    scalingName = name
    scaling.base = try own.positive("base")
    scaling.factor = try own.positive("factor")
    scaling.originalWindow = try own.size("original_window", limit: Limit.positions)
    maximumPositions = try own.size("maximum_positions", limit: Limit.positions, default: maximumPositions)
    try readDetails(own)
    do {
      _ = try ScalingRegistry.scaling(named: name, scaling)
    } catch {
      throw own.invalid("scaling", "computable: \(error)")
    }
  }

  /// `config.json` as transformers reads it, in its newer and its older spelling.
  ///
  /// A scaling that transformers does not know is written as `longrope` with a factor for each pair, which computes the same
  /// frequencies; the object `skipwise` keeps its own name and settings.
  public func jsonData() -> Data {
    var rope = sharedRope ?? equivalentRope
    var older = rope
    rope["rope_theta"] = scaling.base
    older["type"] = older["rope_type"]
    var object: [String: Any] = [
      "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "dtype": "float32",
      "vocab_size": vocabularySize, "hidden_size": hiddenSize, "intermediate_size": intermediateSize,
      "num_hidden_layers": layerCount, "num_attention_heads": headCount,
      "num_key_value_heads": keyValueHeadCount, "head_dim": headDimension, "rms_norm_eps": normEpsilon,
      "tie_word_embeddings": tiesEmbeddings, "max_position_embeddings": writtenPositions,
      "attention_bias": false, "mlp_bias": false, "rope_theta": scaling.base, "rope_parameters": rope,
      "skipwise": ownScaling,
    ]
    if scalingName != UnscaledRotary.name { object["rope_scaling"] = older }
    let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return ((try? JSONSerialization.data(withJSONObject: object, options: options)) ?? Data()) + Data("\n".utf8)
  }

  /// transformers takes `dynamic`'s original window from here.
  private var writtenPositions: Int {
    scalingName == DynamicNTKScaling.name ? scaling.originalWindow : maximumPositions
  }

  private var details: [String: Any] {
    var fields: [String: Any] = [:]
    fields["beta_fast"] = scaling.betaFast
    fields["beta_slow"] = scaling.betaSlow
    fields["attention_factor"] = scaling.attentionFactor
    fields["low_freq_factor"] = scaling.lowFrequencyFactor
    fields["high_freq_factor"] = scaling.highFrequencyFactor
    fields["short_factor"] = scaling.shortFactors
    fields["long_factor"] = scaling.longFactors
    fields["adjusted_base"] = scaling.adjustedBase
    return fields
  }

  private var ownScaling: [String: Any] {
    details.merging([
      "scaling": scalingName, "base": scaling.base, "factor": scaling.factor,
      "original_window": scaling.originalWindow, "maximum_positions": maximumPositions,
    ]) { $1 }
  }

  /// The scaling's settings where transformers computes it under the same name.
  private var sharedRope: [String: Any]? {
    if scalingName == UnscaledRotary.name { return ["rope_type": "default"] }
    guard Self.sharedScalings.contains(scalingName) else { return nil }
    var fields = details.merging(["rope_type": scalingName, "factor": scaling.factor]) { $1 }
    // transformers warns of a key that it does not read.
    if scalingName != LinearScaling.name { fields["original_max_position_embeddings"] = scaling.originalWindow }
    return fields
  }

  /// The same frequencies as `longrope`, which divides each pair's frequency by a factor of its own.
  private var equivalentRope: [String: Any] {
    guard let plain = try? UnscaledRotary(scaling).frequencies,
      let scaled = try? ScalingRegistry.scaling(named: scalingName, scaling).frequencies
    else { return ["rope_type": "default"] }
    let factors = zip(plain.inverse, scaled.inverse).map { $0 / $1 }
    return [
      "rope_type": "longrope", "factor": scaling.factor, "short_factor": factors, "long_factor": factors,
      "attention_factor": scaled.attentionFactor, "original_max_position_embeddings": scaling.originalWindow,
    ]
  }
}
