import Glibc

extension CausalAttention {
  /// Queries of a panel and keys of a block while going backward: a tile of probabilities and one of their gradients stay in
  /// the first-level cache.
  fileprivate static let tile = 64

  /// Memory of a worker's backward pass over a panel.
  struct BackwardScratch {
    private static let strips = tile / QueryStrip.width
    let base: UnsafeMutablePointer<Float>
    let dimension: Int

    /// A head's columns, rounded up to whole strips.
    var columns: Int { Self.columns(dimension) }
    private static func columns(_ dimension: Int) -> Int {
      (dimension + QueryStrip.width - 1) / QueryStrip.width * QueryStrip.width
    }

    static func count(_ dimension: Int) -> Int {
      2 * tile * tile + 3 * tile * columns(dimension) + strips * (3 * dimension + 2) * QueryStrip.width
    }

    /// [keys, queries]: e^(score − log Σ e^score), and P·(dP − Σ dO·O).
    var probabilities: UnsafeMutablePointer<Float> { base }
    var gradients: UnsafeMutablePointer<Float> { base + tile * tile }
    /// [queries, columns], the queries by √d and the output's gradient as rows; [keys, columns], a sum before it is added.
    var queryRows: UnsafeMutablePointer<Float> { base + 2 * tile * tile }
    var gradientRows: UnsafeMutablePointer<Float> { queryRows + tile * columns }
    var sum: UnsafeMutablePointer<Float> { gradientRows + tile * columns }

    private func part(_ index: Int) -> UnsafeMutablePointer<Float> {
      sum + tile * columns + index * (3 * dimension + 2) * QueryStrip.width
    }
    /// [d, 16] each of a strip.
    func queries(_ strip: Int) -> UnsafeMutablePointer<Float> { part(strip) }
    func outputGradients(_ strip: Int) -> UnsafeMutablePointer<Float> { part(strip) + dimension * QueryStrip.width }
    func queryGradients(_ strip: Int) -> UnsafeMutablePointer<Float> { part(strip) + 2 * dimension * QueryStrip.width }
    /// [16] each: log Σ e^score, and Σ dO·O.
    func logSums(_ strip: Int) -> UnsafeMutablePointer<Float> { part(strip) + 3 * dimension * QueryStrip.width }
    func weighted(_ strip: Int) -> UnsafeMutablePointer<Float> { logSums(strip) + QueryStrip.width }
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
    for token in 0..<fused.rows {
      memset(fusedGradient.row(token), 0, fusedGradient.columns * MemoryLayout<Float>.stride)
    }
    for head in 0..<headCount {
      let columns = head * headDimension
      let part = HeadBackward(
        q: query(fused, head), k: key(fused, head), v: value(fused, head),
        dq: query(fusedGradient, head), dk: key(fusedGradient, head), dv: value(fusedGradient, head),
        out: output.columns(columns, headDimension), dOut: outputGradient.columns(columns, headDimension),
        logSumExp: logSumExp + head * fused.rows, scale: scale,
        scratch: BackwardScratch(base: scratch, dimension: headDimension))
      for first in stride(from: 0, to: fused.rows, by: Self.tile) {
        part.run(first..<min(first + Self.tile, fused.rows))
      }
    }
  }
}

/// One head's backward pass.
private struct HeadBackward {
  let q: Matrix
  let k: Matrix
  let v: Matrix
  let dq: Matrix
  let dk: Matrix
  let dv: Matrix
  let out: Matrix
  let dOut: Matrix
  let logSumExp: UnsafeMutablePointer<Float>
  let scale: Float
  let scratch: CausalAttention.BackwardScratch

  private let tile = CausalAttention.tile
  private var dimension: Int { q.columns }

  init(
    q: Matrix, k: Matrix, v: Matrix, dq: Matrix, dk: Matrix, dv: Matrix, out: Matrix, dOut: Matrix,
    logSumExp: UnsafeMutablePointer<Float>, scale: Float, scratch: CausalAttention.BackwardScratch
  ) {
    (self.q, self.k, self.v, self.dq, self.dk, self.dv) = (q, k, v, dq, dk, dv)
    (self.out, self.dOut, self.logSumExp, self.scale, self.scratch) = (out, dOut, logSumExp, scale, scratch)
  }

  /// A panel of queries with all keys that they see.
  func run(_ panel: Range<Int>) {
    let strips = QueryStrip.strips(panel)
    prepare(panel, strips)
    for start in stride(from: 0, to: panel.upperBound, by: tile) {
      let end = min(start + tile, panel.upperBound)
      for index in 0..<strips { meet(start, end, QueryStrip(index, of: panel), index) }
      // Of a tile on the diagonal the queries before a key are left out, sixteen at a time.
      let isDiagonal = end > panel.lowerBound
      let step = isDiagonal ? QueryStrip.width : end - start
      for first in stride(from: start, to: end, by: step) {
        let keys = min(step, end - first)
        let skipped = isDiagonal ? first - panel.lowerBound : 0
        gather(scratch.probabilities, scratch.gradientRows, first - start, keys, skipped, panel.count)
        add(to: dv.rows(first, keys))
        gather(scratch.gradients, scratch.queryRows, first - start, keys, skipped, panel.count)
        add(to: dk.rows(first, keys))
      }
    }
    let factors = (Vector(repeating: scale), Vector(repeating: scale))
    for index in 0..<strips {
      QueryStrip(index, of: panel).scatter(scratch.queryGradients(index), times: factors, into: dq)
    }
  }

  /// Packs the panel's queries and output gradients, as strips and as rows, and takes Σ dO·O.
  private func prepare(_ panel: Range<Int>, _ strips: Int) {
    let columns = scratch.columns
    for index in 0..<strips {
      let strip = QueryStrip(index, of: panel)
      strip.gather(q, times: scale, into: scratch.queries(index))
      strip.gather(dOut, into: scratch.outputGradients(index))
      let (logSums, weighted) = (scratch.logSums(index), scratch.weighted(index))
      for lane in 0..<QueryStrip.width {
        let token = strip.first + lane
        let exists = lane < strip.count
        // A lane without a query has scores of 0: e^(0 − ∞) is as good as nothing, and is never used.
        logSums[lane] = exists ? logSumExp[token] : .infinity
        weighted[lane] = exists ? dotProduct(dOut.row(token), out.row(token), dimension) : 0
      }
    }
    for (row, token) in panel.enumerated() {
      let (queries, gradients) = (scratch.queryRows + row * columns, scratch.gradientRows + row * columns)
      for index in 0..<columns {
        queries[index] = index < dimension ? q.row(token)[index] * scale : 0
        gradients[index] = index < dimension ? dOut.row(token)[index] : 0
      }
    }
  }

  /// A strip with a block of keys: probabilities, their gradients, and what these give the queries.
  private func meet(_ start: Int, _ end: Int, _ strip: QueryStrip, _ index: Int) {
    let keys = strip.visibleKeys(from: start, to: end)
    let probabilities = scratch.probabilities + index * QueryStrip.width
    let gradients = scratch.gradients + index * QueryStrip.width
    if keys > 0 {
      StripProduct.multiply(
        k.row(start), rowStep: k.stride, innerStep: 1, rows: keys, inner: dimension, by: scratch.queries(index),
        into: probabilities, cStride: tile)
      StripProduct.multiply(
        v.row(start), rowStep: v.stride, innerStep: 1, rows: keys, inner: dimension,
        by: scratch.outputGradients(index), into: gradients, cStride: tile)
      differentiate(probabilities, gradients, keys, strip, index, from: start)
      StripProduct.multiply(
        k.row(start), rowStep: 1, innerStep: k.stride, rows: dimension, inner: keys, by: gradients, stride: tile,
        into: scratch.queryGradients(index), adding: start > 0)
    }
    // Keys that the strip does not see, but others of the panel do.
    for row in keys..<end - start {
      for line in [probabilities + row * tile, gradients + row * tile] {
        line.store(.zero, 0)
        line.store(.zero, 8)
      }
    }
  }

  /// P = e^(score − log Σ e^score) and dS = P·(dP − Σ dO·O), in place of scores and of dP.
  private func differentiate(
    _ probabilities: UnsafeMutablePointer<Float>, _ gradients: UnsafeMutablePointer<Float>, _ keys: Int,
    _ strip: QueryStrip, _ index: Int, from start: Int
  ) {
    let (logSums, weighted) = (scratch.logSums(index), scratch.weighted(index))
    let (shift, shift8) = (logSums.vector(0), logSums.vector(8))
    let (mean, mean8) = (weighted.vector(0), weighted.vector(8))
    for row in 0..<keys {
      let (line, slope) = (probabilities + row &* tile, gradients + row &* tile)
      var (low, high) = (exponential(line.vector(0) - shift), exponential(line.vector(8) - shift8))
      if start &+ row > strip.first {
        let hidden = strip.hidden(from: start &+ row)
        low = low.replacing(with: 0, where: hidden.0)
        high = high.replacing(with: 0, where: hidden.1)
      }
      line.store(low, 0)
      line.store(high, 8)
      slope.store(low * (slope.vector(0) - mean), 0)
      slope.store(high * (slope.vector(8) - mean8), 8)
    }
  }

  /// The sum over queries of weight × row, for keys `first ..< first + keys` of the tile.
  ///
  /// - Parameters:
  ///   - weights: [keys, queries].
  ///   - rows: [queries, columns].
  ///   - skipped: queries at the panel's start that see none of the keys.
  private func gather(
    _ weights: UnsafeMutablePointer<Float>, _ rows: UnsafeMutablePointer<Float>, _ first: Int, _ keys: Int,
    _ skipped: Int, _ queries: Int
  ) {
    let columns = scratch.columns
    for column in stride(from: 0, to: columns, by: QueryStrip.width) {
      StripProduct.multiply(
        weights + first * tile + skipped, rowStep: tile, innerStep: 1, rows: keys, inner: queries - skipped,
        by: rows + skipped * columns + column, stride: columns, into: scratch.sum + column, cStride: columns)
    }
  }

  private func add(to target: Matrix) {
    for row in 0..<target.rows {
      MatrixVector.add(scratch.sum + row * scratch.columns, times: 1, dimension, to: target.row(row))
    }
  }
}
