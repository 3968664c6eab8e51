/// The gated unit of Llama's MLP: y = silu(gate) · up with silu(z) = z / (1 + e^(−z)) (Shazeer 2020).
enum SwiGLU {
  /// - Parameters:
  ///   - gateUp: [tokens, 2·width], the gate in the left half and `up` in the right one.
  ///   - output: [tokens, width].
  static func forward(gateUp: Matrix, output: Matrix) {
    let width = output.columns
    for token in 0..<output.rows {
      let gate = gateUp.row(token)
      let up = gate + width
      let y = output.row(token)
      var index = 0
      while index &+ 8 <= width {
        let z = gate.vector(index)
        y.store(z * sigmoid(z) * up.vector(index), index)
        index &+= 8
      }
      while index < width {
        y[index] = gate[index] * sigmoid(Vector(repeating: gate[index]))[0] * up[index]
        index &+= 1
      }
    }
  }

  /// Overwrites `gateUp` by its gradient: d up = dy·silu(gate); d gate = dy·up·σ·(1 + gate·(1 − σ)).
  static func backward(outputGradient: Matrix, gateUp: Matrix) {
    let width = outputGradient.columns
    for token in 0..<outputGradient.rows {
      let gate = gateUp.row(token)
      let up = gate + width
      let dy = outputGradient.row(token)
      var index = 0
      while index &+ 8 <= width {
        let (dGate, dUp) = gradients(gate.vector(index), up.vector(index), dy.vector(index))
        gate.store(dGate, index)
        up.store(dUp, index)
        index &+= 8
      }
      while index < width {
        let (dGate, dUp) = gradients(
          Vector(repeating: gate[index]), Vector(repeating: up[index]), Vector(repeating: dy[index]))
        gate[index] = dGate[0]
        up[index] = dUp[0]
        index &+= 1
      }
    }
  }

  @inline(__always)
  private static func gradients(_ gate: Vector, _ up: Vector, _ dy: Vector) -> (Vector, Vector) {
    let sigma = sigmoid(gate)
    let silu = gate * sigma
    let slope = sigma + silu * (Vector(repeating: 1) - sigma)
    return (dy * up * slope, dy * silu)
  }
}
