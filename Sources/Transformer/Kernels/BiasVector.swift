/// A bias added to every row of a linear layer's output, and its gradient.
enum BiasVector {
  /// output += bias, row by row, with bias: [columns].
  static func add(_ bias: UnsafeMutablePointer<Float>, to output: Matrix) {
    for row in 0..<output.rows { MatrixVector.add(bias, times: 1, output.columns, to: output.row(row)) }
  }

  /// gradient += Σ over rows of the output's gradient.
  static func addRows(of outputGradient: Matrix, to gradient: UnsafeMutablePointer<Float>) {
    for row in 0..<outputGradient.rows {
      MatrixVector.add(outputGradient.row(row), times: 1, outputGradient.columns, to: gradient)
    }
  }
}
