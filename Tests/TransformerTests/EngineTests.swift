import Foundation
import Positions
import Testing

@testable import Transformer

/// What the engine promises beyond its numbers: the same bits for any number of threads, causality, refusals.
@Suite struct EngineTests {
  static func configuration(
    keyValueHeads: Int = 2, tied: Bool = true, biases: Bool = false
  ) -> TransformerConfiguration {
    var configuration = TransformerConfiguration(
      vocabularySize: 50, hiddenSize: 32, intermediateSize: 48, layerCount: 2, headCount: 4,
      keyValueHeadCount: keyValueHeads, tiesEmbeddings: tied, maximumPositions: 256)
    (configuration.hasAttentionBias, configuration.hasFeedForwardBias) = (biases, biases)
    return configuration
  }

  /// A model whose biases, if it has any, are not zero.
  static func model(_ configuration: TransformerConfiguration, seed: UInt64) throws -> TransformerModel {
    let model = try TransformerModel(configuration, seed: seed)
    var random = RandomStream(seed: seed + 1)
    for tensor in model.layout.tensors where tensor.name.hasSuffix(".bias") {
      let values = model.storage(of: tensor)
      for index in values.indices { values[index] = Float(random.normal()) * 0.1 }
    }
    return model
  }

  static func batch(sequences: Int, length: Int, seed: UInt64 = 1) throws -> TokenBatch {
    var random = RandomStream(seed: seed)
    let count = sequences * length
    let tokens = (0..<count).map { _ in Int32.random(in: 0..<50, using: &random) }
    let positions = (0..<count).map { Int32($0 % length + ($0 % length > length / 2 ? 70 : 0)) }
    let targets = (0..<count).map { $0 % length == length - 1 ? TokenBatch.ignored : tokens[$0 + 1] }
    return try TokenBatch(
      sequenceCount: sequences, length: length, tokens: tokens, positions: positions, targets: targets,
      vocabularySize: 50)
  }

  private func trained(threads: Int, sequences: Int = 5, length: Int = 200) throws -> [Float] {
    let model = try TransformerModel(Self.configuration(), seed: 3)
    let engine = TrainingEngine(model, threads: threads)
    for step in 1...3 {
      _ = try engine.step(Self.batch(sequences: sequences, length: length, seed: UInt64(step)), learningRate: 1e-2)
    }
    return Array(model.parameters.floats)
  }

  @Test(arguments: [2, 3, 7])
  func anyNumberOfThreadsGivesTheSameBits(threads: Int) throws {
    let (alone, together) = (try trained(threads: 1), try trained(threads: threads))
    #expect(alone.map(\.bitPattern) == together.map(\.bitPattern))
  }

  @Test func lossFallsOnARepeatedBatch() throws {
    let engine = TrainingEngine(try TransformerModel(Self.configuration(), seed: 3), threads: 1)
    let batch = try Self.batch(sequences: 4, length: 16)
    var losses: [Double] = []
    for _ in 0..<40 { losses.append(try engine.step(batch, learningRate: 1e-2).loss) }
    #expect(abs(losses[0] - log(50)) < 0.2)
    #expect(losses[39] < 0.5 * losses[0])
  }

  /// Each arrangement of heads, with and without a head of its own and biases.
  @Test(arguments: [(1, true, false), (2, false, true), (2, true, false), (4, true, true), (4, false, false)])
  func gradientsAgreeWithCentralDifferences(keyValueHeads: Int, tied: Bool, biases: Bool) throws {
    let model = try Self.model(
      Self.configuration(keyValueHeads: keyValueHeads, tied: tied, biases: biases), seed: 5)
    #expect(model.layout.tensors.contains { $0.name.hasSuffix("up_proj.bias") } == biases)
    let engine = TrainingEngine(model, threads: 1)
    let batch = try Self.batch(sequences: 3, length: 20)
    _ = engine.computeGradients(batch)
    let gradients = Array(engine.gradients.floats)
    let inference = Inference(model, threads: 2)
    var random = RandomStream(seed: 9)
    for tensor in model.layout.tensors {
      // Along a random direction the differences of a float32 loss are large enough to measure.
      let direction = (0..<tensor.count).map { _ in Float(random.normal()) }
      let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let values = model.storage(of: tensor)
      let before = Array(values)
      func loss(_ distance: Float) -> Double {
        for index in values.indices { values[index] = before[index] + distance * direction[index] / length }
        defer { _ = values.update(fromContentsOf: before) }
        return inference.run(batch).meanLoss(of: batch)
      }
      let slope = (loss(0.02) - loss(-0.02)) / 0.04
      let exact =
        zip(direction, gradients[tensor.offset..<tensor.offset + tensor.count])
        .reduce(0.0) { $0 + Double($1.0) * Double($1.1) } / Double(length)
      #expect(abs(slope - exact) < 2e-3 * max(abs(exact), 0.02), "\(tensor.name): \(slope) against \(exact)")
    }
  }

  /// Panels and blocks are dealt to whoever is free; the bits stay.
  @Test func inferenceDoesNotDependOnThreads() throws {
    let model = try TransformerModel(Self.configuration(), seed: 3)
    let batch = try Self.batch(sequences: 2, length: 700)
    let one = Inference(model, threads: 1).run(batch, wantsLogits: true)
    for threads in [2, 3, 7] {
      let many = Inference(model, threads: threads).run(batch, wantsLogits: true)
      #expect(many.losses.map(\.bitPattern) == one.losses.map(\.bitPattern))
      #expect(many.logits.map(\.bitPattern) == one.logits.map(\.bitPattern))
    }
  }

  @Test func laterTokensNeverChangeEarlierLogits() throws {
    let inference = Inference(try TransformerModel(Self.configuration(), seed: 3), threads: 1)
    let batch = try Self.batch(sequences: 1, length: 90)
    var tokens = batch.tokens
    tokens[80] = (tokens[80] + 1) % 50
    let changed = try TokenBatch(
      sequenceCount: 1, length: 90, tokens: tokens, positions: batch.positions, targets: batch.targets,
      vocabularySize: 50)
    let before = inference.run(batch, wantsLogits: true).logits
    let after = inference.run(changed, wantsLogits: true).logits
    #expect(before[..<(80 * 50)].map(\.bitPattern) == after[..<(80 * 50)].map(\.bitPattern))
    #expect(before[(80 * 50)...] != after[(80 * 50)...])
  }

  /// Only differences of positions matter to attention: sliding all of them leaves the loss where it was.
  @Test func slidingAllPositionsLeavesTheLoss() throws {
    let inference = Inference(try TransformerModel(Self.configuration(), seed: 3), threads: 1)
    let batch = try Self.batch(sequences: 2, length: 60)
    let slid = try TokenBatch(
      sequenceCount: 2, length: 60, tokens: batch.tokens, positions: batch.positions.map { $0 + 1000 },
      targets: batch.targets, vocabularySize: 50)
    #expect(abs(inference.run(batch).meanLoss(of: batch) - inference.run(slid).meanLoss(of: slid)) < 1e-5)
  }

  @Test func divergenceIsRefusedAndLeavesTheModel() throws {
    let model = try TransformerModel(Self.configuration(), seed: 3)
    let engine = TrainingEngine(model, threads: 1)
    model.parameters.base[0] = .nan
    let before = model.parameters.floats.map(\.bitPattern)
    var tokens = try Self.batch(sequences: 1, length: 8).tokens
    tokens[0] = 0
    let batch = try TokenBatch(
      sequenceCount: 1, length: 8, tokens: tokens, positions: Array(0..<8),
      targets: Array(tokens.dropFirst()) + [TokenBatch.ignored], vocabularySize: 50)
    #expect(throws: TransformerError.notFinite(quantity: "loss", step: 1)) {
      try engine.step(batch, learningRate: 1e-3)
    }
    #expect(model.parameters.floats.map(\.bitPattern) == before)
  }

  @Test func batchesThatWouldIndexOutsideAreRefused() {
    #expect(throws: TransformerError.tokenOutOfRange(token: 50, vocabulary: 50)) {
      try TokenBatch(
        sequenceCount: 1, length: 1, tokens: [50], positions: [0], targets: [0], vocabularySize: 50)
    }
    #expect(throws: TransformerError.positionOutOfRange(position: -1, limit: 1 << 22)) {
      try TokenBatch(
        sequenceCount: 1, length: 1, tokens: [0], positions: [-1], targets: [0], vocabularySize: 50)
    }
    #expect(throws: TransformerError.batchShape(sequences: 2, length: 2, tokens: 1)) {
      try TokenBatch(
        sequenceCount: 2, length: 2, tokens: [0], positions: [0], targets: [0], vocabularySize: 50)
    }
  }

  @Test func scheduleWarmsUpAndComesDown() {
    let schedule = LearningRateSchedule(peak: 1, warmupSteps: 10, totalSteps: 110, floor: 0.1)
    #expect(schedule.rate(step: 1) == 0.1)
    #expect(schedule.rate(step: 10) == 1)
    #expect(abs(schedule.rate(step: 60) - 0.55) < 1e-12)
    #expect(abs(schedule.rate(step: 110) - 0.1) < 1e-12)
    #expect(schedule.rate(step: 500) == schedule.rate(step: 110))
  }
}
