import Foundation
import Positions
import Testing

@testable import Transformer

/// Reading token by token with a cache, against whole passes.
@Suite struct CachedDecoderTests {
  /// The logits of each token are those of a pass over everything up to it.
  @Test(arguments: [1, 2, 4], ["none", "yarn", "dynamic"])
  func agreesWithWholePasses(keyValueHeads: Int, scaling: String) throws {
    let model = try EngineTests.model(
      EngineTests.configuration(keyValueHeads: keyValueHeads, tied: false, biases: keyValueHeads == 2), seed: 8)
    var settings = model.configuration.scaling
    settings.factor = 4
    model.use(
      scaling: try ScalingRegistry.scaling(named: scaling, settings),
      maximumPositions: 4 * model.configuration.maximumPositions)
    let batch = try EngineTests.batch(sequences: 1, length: 70)
    let expected = Inference(model, threads: 1).run(
      try TokenBatch(
        sequenceCount: 1, length: 70, tokens: batch.tokens, positions: Array(0..<70), targets: batch.targets,
        vocabularySize: 50), wantsLogits: true
    ).logits
    let decoder = CachedDecoder(model, capacity: 70)
    for (place, token) in batch.tokens.enumerated() {
      let logits = try decoder.read(token)
      let difference = zip(logits, expected[place * 50..<(place + 1) * 50]).map { abs($0 - $1) }.max() ?? 1
      #expect(difference < 2e-5, "token \(place)")
    }
    #expect(throws: TransformerError.positionOutOfRange(position: 70, limit: 70)) { try decoder.read(1) }
  }

  @Test func tokensOutsideTheVocabularyAreRefused() throws {
    let decoder = CachedDecoder(try TransformerModel(EngineTests.configuration(), seed: 8), capacity: 4)
    for token in [-1, 50] as [Int32] {
      #expect(throws: TransformerError.tokenOutOfRange(token: Int(token), vocabulary: 50)) { try decoder.read(token) }
    }
    #expect(decoder.count == 0)
  }

  /// Sizes below, at and above a vector, rows that are no multiple of four.
  @Test(arguments: [1, 3, 4, 9], [1, 7, 8, 20, 33])
  func matrixTimesVectorMatchesItsDefinition(outputs: Int, inputs: Int) {
    let (weights, x, y) = (Sample(outputs * inputs, seed: 1), Sample(inputs, seed: 2), Sample(outputs, seed: 3))
    MatrixVector.times(weights.matrix(outputs, inputs), x.base, into: y.base, adding: true)
    let before = y.doubles
    let expected = (0..<outputs).map { row in
      before[row] + (0..<inputs).reduce(0.0) { $0 + weights.doubles[row * inputs + $1] * x.doubles[$1] }
    }
    for (row, value) in expected.enumerated() { #expect(abs(Double(y.base[row]) - value) < 1e-5) }
  }
}
