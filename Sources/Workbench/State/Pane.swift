/// A part of a screen with a frame of its own. Tab walks them, `e` explains them, `+` makes one fill the screen.
public enum Pane: String, CaseIterable, Sendable {
  // Positions
  case layout, distances, pairs, rotary
  // Train
  case loss, batch, run, context, signals, reach, sample
  // Attention
  case map, weight, profile, heads
  // Evaluate
  case perplexity, retrieval, needle, far
  // Runs
  case list, curves, tables
  // Learn
  case lesson

  public var screen: Screen {
    switch self {
    case .layout, .distances, .pairs, .rotary: .positions
    case .loss, .batch, .run, .context, .signals, .reach, .sample: .train
    case .map, .weight, .profile, .heads: .attention
    case .perplexity, .retrieval, .needle, .far: .evaluate
    case .list, .curves, .tables: .runs
    case .lesson: .learn
    }
  }

  /// What the tabs of a narrow screen call it.
  var title: String {
    switch self {
    case .layout: "Layout"
    case .distances: "Distances"
    case .pairs: "Pairs"
    case .rotary: "Rotary"
    case .loss: "Loss"
    case .batch: "Batch"
    case .run: "Run"
    case .context: "Context"
    case .signals: "Rate"
    case .reach: "Reach"
    case .sample: "Sample"
    case .map: "Map"
    case .weight: "Cursor"
    case .profile: "By distance"
    case .heads: "Heads"
    case .perplexity: "Perplexity"
    case .retrieval: "Retrieval"
    case .needle: "Needle"
    case .far: "By distance"
    case .list: "List"
    case .curves: "Curves"
    case .tables: "Tables"
    case .lesson: "Lesson"
    }
  }
}

/// How much of the screen the focused pane takes.
public enum PaneSize: CaseIterable, Sendable {
  /// What the screen's arrangement gives it.
  case normal
  /// The larger part, with the others in a row below it.
  case half
  /// All.
  case full
}

extension Screen {
  /// Its panes, in the order Tab walks them.
  public var panes: [Pane] { Pane.allCases.filter { $0.screen == self } }
}

extension WorkbenchState {
  /// The pane that has the keys.
  public var pane: Pane { focus[screen] ?? screen.panes[0] }

  mutating func walkPanes(by step: Int) {
    let panes = screen.panes
    let index = panes.firstIndex(of: pane) ?? 0
    focus[screen] = panes[(index + step + panes.count) % panes.count]
  }
}
