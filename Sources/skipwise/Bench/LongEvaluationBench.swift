import Foundation
import Transformer

/// `bench long-eval`: one forward pass over a long sequence, beside the time that its matrix products alone would take.
struct LongEvaluationBench {
  let configuration: TransformerConfiguration
  let window: Int
  let threads: Int

  struct Result: Encodable, CustomStringConvertible {
    var window: Int
    var width: Int
    var layers: Int
    var heads: Int
    var threads: Int
    var seconds: Double
    /// The same products, of the same shapes, and nothing else.
    var productSeconds: Double
    var gemmGflops: Double
    var gflop: Double
    var peakRssMb: Double

    var description: String {
      let rate = gflop / seconds
      return """
        \(window.formatted()) tokens, width \(width), \(layers) layers, \(heads) heads, \(threads) threads
        \(BenchBatch.short(seconds)) s, \(String(format: "%.2f", seconds / productSeconds)) × the \(BenchBatch.short(productSeconds)) s of its matrix products
        \(BenchBatch.short(rate)) of \(BenchBatch.short(gemmGflops)) GFLOP/s   memory \(BenchBatch.short(peakRssMb)) MB

        """
    }
  }

  func run() throws -> Result {
    let c = configuration
    let model = try TransformerModel(c, seed: 1)
    let batch = try BenchBatch.random(c, sequences: 1, positions: Array(0..<Int32(window)))
    let inference = Inference(model, threads: threads)
    let before = productSeconds
    let start = ContinuousClock.now
    _ = inference.run(batch)
    let seconds = start.duration(to: .now).inSeconds
    return Result(
      window: window, width: c.hiddenSize, layers: c.layerCount, heads: c.headCount, threads: threads,
      seconds: seconds, productSeconds: (before + productSeconds) / 2,
      gemmGflops: ProductPeak.measured(threads: threads), gflop: products.reduce(0) { $0 + $1.gflop },
      peakRssMb: BenchBatch.peakMegabytes)
  }

  /// The products of the pass by their shapes, each as fast as OpenBLAS alone takes it.
  private var products: [(shape: ProductPeak.Shape, gflop: Double)] {
    let c = configuration
    let (n, layers) = (Double(window), Double(c.layerCount))
    func linear(_ outputs: Int, _ inputs: Int, _ times: Double) -> (ProductPeak.Shape, Double) {
      (
        ProductPeak.Shape(rows: 256, columns: outputs, inner: inputs, isTransposed: true),
        2 * n * Double(outputs * inputs) * times / 1e9
      )
    }
    // Q·Kᵀ and P·V of a causal triangle, in the blocks that suit OpenBLAS best.
    let block = (queries: 128, keys: min(window, 512))
    let triangle = n * n / 2 * Double(c.headCount * c.headDimension) * 2 * layers / 1e9
    return [
      linear(c.queryKeyValueWidth, c.hiddenSize, layers), linear(c.hiddenSize, c.attentionWidth, layers),
      linear(2 * c.intermediateSize, c.hiddenSize, layers), linear(c.hiddenSize, c.intermediateSize, layers),
      linear(c.vocabularySize, c.hiddenSize, 1),
      (
        ProductPeak.Shape(
          rows: block.queries, columns: block.keys, inner: c.headDimension, isTransposed: true), triangle
      ),
      (ProductPeak.Shape(rows: block.queries, columns: c.headDimension, inner: block.keys), triangle),
    ]
  }

  private var productSeconds: Double {
    products.reduce(0) { $0 + $1.gflop / ProductPeak.measured(threads: threads, shape: $1.shape) }
  }
}
