import Foundation
import Transformer

/// `bench generate`: tokens a second with the key/value cache, beside what reading the weights alone would allow.
struct GenerationBench {
  let configuration: TransformerConfiguration
  /// Tokens in the cache when measuring ends.
  let window: Int
  let seconds: Double

  struct Result: Encodable, CustomStringConvertible {
    var width: Int
    var layers: Int
    var parameters: Int
    var window: Int
    var tokensPerSecond: Double
    /// Weights, keys and values that a token reads, in the mean.
    var bytesPerToken: Int
    /// Gigabytes a second over a block of the same size, measured in the same run.
    var readBandwidth: Double
    /// The share of that bandwidth that generation reaches.
    var utilization: Double

    var description: String {
      """
      \(parameters.formatted()) parameters, width \(width), \(layers) layers, \(window.formatted()) tokens, one thread
      \(Int(tokensPerSecond).formatted()) tokens/s, \(BenchBatch.short(Double(bytesPerToken) / 1e6)) MB a token
      \(BenchBatch.short(Double(bytesPerToken) * tokensPerSecond / 1e9)) of \(BenchBatch.short(readBandwidth)) GB/s, \(BenchBatch.short(100 * utilization)) % of the read bandwidth

      """
    }
  }

  func run() throws -> Result {
    let c = configuration
    let model = try TransformerModel(c, seed: 1)
    let cached = 2 * c.layerCount * c.keyValueHeadCount * c.headDimension * MemoryLayout<Float>.stride
    let weights = model.layout.parameterCount * MemoryLayout<Float>.stride
    let bytes = weights + cached * window / 2
    var passes: [Double] = []
    var bandwidths: [Double] = []
    let start = ContinuousClock.now
    repeat {
      bandwidths.append(ReadBandwidth.measured(bytes: bytes))
      let decoder = CachedDecoder(model, capacity: window)
      let from = ContinuousClock.now
      for index in 0..<window { try decoder.read(Int32(index % c.vocabularySize)) }
      passes.append(Double(window) / from.duration(to: .now).inSeconds)
    } while start.duration(to: .now).inSeconds < seconds
    let rate = passes.sorted()[passes.count / 2]
    let bandwidth = bandwidths.sorted()[bandwidths.count / 2]
    return Result(
      width: c.hiddenSize, layers: c.layerCount, parameters: model.layout.parameterCount, window: window,
      tokensPerSecond: rate, bytesPerToken: bytes, readBandwidth: bandwidth,
      utilization: rate * Double(bytes) / bandwidth / 1e9)
  }
}
