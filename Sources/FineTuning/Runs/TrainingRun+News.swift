import Transformer

extension TrainingRun {
  /// What is trained, as news tell it.
  public func subject(folder: String, threads: Int) -> SessionNews.Subject {
    SessionNews.Subject(
      settings: settings, configuration: model.configuration, parameterCount: model.layout.parameterCount,
      sourceName: sourceName, threads: threads, folder: folder)
  }

  /// One head's attention over the first of some examples; nil where there is no such head.
  ///
  /// - Parameter base: the model before fine-tuning, to compare with.
  public func attention(
    of examples: ExampleBatch, _ head: Inference.HeadAddress, base: TransformerModel? = nil
  ) -> SessionNews.AttentionView? {
    let shape = model.configuration
    guard let layout = examples.layouts.first, let first = examples.tokens.sequence(0), head.layer < shape.layerCount,
      head.head < shape.headCount
    else { return nil }
    let all = (0..<shape.layerCount).flatMap { layer in
      (0..<shape.headCount).map { Inference.HeadAddress(layer: layer, head: $0) }
    }
    let isSmall = all.count * first.length * first.length <= Self.weightsOfAllHeads
    func maps(_ model: TransformerModel, _ heads: [Inference.HeadAddress]) -> [Inference.AttentionMap] {
      Inference(model, threads: 1).run(first, heads: heads).attention.first ?? []
    }
    let now = maps(model, isSmall ? all : [head])
    guard let looked = now.first(where: { $0.layer == head.layer && $0.head == head.head }) else { return nil }
    return SessionNews.AttentionView(
      step: stepCount, map: looked, before: base.flatMap { maps($0, [head]).first }, layout: layout,
      tokens: first.tokens, heads: isSmall ? now.map { HeadSketch($0, layout) } : [])
  }

  /// Weights that may be computed to sketch all heads after a step: more would slow training down.
  private static let weightsOfAllHeads = 1 << 21
}
