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
    func map(_ model: TransformerModel, _ batch: TokenBatch) -> Inference.AttentionMap? {
      guard head.layer < model.configuration.layerCount, head.head < model.configuration.headCount else { return nil }
      return Inference(model, threads: 1).run(batch, heads: [head]).attention.first?.first
    }
    guard let layout = examples.layouts.first, let first = examples.tokens.sequence(0), let now = map(model, first)
    else { return nil }
    return SessionNews.AttentionView(
      step: stepCount, map: now, before: base.flatMap { map($0, first) }, layout: layout, tokens: first.tokens)
  }
}
