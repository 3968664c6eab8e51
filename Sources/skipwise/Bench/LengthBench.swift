import Foundation
import Positions
import Transformer

/// `bench pose-vs-full`: what a step costs as the target grows, with PoSE on windows of L tokens and with full length.
struct LengthBench {
  let configuration: TransformerConfiguration
  /// L.
  let window: Int
  let batch: Int
  let threads: Int
  let seconds: Double
  /// T / L of the steps of PoSE.
  var poseFactors = [1, 8, 16, 64]
  /// T / L of the steps of full length.
  var fullFactors = [8, 16]
  /// Full length is left out where it would hold more than this.
  var megabyteLimit = Double.infinity

  struct Row: Encodable, CustomStringConvertible {
    var method: String
    var window: Int
    var target: Int
    /// Sequences in a step.
    var batch: Int
    var stepMs: Double
    var exampleMs: Double
    /// What the engine holds for it: parameters, gradients, moments, activations.
    var memoryMb: Double

    var description: String {
      let name = method.padding(toLength: 5, withPad: " ", startingAt: 0)
      return
        "\(name) T \(target.formatted())  \(batch) sequences a step: \(BenchBatch.short(stepMs)) ms a step, "
        + "\(String(format: "%.2f", exampleMs)) ms an example, \(BenchBatch.short(memoryMb)) MB\n"
    }
  }

  func run() throws -> [Row] {
    var engines: [(factor: Int, engine: TrainingEngine, batch: TokenBatch, times: [Double])] = []
    for factor in poseFactors {
      let model = try TransformerModel(configuration, seed: 1)
      let target = try TokenWindow(training: window, target: factor * window)
      let sampler = try SkipWiseSampler(SamplerSettings(window: target, chunkCount: window > 1 ? 2 : 1))
      let positions = sampler.layout(seed: 1, example: 0).positions.map(Int32.init)
      engines.append(
        (
          factor, TrainingEngine(model, threads: threads),
          try BenchBatch.random(configuration, sequences: batch, positions: positions), []
        ))
    }
    // Turn by turn, so that what else the machine does falls on all alike.
    let rounds = max(3, Int(seconds / 0.5))
    for round in 0..<rounds + 2 {
      for index in engines.indices where !Interrupt.isRequested {
        let time = try step(engines[index].engine, engines[index].batch)
        if round >= 2 { engines[index].times.append(time) }
      }
      Output.progress("round \(round + 1) of \(rounds + 2)")
    }
    Output.endProgress()
    let pose = engines.map { engine in
      row("pose", engine.factor, batch, engine.times, length: window)
    }
    return pose + (try fullFactors.filter { megabytes(length: $0 * window) <= megabyteLimit }.map(full))
  }

  /// Full length, one lane's sequences of T tokens.
  private func full(_ factor: Int) throws -> Row {
    let length = factor * window
    let sequences = TrainingEngine.laneCount
    let model = try TransformerModel(configuration, seed: 1)
    let engine = TrainingEngine(model, threads: threads)
    let tokens = try BenchBatch.random(configuration, sequences: sequences, positions: Array(0..<Int32(length)))
    _ = try step(engine, tokens)
    return row("full", factor, sequences, try (0..<3).map { _ in try step(engine, tokens) }, length: length)
  }

  private func step(_ engine: TrainingEngine, _ batch: TokenBatch) throws -> Double {
    let start = ContinuousClock.now
    _ = try engine.step(batch, learningRate: 1e-3)
    return start.duration(to: .now).inSeconds
  }

  private func row(_ method: String, _ factor: Int, _ sequences: Int, _ times: [Double], length: Int) -> Row {
    let median = times.sorted()[times.count / 2]
    return Row(
      method: method, window: window, target: factor * window, batch: sequences, stepMs: 1000 * median,
      exampleMs: 1000 * median / Double(sequences),
      memoryMb: megabytes(length: length))
  }

  private func megabytes(length: Int) -> Double {
    Double(TrainingEngine.bytesNeeded(configuration, length: length)) / 1e6
  }
}
