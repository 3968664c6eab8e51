import Foundation

/// A model folder's tensors: one file, or several that an index names, as large models are shared.
struct WeightFiles {
  static let indexName = ModelFolder.weightsName + ".index.json"

  private let folder: String
  private let single: SafetensorsFile?
  /// Which file holds each tensor, and the files.
  private let places: [String: String]
  private let shards: [String: SafetensorsFile]

  /// - Throws: `ModelFileError` for an index that is no index, names a file outside the folder, or a file that is not there.
  init(folder: String) throws(ModelFileError) {
    self.folder = folder
    let whole = folder + "/" + ModelFolder.weightsName
    let index = folder + "/" + Self.indexName
    guard !FileManager.default.fileExists(atPath: whole), FileManager.default.fileExists(atPath: index) else {
      single = try SafetensorsFile(path: whole)
      (places, shards) = ([:], [:])
      return
    }
    single = nil
    places = try Self.weightMap(index)
    var shards: [String: SafetensorsFile] = [:]
    for (tensor, name) in places.sorted(by: { $0.key < $1.key }) where shards[name] == nil {
      guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
        throw .invalidField(
          path: index, field: "weight_map of \(ModelFileError.short(tensor))", value: ModelFileError.short(name),
          expected: "the name of a file in the folder")
      }
      shards[name] = try SafetensorsFile(path: folder + "/" + name)
    }
    self.shards = shards
  }

  private static func weightMap(_ path: String) throws(ModelFileError) -> [String: String] {
    let object = try? JSONSerialization.jsonObject(with: try ModelFile.contents(of: path)) as? [String: Any]
    guard let object else { throw .invalidJSON(path: path, reason: "it is no JSON object") }
    guard let map = object["weight_map"] as? [String: String] else {
      throw .missingField(path: path, field: "weight_map")
    }
    return map
  }

  /// The file that holds a tensor.
  ///
  /// - Throws: `ModelFileError.missingTensor` where the index does not name it.
  func file(of tensor: String) throws(ModelFileError) -> SafetensorsFile {
    if let single { return single }
    guard let name = places[tensor], let shard = shards[name] else {
      throw .missingTensor(path: folder + "/" + Self.indexName, tensor: tensor)
    }
    return shard
  }
}
