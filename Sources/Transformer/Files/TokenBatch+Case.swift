extension TokenBatch {
  /// The batch of a checking case: `input_ids`, `position_ids` and `labels`, each [sequences, length].
  ///
  /// A label belongs to the token before it, as in Hugging Face's models; −100 is ignored.
  ///
  /// - Throws: `ModelFileError` for a tensor that is missing or misshapen, `TransformerError` for a value out of range.
  public init(case file: SafetensorsFile, vocabularySize: Int) throws {
    let shape = file.tensors["input_ids"]?.shape ?? []
    guard shape.count == 2 else {
      guard !shape.isEmpty else { throw ModelFileError.missingTensor(path: file.path, tensor: "input_ids") }
      throw ModelFileError.unexpectedShape(path: file.path, tensor: "input_ids", shape: shape, expected: [0, 0])
    }
    let (sequences, length) = (shape[0], shape[1])
    let tokens = try file.integers("input_ids", shape: shape)
    let positions = try file.integers("position_ids", shape: shape)
    let labels = try file.integers("labels", shape: shape)
    var targets = [Int32](repeating: TokenBatch.ignored, count: tokens.count)
    for index in tokens.indices where (index + 1) % length != 0 && labels[index + 1] != -100 {
      targets[index] = Int32(clamping: labels[index + 1])
    }
    try self.init(
      sequenceCount: sequences, length: length, tokens: tokens.map { Int32(clamping: $0) },
      positions: positions.map { Int32(clamping: $0) }, targets: targets, vocabularySize: vocabularySize)
  }
}
