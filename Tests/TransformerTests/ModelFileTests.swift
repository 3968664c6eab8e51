import Foundation
import Positions
import Testing

@testable import Transformer

/// Files that models come in: what is read, and what is refused.
@Suite struct ModelFileTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("files-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  /// A file of a header and some bytes behind it.
  private func write(_ header: String, bytes: Int, to path: String, length: UInt64? = nil) throws {
    var data = withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Data($0) }
    data.append(Data(header.utf8))
    data.append(Data(repeating: 7, count: bytes))
    try data.write(to: URL(fileURLWithPath: path))
  }

  // MARK: - safetensors

  @Test func tensorsComeBackAsTheyWereWritten() throws {
    try inFolder { folder in
      var writer = SafetensorsWriter(metadata: ["format": "pt", "odd \"key\"": "line\nbreak"])
      writer.add("b.weight", shape: [2, 3], floats: [1, -2, 3.5, .infinity, 0, 1e-30])
      writer.add("a", shape: [2], doubles: [1.0 / 3, -7])
      writer.add("nothing", shape: [0, 4], floats: [])
      try writer.write(to: folder + "/x.safetensors")
      let file = try SafetensorsFile(path: folder + "/x.safetensors")
      #expect(file.metadata == ["format": "pt", "odd \"key\"": "line\nbreak"])
      #expect(file.tensors["b.weight"]?.shape == [2, 3])
      #expect(try file.floats("b.weight") == [1, -2, 3.5, .infinity, 0, 1e-30])
      #expect(try file.doubles("a") == [1.0 / 3, -7])
      #expect(try file.floats("nothing").isEmpty)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["x.safetensors"])
    }
  }

  @Test func aFileCutShortAnywhereIsRefused() throws {
    try inFolder { folder in
      var writer = SafetensorsWriter()
      writer.add("w", shape: [4], floats: [1, 2, 3, 4])
      try writer.write(to: folder + "/whole")
      let whole = try Data(contentsOf: URL(fileURLWithPath: folder + "/whole"))
      for count in 0..<whole.count {
        try whole.prefix(count).write(to: URL(fileURLWithPath: folder + "/cut"))
        let error = #expect(throws: ModelFileError.self) { try SafetensorsFile(path: folder + "/cut") }
        #expect(error?.description.contains(folder + "/cut") == true)
      }
    }
  }

  @Test(arguments: [
    #"{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,20]}}"#,
    #"{"w":{"dtype":"F32","shape":[4],"data_offsets":[8,24]}}"#,
    #"{"w":{"dtype":"F32","shape":[4],"data_offsets":[16,0]}}"#,
    #"{"w":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}}"#,
    #"{"w":{"dtype":"F32","shape":[4.5],"data_offsets":[0,16]}}"#,
    #"{"w":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,16]}}"#,
    #"{"w":{"dtype":"F32","shape":[4],"data_offsets":[-16,0]}}"#,
    #"{"w":{"dtype":"F32","shape":[4],"data_offsets":[9223372036854775800,9223372036854775807]}}"#,
    #"{"w":{"dtype":"Q4","shape":[4],"data_offsets":[0,16]}}"#,
    #"{"w":{"dtype":"F32","data_offsets":[0,16]}}"#,
    #"{"w":[1,2]}"#, #"[1,2]"#, #"{"w":"#, "\u{0}\u{0}\u{0}\u{0}",
    #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#,
  ])
  func headersThatContradictThemselvesAreRefused(header: String) throws {
    try inFolder { folder in
      try write(header, bytes: 16, to: folder + "/x")
      #expect(throws: ModelFileError.self) { try SafetensorsFile(path: folder + "/x") }
    }
  }

  @Test(arguments: [UInt64.max, 1 << 62, 1 << 40, 101 << 20, 500])
  func headersLongerThanTheFileAreRefused(length: UInt64) throws {
    try inFolder { folder in
      try write("{}", bytes: 16, to: folder + "/x", length: length)
      #expect(throws: ModelFileError.self) { try SafetensorsFile(path: folder + "/x") }
    }
  }

  @Test func foldersPipesAndMissingFilesAreNamed() throws {
    try inFolder { folder in
      mkfifo(folder + "/pipe", 0o600)
      for name in ["", "/pipe", "/missing"] {
        let error = #expect(throws: ModelFileError.self) { try SafetensorsFile(path: folder + name) }
        #expect(error?.description.contains("cannot read \(folder)\(name)") == true)
      }
    }
  }

  /// Every half-precision number against its definition.
  @Test func halvesConvertExactly() {
    for bits in UInt16.min...UInt16.max {
      let value = SafetensorsFile.float(half: bits)
      let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 1023))
      let sign = bits >> 15 == 0 ? 1.0 : -1.0
      let magnitude =
        exponent == 0 ? fraction / 1024 * pow(2, -14) : (1 + fraction / 1024) * pow(2, Double(exponent - 15))
      if exponent == 31 {
        #expect(fraction == 0 ? value == Float(sign) * .infinity : value.isNaN)
      } else {
        #expect(Double(value) == sign * magnitude)
      }
    }
  }

  // MARK: - config.json

  private static var minimal: [String: Any] {
    [
      "architectures": ["LlamaForCausalLM"], "vocab_size": 256, "hidden_size": 64, "intermediate_size": 176,
      "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 512,
    ]
  }

  private func configuration(_ changes: [String: Any] = [:]) throws -> TransformerConfiguration {
    let object = Self.minimal.merging(changes) { $1 }
    return try TransformerConfiguration(json: JSONSerialization.data(withJSONObject: object), path: "config.json")
  }

  @Test func whatIsLeftOutHasTransformersDefaults() throws {
    let read = try configuration()
    #expect(read.keyValueHeadCount == 4 && read.headDimension == 16 && read.normEpsilon == 1e-6)
    #expect(!read.tiesEmbeddings && read.scaling.base == 10_000 && read.scalingName == "none")
    #expect(read.scaling.originalWindow == 512)
  }

  @Test func bothSpellingsOfScalingMeanTheSame() throws {
    let settings: [String: Any] = ["factor": 8.0, "original_max_position_embeddings": 64, "beta_fast": 16]
    let newer = try configuration([
      "rope_parameters": settings.merging(["rope_type": "yarn", "rope_theta": 5000.0]) { $1 }
    ])
    for key in ["rope_type", "type"] {
      let older = try configuration(["rope_theta": 5000.0, "rope_scaling": settings.merging([key: "yarn"]) { $1 }])
      #expect(older == newer)
    }
    #expect(newer.scalingName == "yarn" && newer.scaling.base == 5000 && newer.scaling.betaFast == 16)
    #expect(newer.scaling.originalWindow == 64)
  }

  @Test(arguments: [
    ("hidden_size", "0"), ("hidden_size", "-64"), ("hidden_size", "64.5"), ("hidden_size", "\"64\""),
    ("hidden_size", "true"), ("hidden_size", "1e30"), ("vocab_size", "null"), ("num_hidden_layers", "[]"),
    ("num_key_value_heads", "3"), ("head_dim", "15"), ("rms_norm_eps", "-1"), ("rms_norm_eps", "\"x\""),
    ("model_type", "\"gpt2\""), ("architectures", "[\"MistralForCausalLM\"]"), ("hidden_act", "\"gelu\""),
    ("tie_word_embeddings", "1"),
    ("quantization_config", "{}"), ("sliding_window", "128"), ("rope_parameters", "{\"rope_type\":\"mystery\"}"),
    ("rope_parameters", "{\"rope_type\":\"linear\"}"), ("rope_parameters", "{\"rope_type\":\"linear\",\"factor\":0.5}"),
    ("rope_scaling", "7"), ("skipwise", "{\"scaling\":\"mystery\"}"),
  ])
  func fieldsThatCannotBeComputedAreNamed(field: String, value: String) throws {
    let json = try JSONSerialization.data(withJSONObject: Self.minimal.filter { $0.key != field })
    let text = String(decoding: json, as: UTF8.self).dropLast() + ",\"\(field)\":\(value)}"
    let error = #expect(throws: ModelFileError.self) {
      try TransformerConfiguration(json: Data(text.utf8), path: "config.json")
    }
    let sentence = error?.description ?? ""
    #expect(sentence.contains("config.json") && !sentence.contains("\n"))
    // A nested object's field is named in place of the object.
    #expect(sentence.contains(field) || sentence.contains("factor"))
  }

  @Test(arguments: ["vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads"])
  func missingFieldsAreNamed(field: String) throws {
    let json = try JSONSerialization.data(withJSONObject: Self.minimal.filter { $0.key != field })
    #expect(throws: ModelFileError.missingField(path: "config.json", field: field)) {
      try TransformerConfiguration(json: json, path: "config.json")
    }
  }

  @Test(arguments: ["", "{", "[]", "7", "\u{0}"])
  func whatIsNotAnObjectIsRefused(text: String) {
    #expect(throws: ModelFileError.self) {
      try TransformerConfiguration(json: Data(text.utf8), path: "config.json")
    }
  }

  @Test(arguments: ScalingRegistry.names)
  func everyScalingComesBackAsItWasWritten(name: String) throws {
    var configuration = try configuration()
    configuration.scalingName = name
    configuration.scaling.factor = name == "none" ? 1 : 8
    configuration.scaling.originalWindow = 128
    configuration.maximumPositions = 1024
    #expect(try TransformerConfiguration(json: configuration.jsonData(), path: "config.json") == configuration)
  }

  @Test(arguments: [true, false])
  func aModelIsSavedAndLoadedBitForBit(biases: Bool) throws {
    try inFolder { folder in
      let model = try EngineTests.model(EngineTests.configuration(tied: false, biases: biases), seed: 4)
      try ModelFolder.save(model, to: folder + "/m")
      let loaded = try ModelFolder.load(folder + "/m")
      #expect(loaded.configuration == model.configuration)
      for tensor in model.layout.tensors { #expect(loaded.values(of: tensor) == model.values(of: tensor)) }
    }
  }

  @Test func whatCannotBeWrittenIsNamed() throws {
    let model = try TransformerModel(EngineTests.configuration(), seed: 4)
    let error = #expect(throws: ModelFileError.self) { try ModelFolder.save(model, to: "/proc/nothing/here") }
    #expect(error?.isBadData == false)
    #expect(error?.description.contains("/proc/nothing/here") == true)
  }
}
