import Glibc

/// Causal attention of one sequence, in panels of query rows: O = softmax(Q·Kᵀ/√d)·V.
///
/// A panel of 64 queries meets all keys up to its last row at once, so scratch memory grows linearly with the sequence
/// and no T × T matrix is ever held. Which token may see which is decided by the order of the tokens alone: skipped
/// positions do not hide chunks from each other.
struct CausalAttention {
  /// Queries in a panel.
  static let panel = 64

  let headCount: Int
  let keyValueHeadCount: Int
  let headDimension: Int

  private var scale: Float { 1 / Float(headDimension).squareRoot() }

  /// Floats of scratch that a sequence of `tokens` needs, forward and backward.
  static func scratchCount(tokens: Int) -> Int { 2 * panel * paddedKeys(tokens) }

  private static func paddedKeys(_ tokens: Int) -> Int { (tokens + 15) & ~15 }

  /// The queries, keys or values of one head, as columns of the fused projection.
  private func query(_ fused: Matrix, _ head: Int) -> Matrix {
    fused.columns(head * headDimension, headDimension)
  }
  private func key(_ fused: Matrix, _ head: Int) -> Matrix {
    fused.columns((headCount + keyValueHead(head)) * headDimension, headDimension)
  }
  private func value(_ fused: Matrix, _ head: Int) -> Matrix {
    fused.columns((headCount + keyValueHeadCount + keyValueHead(head)) * headDimension, headDimension)
  }
  private func keyValueHead(_ head: Int) -> Int { head / (headCount / keyValueHeadCount) }

  /// - Parameters:
  ///   - fused: [tokens, (H + 2·H_kv)·d], rotated queries and keys, and values.
  ///   - output: [tokens, H·d].
  ///   - logSumExp: [H, tokens], kept for the backward pass.
  func forward(
    fused: Matrix, output: Matrix, logSumExp: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let tokens = fused.rows
    for head in 0..<headCount {
      let (q, k, v) = (query(fused, head), key(fused, head), value(fused, head))
      let out = output.columns(head * headDimension, headDimension)
      for first in stride(from: 0, to: tokens, by: Self.panel) {
        let rows = min(Self.panel, tokens - first)
        let keys = first + rows
        let scores = Matrix(scratch, rows, keys, stride: Self.paddedKeys(tokens))
        MatrixProduct.timesTransposed(q.rows(first, rows), k.rows(0, keys), into: scores, alpha: scale)
        for row in 0..<rows {
          let visible = first + row + 1
          let line = scores.row(row)
          let largest = Softmax.largest(line, visible)
          let sum = Softmax.exponentiate(line, visible, minus: largest)
          Softmax.scale(line, visible, by: 1 / sum)
          memset(line + visible, 0, (keys - visible) * MemoryLayout<Float>.stride)
          logSumExp[head * tokens + first + row] = largest + log(sum)
        }
        MatrixProduct.times(scores, v.rows(0, keys), into: out.rows(first, rows))
      }
    }
  }

  /// Fills `fusedGradient` with d loss / d (rotated queries and keys, values); the probabilities are computed again
  /// from `logSumExp` (Dao et al. 2022, algorithm 4, by whole rows).
  ///
  /// - Parameters:
  ///   - output, outputGradient: [tokens, H·d].
  ///   - fusedGradient: [tokens, (H + 2·H_kv)·d]; what it held is replaced.
  func backward(
    fused: Matrix, output: Matrix, outputGradient: Matrix, logSumExp: UnsafeMutablePointer<Float>,
    fusedGradient: Matrix, scratch: UnsafeMutablePointer<Float>
  ) {
    let tokens = fused.rows
    for token in 0..<tokens {
      memset(fusedGradient.row(token), 0, fusedGradient.columns * MemoryLayout<Float>.stride)
    }
    let padded = Self.paddedKeys(tokens)
    for head in 0..<headCount {
      let (q, k, v) = (query(fused, head), key(fused, head), value(fused, head))
      let (dq, dk, dv) = (query(fusedGradient, head), key(fusedGradient, head), value(fusedGradient, head))
      let out = output.columns(head * headDimension, headDimension)
      let dOut = outputGradient.columns(head * headDimension, headDimension)
      for first in stride(from: 0, to: tokens, by: Self.panel) {
        let rows = min(Self.panel, tokens - first)
        let keys = first + rows
        let probabilities = Matrix(scratch, rows, keys, stride: padded)
        let gradient = Matrix(scratch + Self.panel * padded, rows, keys, stride: padded)
        MatrixProduct.timesTransposed(q.rows(first, rows), k.rows(0, keys), into: probabilities, alpha: scale)
        MatrixProduct.timesTransposed(dOut.rows(first, rows), v.rows(0, keys), into: gradient)
        for row in 0..<rows {
          let visible = first + row + 1
          let line = probabilities.row(row)
          _ = Softmax.exponentiate(line, visible, minus: logSumExp[head * tokens + first + row])
          memset(line + visible, 0, (keys - visible) * MemoryLayout<Float>.stride)
          let weighted = dotProduct(dOut.row(first + row), out.row(first + row), headDimension)
          scoreGradient(gradient.row(row), probabilities: line, visible, weighted: weighted)
          memset(gradient.row(row) + visible, 0, (keys - visible) * MemoryLayout<Float>.stride)
        }
        MatrixProduct.transposedTimes(probabilities, dOut.rows(first, rows), into: dv.rows(0, keys), beta: 1)
        MatrixProduct.times(gradient, k.rows(0, keys), into: dq.rows(first, rows))
        MatrixProduct.transposedTimes(gradient, q.rows(first, rows), into: dk.rows(0, keys), beta: 1)
      }
    }
  }

  /// dS = P·(dP − Σ dO·O)/√d, in place of dP.
  @inline(__always)
  private func scoreGradient(
    _ gradient: UnsafeMutablePointer<Float>, probabilities: UnsafeMutablePointer<Float>, _ count: Int, weighted: Float
  ) {
    let factor = scale
    let shift = Vector(repeating: weighted)
    var index = 0
    while index &+ 8 <= count {
      gradient.store(probabilities.vector(index) * (gradient.vector(index) - shift) * factor, index)
      index &+= 8
    }
    while index < count {
      gradient[index] = probabilities[index] * (gradient[index] - weighted) * factor
      index &+= 1
    }
  }

  /// The probabilities of one head, [rows, tokens], for the given query rows: for pictures, not for training.
  func probabilities(fused: Matrix, head: Int, queries: Range<Int>, into map: Matrix) {
    let (q, k) = (query(fused, head), key(fused, head))
    MatrixProduct.timesTransposed(q.rows(queries.lowerBound, queries.count), k, into: map, alpha: scale)
    for (row, token) in queries.enumerated() {
      let line = map.row(row)
      let visible = token + 1
      let sum = Softmax.exponentiate(line, visible, minus: Softmax.largest(line, visible))
      Softmax.scale(line, visible, by: 1 / sum)
      memset(line + visible, 0, (map.columns - visible) * MemoryLayout<Float>.stride)
    }
  }
}
