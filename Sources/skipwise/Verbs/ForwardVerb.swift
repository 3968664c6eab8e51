import FineTuning
import Foundation
import Transformer

/// `forward`: one exact pass over given tokens and positions, for checking against other implementations.
struct ForwardVerb: Verb {
  static let name = "forward"
  static let summary = "one exact pass over given tokens and positions, written as tensors"
  static let example = "skipwise forward --model DIR --input case.safetensors --output out.safetensors --gradients"
  static let options: [Option] = [
    .value("model", "DIR", "a Hugging Face Llama folder"),
    .value("input", "FILE", "safetensors with input_ids, position_ids and labels, each [sequences, tokens]"),
    .value("output", "FILE", "where logits and loss go, named as in the input's case"),
    .flag("gradients", "also the gradient of every parameter, grad.<parameter>"),
    .flag("attention", "also the attention of every layer, attn.<layer>"),
    .value("adamw-steps", "K", "also the loss before each of K AdamW steps at 1e-3, adamw_loss"),
    .value("threads", "N", "threads that compute; the result does not depend on it"),
  ]

  private let model: TransformerModel
  private let batch: TokenBatch
  private let output: String
  private let wantsGradients: Bool
  private let wantsAttention: Bool
  private let optimizerSteps: Int
  private let threads: Int

  init(_ arguments: Arguments) throws {
    let (folder, input) = (try arguments.required("model"), try arguments.required("input"))
    output = try arguments.required("output")
    wantsGradients = arguments.has("gradients")
    wantsAttention = arguments.has("attention")
    optimizerSteps = try arguments.integer("adamw-steps", in: 1...100_000) ?? 0
    threads = try arguments.integer("threads", in: 1...1024) ?? Processor.coreCount
    model = try ModelFolder.load(folder)
    batch = try TokenBatch(
      case: try SafetensorsFile(path: input), vocabularySize: model.configuration.vocabularySize)
  }

  func run() throws {
    let shape = model.configuration
    let (sequences, length) = (batch.sequenceCount, batch.length)
    var writer = SafetensorsWriter()
    let layers = wantsAttention ? 0..<shape.layerCount : 0..<0
    let heads = layers.flatMap { layer in
      (0..<shape.headCount).map { Inference.HeadAddress(layer: layer, head: $0) }
    }
    let result = Inference(model, threads: Processor.coreCount).run(batch, wantsLogits: true, heads: heads)
    writer.add("logits", shape: [sequences, length, shape.vocabularySize], floats: result.logits)
    writer.add("loss", shape: [1], floats: [Float(result.meanLoss(of: batch))])
    for layer in layers {
      let maps = result.attention.flatMap { $0.filter { $0.layer == layer } }.flatMap(\.weights)
      writer.add("attn.\(layer)", shape: [sequences, shape.headCount, length, length], floats: maps)
    }
    let frequencies = model.scaling.frequencies(length: batch.positionLength)
    writer.add(
      "rope.inv_freq", shape: [frequencies.inverse.count], floats: frequencies.inverse.map { Float($0) })
    writer.add("rope.attention_scaling", shape: [1], floats: [Float(frequencies.attentionFactor)])

    let engine = TrainingEngine(model, threads: threads)
    if wantsGradients {
      engine.computeGradients(batch)
      for tensor in model.layout.tensors {
        writer.add("grad." + tensor.name, shape: tensor.shape, floats: engine.gradient(of: tensor))
      }
    }
    if optimizerSteps > 0 {
      let losses = try (0..<optimizerSteps).map { _ in try engine.step(batch, learningRate: 1e-3).loss }
      writer.add("adamw_loss", shape: [optimizerSteps], doubles: losses)
    }
    try writer.write(to: output)
    Output.message("loss \(result.meanLoss(of: batch)); tensors in \(output)")
  }
}
