import Transformer

extension TrainingRun {
  /// What is trained, as news tell it.
  public func subject(folder: String, threads: Int) -> SessionNews.Subject {
    SessionNews.Subject(
      settings: settings, configuration: model.configuration, parameterCount: model.layout.parameterCount,
      sourceName: sourceName, threads: threads, folder: folder)
  }

  /// One head's attention over the first of some examples; nil where there is no such head.
  public func attention(of examples: ExampleBatch, _ head: Inference.HeadAddress) -> SessionNews.AttentionView? {
    guard let layout = examples.layouts.first, let first = examples.tokens.sequence(0),
      head.layer < model.configuration.layerCount, head.head < model.configuration.headCount,
      let map = Inference(model, threads: 1).run(first, heads: [head]).attention.first?.first
    else { return nil }
    return SessionNews.AttentionView(step: stepCount, map: map, layout: layout, tokens: first.tokens)
  }
}
