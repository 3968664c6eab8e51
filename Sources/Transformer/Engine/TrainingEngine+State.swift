extension TrainingEngine {
  /// Writes AdamW's moments, `first.<parameter>` and `second.<parameter>`.
  ///
  /// - Throws: `ModelFileError.unwritable`.
  public func saveState(to path: String) throws(ModelFileError) {
    var writer = SafetensorsWriter()
    for (prefix, moments) in [("first.", firstMoments), ("second.", secondMoments)] {
      for tensor in model.layout.tensors {
        writer.add(
          prefix + tensor.name, shape: tensor.shape,
          floats: Array(UnsafeBufferPointer(start: moments.base + tensor.offset, count: tensor.count)))
      }
    }
    try writer.write(to: path)
  }
}
