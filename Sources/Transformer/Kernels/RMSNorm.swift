/// y = w · x / √(mean(x²) + ε), a row a token (Zhang and Sennrich 2019).
enum RMSNorm {
  /// - Parameters:
  ///   - input: [tokens, width].
  ///   - weight: [width].
  ///   - output: [tokens, width], may not overlap the input.
  ///   - inverseRMS: [tokens], kept for the backward pass.
  static func forward(
    input: Matrix, weight: UnsafeMutablePointer<Float>, epsilon: Float, output: Matrix,
    inverseRMS: UnsafeMutablePointer<Float>
  ) {
    let width = input.columns
    for token in 0..<input.rows {
      let x = input.row(token)
      let scale = 1 / (dotProduct(x, x, width) / Float(width) + epsilon).squareRoot()
      inverseRMS[token] = scale
      scaled(x, by: scale, weight, width, into: output.row(token))
    }
  }

  /// The forward output again, from the kept `inverseRMS`: cheaper than keeping it for the backward pass.
  static func recompute(
    input: Matrix, weight: UnsafeMutablePointer<Float>, inverseRMS: UnsafeMutablePointer<Float>, output: Matrix
  ) {
    for token in 0..<input.rows {
      scaled(input.row(token), by: inverseRMS[token], weight, input.columns, into: output.row(token))
    }
  }

  /// Adds d loss / d input to `inputGradient` (the residual stream's gradient is already there) and
  /// d loss / d weight to `weightGradient`.
  ///
  /// With r the inverse RMS and g = dy·w: dx = r·g − r³·x·(g·x)/width; dw = Σ dy·x·r.
  static func backward(
    outputGradient: Matrix, input: Matrix, weight: UnsafeMutablePointer<Float>,
    inverseRMS: UnsafeMutablePointer<Float>, inputGradient: Matrix, weightGradient: UnsafeMutablePointer<Float>
  ) {
    let width = input.columns
    for token in 0..<input.rows {
      let dy = outputGradient.row(token)
      let x = input.row(token)
      let dx = inputGradient.row(token)
      let scale = inverseRMS[token]
      var projection = Vector.zero
      var tail: Float = 0
      var index = 0
      while index &+ 8 <= width {
        let product = dy.vector(index) * x.vector(index)
        projection = projection.addingProduct(product, weight.vector(index))
        weightGradient.store(weightGradient.vector(index).addingProduct(product, Vector(repeating: scale)), index)
        index &+= 8
      }
      while index < width {
        let product = dy[index] * x[index]
        tail += product * weight[index]
        weightGradient[index] += product * scale
        index &+= 1
      }
      let correction = -(projection.total + tail) * scale * scale * scale / Float(width)
      index = 0
      while index &+ 8 <= width {
        let direct = dy.vector(index) * weight.vector(index) * scale
        dx.store(dx.vector(index) + direct.addingProduct(x.vector(index), Vector(repeating: correction)), index)
        index &+= 8
      }
      while index < width {
        dx[index] += dy[index] * weight[index] * scale + x[index] * correction
        index &+= 1
      }
    }
  }

  @inline(__always)
  private static func scaled(
    _ x: UnsafeMutablePointer<Float>, by scale: Float, _ weight: UnsafeMutablePointer<Float>, _ width: Int,
    into y: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index &+ 8 <= width {
      y.store(x.vector(index) * scale * weight.vector(index), index)
      index &+= 8
    }
    while index < width {
      y[index] = x[index] * scale * weight[index]
      index &+= 1
    }
  }
}
