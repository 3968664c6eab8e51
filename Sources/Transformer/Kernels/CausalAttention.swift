import Glibc

/// Causal attention of one sequence, O = softmax(Q·Kᵀ/√d)·V, a block of query rows and of keys at a time.
///
/// The softmax runs along: each block of keys rescales what the ones before it gave (Milakov and Gimelshein 2018; Dao et
/// al. 2022), so scratch memory does not grow with the sequence and no T × T matrix is ever held. Which token may see which is
/// decided by the order of the tokens alone: skipped positions do not hide chunks from each other.
struct CausalAttention {
  /// Keys that a panel of queries meets at once: the scores stay in the second-level cache.
  static let keyBlock = 512
  /// Queries in a panel. Every panel packs the keys and values anew, so long sequences have larger ones; in short ones they
  /// would compute too much above the diagonal.
  static func panel(tokens: Int) -> Int { tokens > 2 * keyBlock ? 128 : 64 }

  let headCount: Int
  let keyValueHeadCount: Int
  let headDimension: Int

  private var scale: Float { 1 / Float(headDimension).squareRoot() }

  /// Floats of scratch that one worker needs for sequences of `tokens`, forward and backward.
  static func scratchCount(tokens: Int) -> Int { 2 * panel(tokens: tokens) * (paddedKeys(tokens) + 1) }

  private static func paddedKeys(_ tokens: Int) -> Int { (min(tokens, keyBlock) + 15) & ~15 }

  /// Panels of a sequence.
  static func panelCount(tokens: Int) -> Int { (tokens + panel(tokens: tokens) - 1) / panel(tokens: tokens) }

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

  /// All heads of a sequence.
  ///
  /// - Parameters:
  ///   - fused: [tokens, (H + 2·H_kv)·d], rotated queries and keys, and values.
  ///   - output: [tokens, H·d].
  ///   - logSumExp: [H, tokens], kept for the backward pass.
  func forward(
    fused: Matrix, output: Matrix, logSumExp: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    for head in 0..<headCount {
      for panel in 0..<Self.panelCount(tokens: fused.rows) {
        forward(head: head, panel: panel, fused: fused, output: output, logSumExp: logSumExp, scratch: scratch)
      }
    }
  }

  /// One head's panel of queries; panels write disjoint rows, so any worker may take any of them.
  func forward(
    head: Int, panel: Int, fused: Matrix, output: Matrix, logSumExp: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let tokens = fused.rows
    let size = Self.panel(tokens: tokens)
    let first = panel * size
    let rows = min(size, tokens - first)
    let padded = Self.paddedKeys(tokens)
    let q = query(fused, head).rows(first, rows)
    let (k, v) = (key(fused, head), value(fused, head))
    let out = output.columns(head * headDimension, headDimension).rows(first, rows)
    // Of each row: the largest score so far, and Σ e^(score − largest).
    let largest = scratch + 2 * size * padded
    let sums = largest + size
    for start in stride(from: 0, to: first + rows, by: Self.keyBlock) {
      let keys = min(Self.keyBlock, first + rows - start)
      let scores = Matrix(scratch, rows, keys, stride: padded)
      MatrixProduct.timesTransposed(q, k.rows(start, keys), into: scores, alpha: scale)
      for row in 0..<rows {
        let visible = min(keys, first + row + 1 - start)
        let line = scores.row(row)
        if visible > 0 {
          extend(row, by: line, visible, isFirst: start == 0, largest, sums, out)
        }
        let hidden = max(visible, 0)
        memset(line + hidden, 0, (keys - hidden) * MemoryLayout<Float>.stride)
      }
      MatrixProduct.times(scores, v.rows(start, keys), into: out, beta: start == 0 ? 0 : 1)
    }
    for row in 0..<rows {
      Softmax.scale(out.row(row), headDimension, by: 1 / sums[row])
      logSumExp[head * tokens + first + row] = largest[row] + log(sums[row])
    }
  }

  /// Turns a row's next scores into e^(score − largest), with what came before brought to the same largest.
  @inline(__always)
  private func extend(
    _ row: Int, by line: UnsafeMutablePointer<Float>, _ visible: Int, isFirst: Bool,
    _ largest: UnsafeMutablePointer<Float>, _ sums: UnsafeMutablePointer<Float>, _ out: Matrix
  ) {
    var top = Softmax.largest(line, visible)
    guard !isFirst else {
      largest[row] = top
      sums[row] = Softmax.exponentiate(line, visible, minus: top)
      return
    }
    if top > largest[row] {
      let shrink = exp(largest[row] - top)
      sums[row] *= shrink
      Softmax.scale(out.row(row), headDimension, by: shrink)
      largest[row] = top
    }
    top = largest[row]
    sums[row] += Softmax.exponentiate(line, visible, minus: top)
  }

  /// Fills `fusedGradient` with d loss / d (rotated queries and keys, values); the probabilities are computed again
  /// from `logSumExp` (Dao et al. 2022, algorithm 4).
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
    // Σ dO·O of each row of the panel.
    let size = Self.panel(tokens: tokens)
    let weighted = scratch + 2 * size * padded
    for head in 0..<headCount {
      let (q, k, v) = (query(fused, head), key(fused, head), value(fused, head))
      let (dq, dk, dv) = (query(fusedGradient, head), key(fusedGradient, head), value(fusedGradient, head))
      let out = output.columns(head * headDimension, headDimension)
      let dOut = outputGradient.columns(head * headDimension, headDimension)
      for first in stride(from: 0, to: tokens, by: size) {
        let rows = min(size, tokens - first)
        for row in 0..<rows {
          weighted[row] = dotProduct(dOut.row(first + row), out.row(first + row), headDimension)
        }
        for start in stride(from: 0, to: first + rows, by: Self.keyBlock) {
          let keys = min(Self.keyBlock, first + rows - start)
          let probabilities = Matrix(scratch, rows, keys, stride: padded)
          let gradient = Matrix(scratch + size * padded, rows, keys, stride: padded)
          MatrixProduct.timesTransposed(q.rows(first, rows), k.rows(start, keys), into: probabilities, alpha: scale)
          MatrixProduct.timesTransposed(dOut.rows(first, rows), v.rows(start, keys), into: gradient)
          for row in 0..<rows {
            let visible = max(0, min(keys, first + row + 1 - start))
            let line = probabilities.row(row)
            _ = Softmax.exponentiate(line, visible, minus: logSumExp[head * tokens + first + row])
            memset(line + visible, 0, (keys - visible) * MemoryLayout<Float>.stride)
            scoreGradient(gradient.row(row), probabilities: line, visible, weighted: weighted[row])
            memset(gradient.row(row) + visible, 0, (keys - visible) * MemoryLayout<Float>.stride)
          }
          MatrixProduct.transposedTimes(probabilities, dOut.rows(first, rows), into: dv.rows(start, keys), beta: 1)
          MatrixProduct.times(gradient, k.rows(start, keys), into: dq.rows(first, rows), beta: start == 0 ? 0 : 1)
          MatrixProduct.transposedTimes(gradient, q.rows(first, rows), into: dk.rows(start, keys), beta: 1)
        }
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
