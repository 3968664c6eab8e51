extension TrainingEngine {
  /// Everything that the next steps depend on, kept in memory: parameters and AdamW's moments, each [parameters].
  public struct Moment: Equatable, Sendable {
    public let stepCount: Int
    let parameters: [Float]
    let firstMoments: [Float]
    let secondMoments: [Float]
  }

  /// Bytes that a moment takes.
  public var momentBytes: Int { 3 * model.layout.count * MemoryLayout<Float>.stride }

  /// The present, to be gone back to.
  public var moment: Moment {
    Moment(
      stepCount: stepCount, parameters: Array(model.parameters.floats), firstMoments: Array(firstMoments.floats),
      secondMoments: Array(secondMoments.floats))
  }

  /// Goes back, or forward, to a moment of this same engine: the steps after it have the same bits again.
  public func restore(_ moment: Moment) {
    for (buffer, values) in [
      (model.parameters, moment.parameters), (firstMoments, moment.firstMoments),
      (secondMoments, moment.secondMoments),
    ] {
      precondition(values.count == buffer.count, "a moment of another model")
      values.withUnsafeBufferPointer { source in
        if let start = source.baseAddress { buffer.base.update(from: start, count: source.count) }
      }
    }
    stepCount = moment.stepCount
  }

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
