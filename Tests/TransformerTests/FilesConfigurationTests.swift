import Foundation
import Positions
import Testing

@testable import Transformer

/// `config.json` in both directions: what transformers means by it, and what it gets from us.
@Suite struct FilesConfigurationTests {
  private static let minimal = """
    "model_type":"llama","vocab_size":256,"hidden_size":64,"intermediate_size":176,"num_hidden_layers":2,\
    "num_attention_heads":4
    """

  private func configuration(_ more: String) throws -> TransformerConfiguration {
    try TransformerConfiguration(json: Data("{\(Self.minimal),\(more)}".utf8), path: "config.json")
  }

  // MARK: - Reading

  @Test(arguments: ["mha-default", "mha-linear8", "gqa-yarn8", "gqa-llama3"])
  func referenceConfigurationsComeBackThroughOurOwnFile(name: String) throws {
    let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("ReferenceCases/\(name)").path
    let read = try ModelFolder.configuration(folder)
    #expect(try TransformerConfiguration(json: read.jsonData(), path: "config.json") == read)
  }

  /// Name, fields, and the original window and factor that follow from a window of 4,096.
  @Test(arguments: [
    (#"{"rope_type":"linear","factor":8}"#, 512, 8.0),
    (#"{"rope_type":"dynamic","factor":8}"#, 4096, 8),
    (#"{"rope_type":"yarn","factor":8}"#, 4096, 8),
    (#"{"rope_type":"yarn","factor":8,"original_max_position_embeddings":512}"#, 512, 8),
    (#"{"rope_type":"llama3","factor":8,"original_max_position_embeddings":512}"#, 512, 8),
    (#"{"rope_type":"llama3","factor":8}"#, 4096, 8),
  ])
  func windowsFollowFromWhatIsGiven(rope: String, window: Int, factor: Double) throws {
    let read = try configuration(#""max_position_embeddings":4096,"rope_parameters":\#(rope)"#)
    #expect(read.scaling.originalWindow == window && read.scaling.factor == factor)
  }

  @Test func longropeTakesItsFactorFromTheWindowsWhereNoneIsGiven() throws {
    let ones = Array(repeating: "1", count: 8).joined(separator: ",")
    let lists = #""short_factor":[\#(ones)],"long_factor":[\#(ones)]"#
    let windows = (#""max_position_embeddings":4096"#, #""original_max_position_embeddings":512"#)
    let inside = try configuration(#"\#(windows.0),"rope_scaling":{"type":"longrope",\#(windows.1),\#(lists)}"#)
    #expect(inside.scaling.originalWindow == 512 && inside.scaling.factor == 8)
    let beside = try configuration(#"\#(windows.0),\#(windows.1),"rope_scaling":{"type":"longrope",\#(lists)}"#)
    #expect(beside == inside)
  }

  @Test(arguments: [
    (#""rope_parameters":{"rope_type":"linear","factor":1e-300}"#, "rope_parameters.factor"),
    (#""rope_parameters":{"rope_type":"linear","factor":1e300}"#, "rope_parameters.factor"),
    (#""rope_parameters":{"factor":8}"#, "rope_parameters.factor"),
    (#""rope_parameters":{"rope_type":"longrope","factor":8}"#, "rope_parameters.short_factor"),
    (#""rope_parameters":{"rope_type":"yarn","factor":8,"truncate":false}"#, "rope_parameters.truncate"),
    (#""rope_parameters":{"rope_type":"yarn","factor":8,"mscale":1}"#, "rope_parameters.mscale"),
    (#""rope_parameters":{"partial_rotary_factor":0.5}"#, "rope_parameters.partial_rotary_factor is 0.5"),
    (#""rope_parameters":{"rope_type":7}"#, "rope_parameters.rope_type is 7"),
    (#""rope_theta":1e30"#, "rope_theta"),
    (#""partial_rotary_factor":0.5"#, "partial_rotary_factor is 0.5"),
    (#""architectures":"LlamaForCausalLM""#, "architectures"),
    (#""architectures":["LlamaForCausalLM",7]"#, "architectures"),
    (#""head_dim":1048576"#, "head_dim is 1048576; it must be a whole number from 1 to 262144"),
    (#""mlp_bias":true,"mlp_bias":false"#, "mlp_bias twice"),
  ])
  func whatWouldBeReadWronglyIsRefusedByField(more: String, expected: String) throws {
    let error = #expect(throws: ModelFileError.self) { try configuration(more) }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }

  @Test func widthsThatDoNotDivideAreRefused() throws {
    let json = "{\(Self.minimal)}".replacingOccurrences(of: "\"hidden_size\":64", with: "\"hidden_size\":66")
    let error = #expect(throws: ModelFileError.self) {
      try TransformerConfiguration(json: Data(json.utf8), path: "config.json")
    }
    #expect(
      error?.description == "config.json: hidden_size is 66; it must be a multiple of num_attention_heads, 4")
  }

  @Test func aWholeRotationAndNullsAreTheDefaults() throws {
    let plain = try configuration(#""max_position_embeddings":2048"#)
    let nulls = #""sliding_window":null,"rope_scaling":null,"head_dim":null,"num_key_value_heads":null"#
    #expect(try configuration(#""partial_rotary_factor":1.0,\#(nulls)"#) == plain)
  }

  // MARK: - Writing

  /// A configuration under every scaling, its own settings left at their defaults, and what was written for it.
  private func written(_ name: String) throws -> (configuration: TransformerConfiguration, object: [String: Any]) {
    var configuration = try configuration(#""max_position_embeddings":2048"#)
    configuration.scalingName = name
    configuration.scaling.factor = name == "none" ? 1 : 8
    configuration.scaling.originalWindow = 256
    let object = try JSONSerialization.jsonObject(with: configuration.jsonData()) as? [String: Any]
    return (configuration, try #require(object))
  }

  /// What transformers refuses to do without, by type.
  private static let required: [String: Set<String>] = [
    "default": [], "linear": ["factor"], "dynamic": ["factor"], "yarn": ["factor"],
    "longrope": ["short_factor", "long_factor"],
    "llama3": ["factor", "original_max_position_embeddings", "low_freq_factor", "high_freq_factor"],
  ]

  @Test(arguments: ScalingRegistry.names)
  func whatTransformersReadsHasTheSameFrequencies(name: String) throws {
    let (configuration, object) = try written(name)
    let rope = try #require(object["rope_parameters"] as? [String: Any])
    let type = try #require(rope["rope_type"] as? String)
    #expect(try #require(Self.required[type]).isSubset(of: rope.keys))

    // transformers passes over our own object.
    let foreign = try TransformerConfiguration(
      json: JSONSerialization.data(withJSONObject: object.filter { $0.key != "skipwise" }), path: "config.json")
    let ours = try ScalingRegistry.scaling(named: name, configuration.scaling)
    let theirs = try ScalingRegistry.scaling(named: foreign.scalingName, foreign.scaling)
    for length in [256, 257, 2048] {
      let (mine, other) = (ours.frequencies(length: length), theirs.frequencies(length: length))
      #expect(abs(mine.attentionFactor - other.attentionFactor) < 1e-14)
      #expect(mine.inverse.count == other.inverse.count)
      for (a, b) in zip(mine.inverse, other.inverse) { #expect(abs(a - b) < 1e-12 * a) }
    }

    // The older spelling says the same.
    let older = try TransformerConfiguration(
      json: JSONSerialization.data(
        withJSONObject: object.filter { $0.key != "skipwise" && $0.key != "rope_parameters" }), path: "config.json")
    #expect(older == foreign)
  }

  /// Plain RoPE with a base of b·s^(d/(d−2)) is what `ntk` is (bloc97 2023), in every version of every reader.
  @Test func ntkIsWrittenAsALargerBase() throws {
    let (_, object) = try written("ntk")
    let rope = try #require(object["rope_parameters"] as? [String: Any])
    #expect(rope["rope_type"] as? String == "default")
    let expected = 10_000 * pow(8.0, 16.0 / 14.0)
    #expect(abs(try #require(rope["rope_theta"] as? Double) - expected) < 1e-9 * expected)
    #expect(object["rope_theta"] as? Double == rope["rope_theta"] as? Double)
    #expect(object["rope_scaling"] == nil)
  }

  /// For `longrope` transformers computes 1/(factor · b^(2i/d)).
  @Test func revisedYarnIsWrittenAsADivisorForEachPair() throws {
    let (configuration, object) = try written("yarn-revised")
    let rope = try #require(object["rope_parameters"] as? [String: Any])
    #expect(rope["rope_type"] as? String == "longrope")
    let divisors = try #require(rope["long_factor"] as? [Double])
    #expect(divisors == rope["short_factor"] as? [Double])
    let ours = try ScalingRegistry.scaling(named: "yarn-revised", configuration.scaling).frequencies
    #expect(divisors.count == ours.inverse.count)
    for (index, frequency) in ours.inverse.enumerated() {
      let theirs = 1 / (divisors[index] * pow(10_000, 2 * Double(index) / 16))
      #expect(abs(theirs - frequency) < 1e-12 * frequency)
    }
    #expect(abs(try #require(rope["attention_factor"] as? Double) - (0.1 * log(8) + 1)) < 1e-14)
  }
}
