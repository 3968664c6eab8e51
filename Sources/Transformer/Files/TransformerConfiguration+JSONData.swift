import Foundation
import Positions

extension TransformerConfiguration {
  /// `config.json` as transformers reads it, in its newer and its older spelling.
  ///
  /// A scaling that transformers does not know is written as one that computes the same frequencies: plain RoPE with another
  /// base where that is all it is, else `longrope` with a divisor for each pair. The object `skipwise` keeps its own name and
  /// settings.
  public func jsonData() -> Data {
    let (base, fields) = writtenScaling
    var older = fields
    older["type"] = fields["rope_type"]
    var object: [String: Any] = [
      "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "dtype": "float32",
      "vocab_size": vocabularySize, "hidden_size": hiddenSize, "intermediate_size": intermediateSize,
      "num_hidden_layers": layerCount, "num_attention_heads": headCount,
      "num_key_value_heads": keyValueHeadCount, "head_dim": headDimension, "rms_norm_eps": normEpsilon,
      "tie_word_embeddings": tiesEmbeddings, "max_position_embeddings": writtenPositions,
      "attention_bias": hasAttentionBias, "mlp_bias": hasFeedForwardBias, "rope_theta": base,
      "rope_parameters": fields.merging(["rope_theta": base]) { $1 }, "skipwise": ownScaling,
    ]
    if fields["rope_type"] as? String != "default" { object["rope_scaling"] = older }
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

  /// The base and the other fields of `rope_parameters`.
  private var writtenScaling: (base: Double, fields: [String: Any]) {
    guard scalingName != UnscaledRotary.name,
      let scaled = try? ScalingRegistry.scaling(named: scalingName, scaling)
    else { return (scaling.base, ["rope_type": "default"]) }
    if Self.sharedScalings.contains(scalingName) { return (scaling.base, sharedFields(scaled)) }
    if let base = equivalentBase(scaled.frequencies) { return (base, ["rope_type": "default"]) }
    let divisors = divisors(scaled.frequencies)
    return (
      scaling.base,
      [
        "rope_type": "longrope", "factor": scaling.factor, "short_factor": divisors, "long_factor": divisors,
        "attention_factor": scaled.frequencies.attentionFactor,
        "original_max_position_embeddings": scaling.originalWindow,
      ]
    )
  }

  /// The fields of a scaling that transformers computes under the same name: those that it reads, with our defaults filled in
  /// where it has none of its own.
  private func sharedFields(_ scaled: any RotaryScaling) -> [String: Any] {
    var fields: [String: Any] = ["rope_type": scalingName, "factor": scaling.factor]
    // transformers warns of a key that it does not read.
    guard scalingName != LinearScaling.name else { return fields }
    fields["original_max_position_embeddings"] = scaling.originalWindow
    switch scalingName {
    case YaRNScaling.name:
      fields["beta_fast"] = scaling.betaFast
      fields["beta_slow"] = scaling.betaSlow
      fields["attention_factor"] = scaled.frequencies.attentionFactor
    case Llama3Scaling.name:
      fields["low_freq_factor"] = scaling.lowFrequencyFactor ?? 1
      fields["high_freq_factor"] = scaling.highFrequencyFactor ?? 4
    case LongRoPEScaling.name:
      let long = scaled.frequencies(length: scaling.originalWindow + 1)
      fields["short_factor"] = scaling.shortFactors ?? divisors(scaled.frequencies)
      fields["long_factor"] = scaling.longFactors ?? divisors(long)
      fields["attention_factor"] = long.attentionFactor
    default: break
    }
    return fields
  }

  /// What each pair's plain frequency is divided by.
  private func divisors(_ frequencies: RotaryFrequencies) -> [Double] {
    zip(plainFrequencies(base: scaling.base), frequencies.inverse).map { $0 / $1 }
  }

  /// The base with which plain RoPE has these frequencies; nil where there is none.
  private func equivalentBase(_ frequencies: RotaryFrequencies) -> Double? {
    guard frequencies.attentionFactor == 1, frequencies.inverse.count > 1 else { return nil }
    // θ_1 = b^(−2/d), solved for b.
    let base = pow(frequencies.inverse[1], -Double(headDimension) / 2)
    let plain = plainFrequencies(base: base)
    let agrees =
      plain.count == frequencies.inverse.count
      && zip(plain, frequencies.inverse).allSatisfy { abs($0 - $1) <= 1e-12 * $1 }
    return agrees ? base : nil
  }

  /// θ_i of plain RoPE; none where the base cannot be one.
  private func plainFrequencies(base: Double) -> [Double] {
    var plain = scaling
    plain.base = base
    return (try? UnscaledRotary(plain).frequencies.inverse) ?? []
  }
}
