import Foundation
import HostileInput
import Testing

@testable import Transformer

/// Bent model files: read, or refused by name; never a crash, a hang or more memory than the file justifies.
@Suite struct HostileModelTests {
  private static let headers = [
    #"{"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"__metadata__":{"format":"pt"}}"#,
    #"{"a":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]},"b":{"dtype":"I64","shape":[],"data_offsets":[8,16]}}"#,
    #"{"a":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[12],"data_offsets":[4,16]}}"#,
  ]

  private func file(_ header: [UInt8], announced: Int? = nil) -> Data {
    let length = withUnsafeBytes(of: UInt64(announced ?? header.count).littleEndian) { Data($0) }
    return length + Data(header) + Data(repeating: 0xFF, count: 16)
  }

  private static func header(_ file: Data) throws(ModelFileError) -> SafetensorsHeader {
    try SafetensorsHeader(path: "x", fileSize: file.count) { file.subdata(in: $0) }
  }

  /// Weights that another program cuts while they are read are a sentence, and those that it replaces are read to their end.
  @Test func weightsThatAreCutMeanwhileAreToldSo() throws {
    let folder = try HostileFolder()
    let whole = file(Array(Self.headers[0].utf8))
    let path = try folder.file("w", whole)
    let opened = try SafetensorsFile(path: path)
    try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
    _ = try folder.file("w", Data())
    #expect(try opened.floats("w").count == 4)
    #expect(truncate(path + ".old", off_t(whole.count - 1)) == 0)
    #expect(throws: ModelFileError.truncated(path: path, expected: whole.count, found: whole.count - 1)) {
      try opened.floats("w")
    }
  }

  @Test func bentHeadersAreReadOrRefused() throws {
    let folder = try HostileFolder()
    let words = ["F64", "BOOL", "U64", "F8_E4M3", "dtype", "shape", "data_offsets", "__metadata__"]
    var read = 0
    let slowest = Campaign("safetensors", Self.headers, words: words, count: 5000).run { bent in
      var random = bent.random
      // Now and then the length in front lies as well.
      let announced = random.unit() < 0.1 ? Int.random(in: 0...2 * bent.bytes.count, using: &random) : nil
      let data = file(bent.bytes, announced: announced)
      do {
        let header = try Self.header(data)
        #expect(header.tensors.values.allSatisfy { $0.bytes.upperBound <= data.count && $0.count <= data.count })
        read += 1
        let opened = try SafetensorsFile(path: folder.file("x", data))
        for (name, tensor) in opened.tensors {
          if tensor.type.isInteger { _ = try? opened.integers(name) } else { _ = try opened.doubles(name) }
        }
      } catch {
        #expect(error is ModelFileError, "\(error) for \(bent)")
        #expect(!"\(error)".controlsTerminal, "\(bent)")
      }
    }
    #expect(read > 20)
    #expect(slowest.seconds < 10, "case \(slowest.number)")
  }

  private static let configurations = [
    """
    {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "vocab_size": 256,
     "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4,
     "num_key_value_heads": 2, "head_dim": 16, "rms_norm_eps": 1e-05, "tie_word_embeddings": true,
     "max_position_embeddings": 1024, "rope_theta": 10000.0, "attention_bias": false, "mlp_bias": false,
     "rope_parameters": {"rope_type": "yarn", "factor": 8.0, "original_max_position_embeddings": 128,
     "beta_fast": 32, "beta_slow": 1, "attention_factor": 1.2, "truncate": true}}
    """,
    """
    {"vocab_size": 256, "hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
     "max_position_embeddings": 512, "rope_scaling": {"type": "longrope", "factor": 4, "short_factor": [1, 1],
     "long_factor": [2.5, 8], "original_max_position_embeddings": 128},
     "skipwise": {"scaling": "ntk", "base": 10000, "factor": 4, "original_window": 128, "maximum_positions": 512}}
    """,
    """
    {"vocab_size": 256, "hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
     "rope_scaling": {"rope_type": "llama3", "factor": 4, "low_freq_factor": 1, "high_freq_factor": 4,
     "original_max_position_embeddings": 128}}
    """,
  ]

  /// What is believed can be computed with: sizes, frequencies, the file that it is written as.
  @Test func bentConfigurationsAreReadOrRefused() throws {
    let words = ["linear", "dynamic", "revised-yarn", "abf", "default", "sliding_window", "adjusted_base"]
    var read = 0
    let slowest = Campaign("config", Self.configurations, words: words, count: 6000).run { bent in
      do {
        let configuration = try TransformerConfiguration(json: Data(bent.bytes), path: "x")
        read += 1
        let layout = ParameterLayout(configuration)
        #expect(layout.count >= layout.parameterCount && layout.parameterCount > 0, "\(bent)")
        #expect(TrainingEngine.bytesNeeded(configuration, length: 1) > 0, "\(bent)")
        let again = try TransformerConfiguration(json: configuration.jsonData(), path: "y")
        #expect(again.hiddenSize == configuration.hiddenSize)
      } catch {
        #expect(error is ModelFileError, "\(error) for \(bent)")
        #expect(!"\(error)".controlsTerminal, "\(bent)")
      }
    }
    #expect(read > 100)
    #expect(slowest.seconds < 10, "case \(slowest.number)")
  }

  /// 2⁶⁰ elements in a file of a hundred bytes, offsets to match, and a header that is said to be as long: refused as lies,
  /// with no memory taken for them.
  @Test(arguments: [
    #"{"w":{"dtype":"F32","shape":[1152921504606846976],"data_offsets":[0,4611686018427387904]}}"#,
    #"{"w":{"dtype":"U8","shape":[1152921504606846976],"data_offsets":[0,1152921504606846976]}}"#,
    #"{"w":{"dtype":"F64","shape":[1152921504606846976],"data_offsets":[0,9223372036854775807]}}"#,
    #"{"w":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}"#,
    #"{"w":{"dtype":"U8","shape":[0,9223372036854775807,9223372036854775807],"data_offsets":[16,16]}}"#,
  ])
  func hugeTensorsAreRefused(header: String) {
    #expect(throws: ModelFileError.self) { try Self.header(file(Array(header.utf8))) }
    #expect(throws: ModelFileError.self) {
      try Self.header(file(Array(header.utf8), announced: .max))
    }
  }
}
