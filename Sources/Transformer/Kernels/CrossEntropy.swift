import Glibc

/// Negative log-likelihood in nats of the target token, a row a token, and its gradient.
enum CrossEntropy {
  /// A target that is not counted.
  static let ignored: Int32 = -1

  /// Writes the loss of every row and, where `gradientScale` is given, replaces the logits by
  /// (softmax − one-hot)·gradientScale. Ignored rows have loss 0 and gradient 0.
  ///
  /// - Parameters:
  ///   - logits: [tokens, vocabulary].
  ///   - targets: [tokens].
  ///   - losses: [tokens].
  static func apply(
    logits: Matrix, targets: UnsafePointer<Int32>, losses: UnsafeMutablePointer<Float>, gradientScale: Float?
  ) {
    let vocabulary = logits.columns
    for token in 0..<logits.rows {
      let row = logits.row(token)
      let target = targets[token]
      guard target != ignored else {
        losses[token] = 0
        if gradientScale != nil { memset(row, 0, vocabulary * MemoryLayout<Float>.stride) }
        continue
      }
      let largest = Softmax.largest(row, vocabulary)
      let targetLogit = row[Int(target)]
      let sum = Softmax.exponentiate(row, vocabulary, minus: largest)
      losses[token] = log(sum) + largest - targetLogit
      if let gradientScale {
        Softmax.scale(row, vocabulary, by: gradientScale / sum)
        row[Int(target)] -= gradientScale
      }
    }
  }
}
