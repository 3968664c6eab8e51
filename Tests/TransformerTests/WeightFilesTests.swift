import Foundation
import Testing

@testable import Transformer

/// Models whose tensors are spread over several files.
@Suite struct WeightFilesTests {
  /// A folder with a model's tensors dealt to two files in turn, and an index with some places changed or taken out.
  private func inShardedFolder(
    changing changes: [String: String?] = [:], _ body: (String, TransformerModel) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shards-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = try TransformerModel(EngineTests.configuration(tied: false), seed: 4)
    try ModelFolder.save(model, to: folder)
    try FileManager.default.removeItem(atPath: folder + "/model.safetensors")
    var writers = [SafetensorsWriter(), SafetensorsWriter()]
    var map: [String: String] = [:]
    for (index, tensor) in model.layout.tensors.enumerated() {
      writers[index % 2].add(tensor.name, shape: tensor.shape, floats: model.values(of: tensor))
      map[tensor.name] = "model-\(index % 2 + 1)-of-2.safetensors"
    }
    for (index, writer) in writers.enumerated() {
      try writer.write(to: folder + "/model-\(index + 1)-of-2.safetensors")
    }
    for (tensor, place) in changes { map[tensor] = place }
    let index = try JSONSerialization.data(withJSONObject: ["metadata": ["total_size": 1], "weight_map": map])
    try index.write(to: URL(fileURLWithPath: folder + "/" + WeightFiles.indexName))
    try body(folder, model)
  }

  @Test func shardsAreReadAsOneModel() throws {
    try inShardedFolder { folder, model in
      let loaded = try ModelFolder.load(folder)
      for tensor in model.layout.tensors { #expect(loaded.values(of: tensor) == model.values(of: tensor)) }
    }
  }

  @Test func aTensorThatNoShardHoldsIsNamed() throws {
    try inShardedFolder(changing: ["model.norm.weight": nil]) { folder, _ in
      #expect(
        throws: ModelFileError.missingTensor(path: folder + "/" + WeightFiles.indexName, tensor: "model.norm.weight")
      ) { try ModelFolder.load(folder) }
    }
    // The index may also lie about where a tensor is: the head, dealt last, is in the first file if there are odd many.
    let isInFirst = try TransformerModel(EngineTests.configuration(tied: false), seed: 4).layout.tensors.count % 2 == 1
    try inShardedFolder(changing: ["lm_head.weight": "model-\(isInFirst ? 2 : 1)-of-2.safetensors"]) { folder, _ in
      let error = #expect(throws: ModelFileError.self) { try ModelFolder.load(folder) }
      #expect(error?.description.contains("has no tensor lm_head.weight") == true)
    }
  }

  @Test(arguments: ["../elsewhere.safetensors", "/etc/passwd", "", ".hidden"])
  func shardsOutsideTheFolderAreRefused(name: String) throws {
    try inShardedFolder(changing: ["lm_head.weight": name]) { folder, _ in
      let error = #expect(throws: ModelFileError.self) { try ModelFolder.load(folder) }
      #expect(error?.description.contains("the name of a file in the folder") == true)
      #expect(error?.isBadData == true)
    }
  }

  @Test func aMissingShardAndABrokenIndexAreNamed() throws {
    try inShardedFolder { folder, _ in
      try FileManager.default.removeItem(atPath: folder + "/model-2-of-2.safetensors")
      let error = #expect(throws: ModelFileError.self) { try ModelFolder.load(folder) }
      #expect(error?.description.contains("model-2-of-2.safetensors") == true)
      for (text, sentence) in [("[]", "it is no JSON object"), ("{}", "weight_map")] {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + WeightFiles.indexName))
        let error = #expect(throws: ModelFileError.self) { try ModelFolder.load(folder) }
        #expect(error?.description.contains(sentence) == true)
      }
    }
  }
}
