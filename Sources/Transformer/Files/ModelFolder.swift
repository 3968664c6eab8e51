import Foundation
import Positions

/// A model on disk as Hugging Face lays it out: `config.json` and `model.safetensors`, or several files and their index.
public enum ModelFolder {
  public static let configurationName = "config.json"
  public static let weightsName = "model.safetensors"

  /// The model's shape alone.
  ///
  /// - Throws: `ModelFileError` naming the file, field and value that cannot be used.
  public static func configuration(_ path: String) throws(ModelFileError) -> TransformerConfiguration {
    let file = path + "/" + configurationName
    return try TransformerConfiguration(json: try ModelFile.contents(of: file), path: file)
  }

  /// - Throws: `ModelFileError` naming the file, field and value that cannot be used.
  public static func load(_ path: String) throws(ModelFileError) -> TransformerModel {
    let configuration = try configuration(path)
    let files = try WeightFiles(folder: path)
    // Before any memory is taken, so that a false size in the configuration cannot ask for more than the file holds.
    for tensor in ParameterLayout(configuration).tensors {
      try files.file(of: tensor.name).floatTensor(tensor.name, shape: tensor.shape)
    }
    try refuseTooLarge(configuration, path: path)
    let model: TransformerModel
    do {
      model = try TransformerModel(zeroed: configuration)
    } catch {
      throw .invalidField(
        path: path + "/" + configurationName, field: "rope_parameters", value: configuration.scalingName,
        expected: "computable: \(error)")
    }
    for tensor in model.layout.tensors {
      let file = try files.file(of: tensor.name)
      let storage = model.storage(of: tensor)
      try file.copyFloats(tensor.name, shape: tensor.shape, into: storage)
      if let index = storage.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(path: file.path, tensor: tensor.name, index: index)
      }
    }
    return model
  }

  /// A file can hold more than memory, above all one that is mostly holes.
  private static func refuseTooLarge(
    _ configuration: TransformerConfiguration, path: String
  ) throws(ModelFileError) {
    let needed = ParameterLayout(configuration).count * MemoryLayout<Float>.stride
    let available = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    guard needed > available else { return }
    throw .tooLarge(path: path, megabytes: needed >> 20, available: available >> 20)
  }

  /// Writes both files and a README for those who load them elsewhere; each appears whole or not at all.
  public static func save(_ model: TransformerModel, to path: String) throws(ModelFileError) {
    try DurableFile.createFolder(path)
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    for tensor in model.layout.tensors {
      writer.add(tensor.name, shape: tensor.shape, floats: model.values(of: tensor))
    }
    try writer.write(to: path + "/" + weightsName)
    try DurableFile.write(model.configuration.jsonData(), to: path + "/" + configurationName)
    try DurableFile.write(Data(readme(of: model.configuration).utf8), to: path + "/README.md")
  }
}
