extension PositionLayout {
  /// A layout of neighbouring chunks of the given lengths and skip biases, with the text in order.
  init(window: TokenWindow, lengths: [Int], biases: [Int]) {
    var start = 0
    let chunks = zip(lengths, biases).map { length, bias in
      defer { start += length }
      return Chunk(start: start, length: length, skipBias: bias)
    }
    self.init(window: window, arrangement: .chunks(chunks))
  }
}
