import Canvas
import FineTuning

/// The models that were measured, and which one is looked at.
public struct EvaluationState: Equatable, Sendable {
  /// In the order in which they were first asked for.
  public var models: [EvaluationNews] = []
  public var selected = 0
  /// Perplexity by how far into a text a token stands, instead of by context size.
  public var showsPositions = false
  /// How values are spread; nil takes logarithms where they differ much.
  public var valueScale: AxisScale?
  /// The run shown is measured as soon as its checkpoint is written.
  var awaitsCheckpoint = false

  public init() {}

  public var shown: EvaluationNews? { models.indices.contains(selected) ? models[selected] : nil }

  /// The measure of retrieval: passkey, or recall where that is what was measured.
  var retrieval: String {
    let hasRecall = models.contains { $0.result(RecallAccuracy.name) != nil }
    return hasRecall ? RecallAccuracy.name : PasskeyAccuracy.name
  }

  mutating func take(_ news: [EvaluationNews]) {
    for known in news {
      if let index = models.firstIndex(where: { $0.request.label == known.request.label }) {
        models[index] = known
      } else {
        models.append(known)
        selected = models.count - 1
      }
    }
  }

  mutating func select(by step: Int) {
    guard !models.isEmpty else { return }
    selected = min(max(selected + step, 0), models.count - 1)
  }

  mutating func removeSelected() {
    guard models.indices.contains(selected) else { return }
    models.remove(at: selected)
    select(by: 0)
  }

  /// Perplexity by context size of every model that has some, and so on for the other measures.
  func chart(_ measure: String) -> ResultChart {
    let results = models.map { $0.result(measure) }
    let columns = Set(results.compactMap { $0 }.flatMap(\.columns)).sorted()
    let lines = zip(models, results).map { model, result in
      ResultChart.Line(model.request.label, columns.map { result?.value(at: $0) })
    }
    return ResultChart(measure: measure, columns: columns, lines: lines)
  }
}
