import FineTuning

/// The runs on disk, which one is looked at, and which are compared.
public struct RunsState: Equatable, Sendable {
  /// Newest first; nil before they are listed.
  public var runs: [RunSummary]?
  public var selected = 0
  /// Paths of the runs that are drawn beside the selected one.
  public var marked: [String] = []
  public var hasLogarithmicLoss = false

  /// Curves that can be told apart.
  public static let markLimit = 5

  public init() {}

  public var shown: RunSummary? {
    guard let runs, runs.indices.contains(selected) else { return nil }
    return runs[selected]
  }

  /// The selected run and the marked ones, without doubles.
  public var compared: [RunSummary] {
    let others = (runs ?? []).filter { marked.contains($0.path) && $0.path != shown?.path }
    return (shown.map { [$0] } ?? []) + others
  }

  /// Takes a new list and stays on the run that was selected.
  public mutating func take(_ list: [RunSummary]) {
    let path = shown?.path
    runs = list
    selected = list.firstIndex { $0.path == path } ?? min(selected, max(0, list.count - 1))
    marked.removeAll { path in !list.contains { $0.path == path } }
  }

  mutating func select(by step: Int) {
    selected = min(max(selected + step, 0), max(0, (runs?.count ?? 0) - 1))
  }

  /// - Returns: why not, where no more can be marked.
  mutating func toggleMark() -> String? {
    guard let path = shown?.path else { return nil }
    if let index = marked.firstIndex(of: path) {
      marked.remove(at: index)
      return nil
    }
    guard marked.count < Self.markLimit else { return "\(Self.markLimit) runs are marked; m lets go of one" }
    marked.append(path)
    return nil
  }
}
