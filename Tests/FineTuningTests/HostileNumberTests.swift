import Foundation
import HostileInput
import Positions
import Testing

@testable import FineTuning
@testable import Transformer

/// Numbers that are none, that are too large, and tables with nothing in them.
@Suite struct HostileNumberTests {
  private static func model(maximumPositions: Int = 64) throws -> TransformerModel {
    try TransformerModel(
      TransformerConfiguration(
        vocabularySize: 256, hiddenSize: 16, intermediateSize: 16, layerCount: 1, headCount: 2,
        maximumPositions: maximumPositions), seed: 1)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func brokenWeightsAreNamedWhenTheyAreLoaded(value: Float) throws {
    let folder = try HostileFolder()
    let model = try Self.model()
    let norm = try #require(model.layout.tensors.first { $0.name == "model.norm.weight" })
    model.storage(of: norm)[3] = value
    try ModelFolder.save(model, to: folder.path)
    let error = #expect(throws: ModelFileError.self) { try ModelFolder.load(folder.path) }
    #expect(error == .notFinite(path: folder.path + "/model.safetensors", tensor: "model.norm.weight", index: 3))
    #expect(error?.description.contains("value 3 of tensor model.norm.weight is not a finite number") == true)
    #expect(error?.isBadData == true)
  }

  /// Weights that are finite and make numbers that are not: said when it is measured, and no file is half written.
  @Test func measuresThatAreNoNumbersAreSaid() throws {
    let model = try Self.model()
    let norm = try #require(model.layout.tensors.first { $0.name == "model.norm.weight" })
    model.storage(of: norm).update(repeating: 3e38)
    let perplexity = try SlidingPerplexity(
      of: KeyValueTask(curriculum: false), lengths: [16], stride: 8, documents: 1, seed: 1)
    let error = #expect(throws: EvaluationError.self) { try perplexity.run(Inference(model, threads: 1)) }
    #expect(error == .notFinite(measure: "perplexity", length: 16))
    #expect(error?.description.contains("perplexity at 16 is not a finite number") == true)
    var settings = RunSettings(window: 16, target: 32)
    settings.batch = 1
    #expect(throws: EvaluationError.self) {
      try TrainingRun(settings, model: model, source: KeyValueTask(curriculum: false), threads: 1)
    }
  }

  /// A window of one token has nothing to predict: nothing is measured there, and the run's lines can be written.
  @Test func aWindowOfOneTokenHasNoPerplexity() throws {
    var settings = RunSettings(window: 1, target: 4)
    (settings.chunks, settings.batch, settings.steps) = (1, 1, 1)
    let run = try TrainingRun(
      settings, model: Self.model(), source: KeyValueTask(curriculum: false), threads: 1)
    #expect(run.before.lengths == [2, 4])
    let line = try RunFolder.line(run.before)
    #expect(line.contains(#""4":"#) && !line.contains(#""1":"#))
  }

  /// Documents of one token, of which there is no next one.
  @Test func oneTokenDocumentsAreTooShortForAWindow() throws {
    let folder = try HostileFolder()
    let corpus = try Corpus(paths: [folder.file("x", [0])])
    #expect(corpus.longestDocument == 1)
    #expect(throws: EvaluationError.self) {
      try SlidingPerplexity(of: corpus, lengths: [2], stride: 1, documents: 1, seed: 1)
    }
    #expect(throws: CorpusError.self) {
      try TrainingRun(RunSettings(window: 16, target: 32), model: Self.model(), source: corpus, threads: 1)
    }
  }

  /// Logits that are all alike, and ones that are no numbers, still give a token of the vocabulary.
  @Test(arguments: [Float(0), 1e30, -.infinity, .infinity, .nan], [0.0, 1, 1e-300, 1e300])
  func anyLogitsGiveAToken(logit: Float, temperature: Double) {
    var random = RandomStream(seed: 3)
    for top in [0, 1, 3, 1000] {
      let sampling = TokenSampling(temperature: temperature, topCount: top)
      #expect((0..<8).contains(sampling.next([Float](repeating: logit, count: 8), using: &random)))
    }
  }

  /// The largest targets that the verbs take: chunks stay inside, and what would need a list of them all is refused.
  @Test(arguments: SamplerRegistry.names, [1, 2, 3, 64, Int(Int32.max)])
  func theLargestTargetIsDrawnOrRefused(name: String, window: Int) throws {
    let target = Int(Int32.max)
    // These two list every position.
    if ["randpos", "full"].contains(name), window > 64 { return }
    var settings = SamplerSettings(
      window: try TokenWindow(training: window, target: target), chunkCount: min(2, window))
    settings.textLength = target
    do throws(PositionError) {
      let sampler = try SamplerRegistry.sampler(named: name, settings)
      for example in 0..<20 {
        let layout = sampler.layout(seed: 1, example: example)
        #expect(layout.chunks.allSatisfy { $0.positions.upperBound <= target && $0.tokens.upperBound <= target })
      }
    } catch {
      #expect(!error.description.isEmpty)
    }
  }

  @Test(arguments: ScalingRegistry.names)
  func theLargestTargetHasFrequencies(name: String) throws {
    var settings = ScalingSettings(base: 10_000, headDimension: 16, originalWindow: 1)
    settings.factor = Double(Int32.max)
    settings.shortFactors = [Double](repeating: 1, count: 8)
    settings.longFactors = settings.shortFactors
    settings.adjustedBase = 1e15
    guard let scaling = try? ScalingRegistry.scaling(named: name, settings) else { return }
    let frequencies = scaling.frequencies(length: Int(Int32.max))
    #expect(frequencies.inverse.allSatisfy { $0.isFinite && $0 >= 0 } && frequencies.attentionFactor.isFinite)
  }
}
