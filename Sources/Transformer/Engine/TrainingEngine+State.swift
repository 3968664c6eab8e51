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

  /// Takes on parameters, moments and the step count of a checkpoint, so that the next step is the one the saved run would
  /// have taken.
  ///
  /// - Throws: `ModelFileError` where a file is missing or of another shape; the engine is then not to be used.
  public func restore(weights: SafetensorsFile, state: SafetensorsFile, stepCount: Int) throws(ModelFileError) {
    for tensor in model.layout.tensors {
      try weights.copyFloats(tensor.name, shape: tensor.shape, into: model.storage(of: tensor))
      for (prefix, moments) in [("first.", firstMoments), ("second.", secondMoments)] {
        let place = UnsafeMutableBufferPointer(start: moments.base + tensor.offset, count: tensor.count)
        try state.copyFloats(prefix + tensor.name, shape: tensor.shape, into: place)
      }
    }
    self.stepCount = stepCount
  }
}
