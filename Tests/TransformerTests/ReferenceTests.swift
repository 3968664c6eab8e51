import Foundation
import Positions
import Testing

@testable import Transformer

/// Four small models against an independent implementation: PyTorch 2.15 with transformers' `LlamaForCausalLM`, eager
/// attention, an all-ones mask, rotary angles multiplied in float64. `ReferenceCases/*/case.safetensors` holds what came out.
@Suite struct ReferenceTests {
  static let cases = ["mha-default", "mha-linear8", "gqa-yarn8", "gqa-llama3"]

  /// What counts as agreement in float32.
  enum Tolerance {
    static let logits = 2e-5
    static let loss = 1e-5
    static let attention = 5e-6
    /// Relative to the gradient's own largest entry.
    static let gradient = 1e-4
    static let optimizer = 2e-4
  }

  struct Case {
    let model: TransformerModel
    let expected: SafetensorsFile
    let batch: TokenBatch

    init(_ name: String) throws {
      let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("ReferenceCases/\(name)").path
      model = try ModelFolder.load(folder)
      expected = try SafetensorsFile(path: folder + "/case.safetensors")
      batch = try TokenBatch(case: expected, vocabularySize: model.configuration.vocabularySize)
    }
  }

  @Test(arguments: cases)
  func frequenciesAgree(name: String) throws {
    let reference = try Case(name)
    let ours = reference.model.scaling.frequencies
    let theirs = try reference.expected.floats("rope.inv_freq")
    #expect(ours.inverse.count == theirs.count)
    for (mine, its) in zip(ours.inverse, theirs) { #expect(abs(Float(mine) - its) <= 2 * its.ulp) }
    let factor = try reference.expected.floats("rope.attention_scaling")[0]
    #expect(abs(Float(ours.attentionFactor) - factor) <= 2 * factor.ulp)
  }

  @Test(arguments: cases)
  func forwardAgrees(name: String) throws {
    let reference = try Case(name)
    let shape = reference.model.configuration
    let heads = (0..<shape.layerCount).flatMap { layer in
      (0..<shape.headCount).map { Inference.HeadAddress(layer: layer, head: $0) }
    }
    let output = Inference(reference.model, threads: 2).run(reference.batch, wantsLogits: true, heads: heads)
    #expect(largestDifference(output.logits, try reference.expected.floats("logits")) <= Tolerance.logits)
    let loss = Double(try reference.expected.floats("loss")[0])
    #expect(abs(output.meanLoss(of: reference.batch) - loss) <= Tolerance.loss)
    for layer in 0..<shape.layerCount {
      let maps = output.attention.flatMap { $0.filter { $0.layer == layer } }.flatMap(\.weights)
      #expect(largestDifference(maps, try reference.expected.floats("attn.\(layer)")) <= Tolerance.attention)
    }
  }

  @Test(arguments: cases)
  func everyGradientAgrees(name: String) throws {
    let reference = try Case(name)
    let engine = TrainingEngine(reference.model, threads: 1)
    _ = engine.computeGradients(reference.batch)
    for tensor in reference.model.layout.tensors {
      let theirs = try reference.expected.floats("grad." + tensor.name)
      let ours = engine.gradient(of: tensor)
      let largest = Double(theirs.map(abs).max() ?? 0)
      #expect(largestDifference(ours, theirs) <= Tolerance.gradient * largest, "\(tensor.name)")
    }
  }

  @Test(arguments: cases)
  func optimizerStepsAgree(name: String) throws {
    let reference = try Case(name)
    let engine = TrainingEngine(
      reference.model, optimizer: AdamWSettings(weightDecay: 0.1, clipNorm: 1), threads: 2)
    for (step, expected) in try reference.expected.doubles("adamw_loss").enumerated() {
      let loss = try engine.step(reference.batch, learningRate: 1e-3).loss
      #expect(abs(loss - expected) <= Tolerance.optimizer, "step \(step)")
    }
  }

  private func largestDifference(_ a: [Float], _ b: [Float]) -> Double {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).reduce(0.0) { max($0, abs(Double($1.0) - Double($1.1))) }
  }
}
