import Foundation
import Positions
import Transformer

/// `bench train`: optimizer steps of a fresh model on random tokens.
struct TrainBench {
  let configuration: TransformerConfiguration
  let window: Int
  let batch: Int
  let threads: Int
  let seconds: Double

  struct Result: Encodable, CustomStringConvertible {
    struct Model: Encodable {
      var layers: Int
      var width: Int
      var heads: Int
      var hidden: Int
      var vocabulary: Int
      var parameters: Int
    }
    struct Times: Encodable {
      var min: Double
      var median: Double
      var p95: Double
    }

    var model: Model
    var batch: Int
    var window: Int
    var threads: Int
    var steps: Int
    var tokensPerSecond: Double
    var stepMs: Times
    /// Of OpenBLAS on as many threads, measured between the steps.
    var gemmGflops: Double
    var flopsPerToken: Double
    /// Useful floating-point operations a second over `gemmGflops`.
    var utilization: Double
    var peakRssMb: Double

    var description: String {
      let shape =
        "width \(model.width), \(model.layers) layers, \(model.heads) heads, \(model.parameters.formatted()) parameters"
      return """
        \(shape); \(batch) × \(window) tokens a step, \(threads) threads, \(steps) steps
        \(Int(tokensPerSecond).formatted()) tokens/s   step \(BenchBatch.short(stepMs.median)) ms, least \(BenchBatch.short(stepMs.min)), p95 \(BenchBatch.short(stepMs.p95))
        \(BenchBatch.short(tokensPerSecond * flopsPerToken / 1e9)) of \(BenchBatch.short(gemmGflops)) GFLOP/s: \(BenchBatch.short(100 * utilization)) % of OpenBLAS' peak   memory \(BenchBatch.short(peakRssMb)) MB

        """
    }
  }

  func run() throws -> Result {
    let model = try TransformerModel(configuration, seed: 1)
    let engine = TrainingEngine(model, threads: threads)
    let tokens = try BenchBatch.random(configuration, sequences: batch, positions: Array(0..<Int32(window)))
    for _ in 0..<3 { _ = try engine.step(tokens, learningRate: 1e-3) }
    var times: [Double] = []
    var peaks = [ProductPeak.measured(threads: threads)]
    let clock = ContinuousClock()
    // In blocks with the machine's peak between them: what else runs here slows both alike.
    while times.reduce(0, +) < seconds, !Interrupt.isRequested {
      let end = clock.now + .seconds(1)
      repeat {
        let start = clock.now
        _ = try engine.step(tokens, learningRate: 1e-3)
        times.append(start.duration(to: clock.now).inSeconds)
      } while clock.now < end
      peaks.append(ProductPeak.measured(threads: threads))
      Output.progress("\(times.count) steps")
    }
    Output.endProgress()
    return result(times.sorted(), peak: peaks.sorted()[peaks.count / 2], model)
  }

  private func result(_ times: [Double], peak: Double, _ model: TransformerModel) -> Result {
    let median = times[times.count / 2]
    let parameters = model.layout.parameterCount
    let flops = configuration.operationsPerToken(length: window, parameters: parameters)
    let rate = Double(batch * window) / median
    return Result(
      model: Result.Model(
        layers: configuration.layerCount, width: configuration.hiddenSize, heads: configuration.headCount,
        hidden: configuration.intermediateSize, vocabulary: configuration.vocabularySize, parameters: parameters),
      batch: batch, window: window, threads: threads, steps: times.count, tokensPerSecond: rate,
      stepMs: Result.Times(
        min: 1000 * times[0], median: 1000 * median, p95: 1000 * times[min(times.count - 1, times.count * 95 / 100)]),
      gemmGflops: peak, flopsPerToken: flops, utilization: rate * flops / 1e9 / peak,
      peakRssMb: BenchBatch.peakMegabytes)
  }
}
