import Glibc

/// Causal attention of one sequence, O = softmax(Q·Kᵀ/√d)·V, a panel of queries and a block of keys at a time.
///
/// The softmax runs along: each block of keys rescales what the ones before it gave (Milakov and Gimelshein 2018; Dao et
/// al. 2022), so scratch memory does not grow with the sequence and no T × T matrix is ever held. Which token may see which is
/// decided by the order of the tokens alone: skipped positions do not hide chunks from each other.
///
/// Queries stand side by side in lanes, sixteen to a strip; keys and values are read where they lie. A strip computes at most
/// fifteen scores above the diagonal for each of its queries.
struct CausalAttention {
  /// Keys that a strip meets at once: their scores, keys and values stay in the first-level cache or close to it.
  static let keyBlock = 128
  /// Queries that go over a block of keys before the next block comes.
  static let panel = 128

  let headCount: Int
  let keyValueHeadCount: Int
  let headDimension: Int

  init(headCount: Int, keyValueHeadCount: Int, headDimension: Int) {
    self.headCount = headCount
    self.keyValueHeadCount = keyValueHeadCount
    self.headDimension = headDimension
  }

  init(_ configuration: TransformerConfiguration) {
    self.init(
      headCount: configuration.headCount, keyValueHeadCount: configuration.keyValueHeadCount,
      headDimension: configuration.headDimension)
  }

  var scale: Float { 1 / Float(headDimension).squareRoot() }

  /// Floats of scratch that one worker needs, forward, and backward where it trains.
  func scratchCount(training: Bool) -> Int {
    max(ForwardScratch.count(headDimension), training ? BackwardScratch.count(headDimension) : 0)
  }

  /// Panels of a sequence.
  static func panelCount(tokens: Int) -> Int { (tokens + panel - 1) / panel }

  /// The queries, keys or values of one head, as columns of the fused projection.
  func query(_ fused: Matrix, _ head: Int) -> Matrix {
    fused.columns(head * headDimension, headDimension)
  }
  func key(_ fused: Matrix, _ head: Int) -> Matrix {
    fused.columns((headCount + keyValueHead(head)) * headDimension, headDimension)
  }
  func value(_ fused: Matrix, _ head: Int) -> Matrix {
    fused.columns((headCount + keyValueHeadCount + keyValueHead(head)) * headDimension, headDimension)
  }
  private func keyValueHead(_ head: Int) -> Int { head / (headCount / keyValueHeadCount) }

  /// Memory of a worker's forward pass over a panel.
  private struct ForwardScratch {
    private static let strips = CausalAttention.panel / QueryStrip.width
    let base: UnsafeMutablePointer<Float>
    let dimension: Int

    static func count(_ dimension: Int) -> Int {
      (keyBlock + strips * (2 * dimension + 2)) * QueryStrip.width
    }

    /// [keys, 16]: scores, then e^(score − largest).
    var scores: UnsafeMutablePointer<Float> { base }
    private func part(_ index: Int) -> UnsafeMutablePointer<Float> {
      base + (keyBlock + index * (2 * dimension + 2)) * QueryStrip.width
    }
    /// [d, 16] of a strip: the queries by √d.
    func queries(_ strip: Int) -> UnsafeMutablePointer<Float> { part(strip) }
    /// [d, 16]: what the weights have gathered so far.
    func gathered(_ strip: Int) -> UnsafeMutablePointer<Float> { part(strip) + dimension * QueryStrip.width }
    /// [16] each: the largest score so far, and Σ e^(score − largest).
    func largest(_ strip: Int) -> UnsafeMutablePointer<Float> { part(strip) + 2 * dimension * QueryStrip.width }
    func sums(_ strip: Int) -> UnsafeMutablePointer<Float> { largest(strip) + QueryStrip.width }
  }

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
    head: Int, panel index: Int, fused: Matrix, output: Matrix, logSumExp: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let tokens = fused.rows
    let panel = index * Self.panel..<min((index + 1) * Self.panel, tokens)
    let strips = QueryStrip.strips(panel)
    let scratch = ForwardScratch(base: scratch, dimension: headDimension)
    let (q, k, v) = (query(fused, head), key(fused, head), value(fused, head))
    for index in 0..<strips {
      QueryStrip(index, of: panel).gather(q, times: scale, into: scratch.queries(index))
    }
    for start in stride(from: 0, to: panel.upperBound, by: Self.keyBlock) {
      let end = min(start + Self.keyBlock, panel.upperBound)
      for index in 0..<strips {
        let strip = QueryStrip(index, of: panel)
        let keys = strip.visibleKeys(from: start, to: end)
        guard keys > 0 else { continue }
        StripProduct.multiply(
          k.row(start), rowStep: k.stride, innerStep: 1, rows: keys, inner: headDimension, by: scratch.queries(index),
          into: scratch.scores)
        extend(strip, index, from: start, keys, scratch)
        StripProduct.multiply(
          v.row(start), rowStep: 1, innerStep: v.stride, rows: headDimension, inner: keys, by: scratch.scores,
          into: scratch.gathered(index), adding: start > 0)
      }
    }
    let out = output.columns(head * headDimension, headDimension)
    for index in 0..<strips {
      let strip = QueryStrip(index, of: panel)
      let (largest, sums) = (scratch.largest(index), scratch.sums(index))
      strip.scatter(scratch.gathered(index), times: (1 / sums.vector(0), 1 / sums.vector(8)), into: out)
      for lane in 0..<strip.count {
        logSumExp[head * tokens + strip.first + lane] = largest[lane] + log(sums[lane])
      }
    }
  }

  /// Turns the scores of a strip's next keys into e^(score − largest), with what came before brought to the same largest.
  private func extend(_ strip: QueryStrip, _ index: Int, from start: Int, _ keys: Int, _ scratch: ForwardScratch) {
    let (scores, largest, sums) = (scratch.scores, scratch.largest(index), scratch.sums(index))
    // From this row on a lane may not see the key.
    let diagonal = min(keys, max(0, strip.first + 1 - start))
    for row in diagonal..<keys {
      let line = scores + row * QueryStrip.width
      let hidden = strip.hidden(from: start + row)
      line.store(line.vector(0).replacing(with: -.infinity, where: hidden.0), 0)
      line.store(line.vector(8).replacing(with: -.infinity, where: hidden.1), 8)
    }
    var (top, top8) = (Vector(repeating: -.infinity), Vector(repeating: -.infinity))
    var (before, before8) = (top, top8)
    if start > 0 {
      (before, before8) = (largest.vector(0), largest.vector(8))
      (top, top8) = (before, before8)
    }
    var line = scores
    for _ in 0..<keys {
      let (low, high) = (line.vector(0), line.vector(8))
      top = top.replacing(with: low, where: low .> top)
      top8 = top8.replacing(with: high, where: high .> top8)
      line += QueryStrip.width
    }
    var (sum, sum8) = (Vector.zero, Vector.zero)
    line = scores
    for _ in 0..<diagonal {
      let (low, high) = (exponential(line.vector(0) - top), exponential(line.vector(8) - top8))
      line.store(low, 0)
      line.store(high, 8)
      sum += low
      sum8 += high
      line += QueryStrip.width
    }
    for row in diagonal..<keys {
      let hidden = strip.hidden(from: start + row)
      let low = exponential(line.vector(0) - top).replacing(with: 0, where: hidden.0)
      let high = exponential(line.vector(8) - top8).replacing(with: 0, where: hidden.1)
      line.store(low, 0)
      line.store(high, 8)
      sum += low
      sum8 += high
      line += QueryStrip.width
    }
    if start > 0 {
      let (shrink, shrink8) = (exponential(before - top), exponential(before8 - top8))
      sum = sum.addingProduct(sums.vector(0), shrink)
      sum8 = sum8.addingProduct(sums.vector(8), shrink8)
      var line = scratch.gathered(index)
      for _ in 0..<headDimension {
        line.store(line.vector(0) * shrink, 0)
        line.store(line.vector(8) * shrink8, 8)
        line += QueryStrip.width
      }
    }
    largest.store(top, 0)
    largest.store(top8, 8)
    sums.store(sum, 0)
    sums.store(sum8, 8)
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
