import Canvas
import FineTuning

/// Everything the screens show and the keys change. A value: `reduce` makes the next one, `view` draws it.
public struct WorkbenchState: Equatable, Sendable {
  public var screen: Screen
  public var size: Size
  /// The pane that has the keys, on the screens where one was chosen.
  public var focus: [Screen: Pane] = [:]
  /// How much of the screen the focused pane takes.
  public var paneSize = PaneSize.normal
  /// The pane that the mouse was pressed in, until it is let go.
  var heldPane: Pane?
  public var explorer: ExplorerState
  public var training = TrainingState()
  public var attention = AttentionState()
  public var evaluation = EvaluationState()
  public var runs = RunsState()
  public var learn = LearnState()
  public var overlay: Overlay?
  /// What the last action had to say, until the next one.
  public var notice: Notice?
  public var keys = KeyTable.standard
  /// Names of the themes that can be chosen, and which one is.
  public var themeNames: [String]
  public var themeName: String
  public var isQuitting = false

  /// Opens a lesson, one of the list or one from elsewhere.
  public mutating func open(_ lesson: Lesson, isPresenting: Bool) {
    screen = .learn
    learn.isPresenting = isPresenting
    if !learn.lessons.contains(lesson) { learn.lessons.append(lesson) }
    _ = openLesson(learn.lessons.firstIndex(of: lesson) ?? 0, &self)
  }

  /// A lesson in front of an audience: nothing else is drawn.
  var isPresenting: Bool { learn.isPresenting && screen == .learn && learn.play != nil }

  public init(settings: RunSettings, size: Size = Size(80, 24), themeNames: [String], themeName: String) {
    screen = .positions
    self.size = size
    explorer = ExplorerState(settings: settings)
    self.themeNames = themeNames
    self.themeName = themeName
  }
}

/// A screen; its raw value is what `--screen` takes.
public enum Screen: String, CaseIterable, Sendable {
  case positions, train, attention, evaluate, runs, learn

  /// The digit that jumps there: its number among the screens.
  public var digit: Character { Character("\((Self.allCases.firstIndex(of: self) ?? 0) + 1)") }

  public var title: String { rawValue.capitalized }
}

/// What lies over a screen and takes the keys.
public enum Overlay: Equatable, Sendable {
  /// The key table, filtered by what was typed and scrolled to a row.
  case help(filter: String, scroll: Int)
  /// A command being typed.
  case prompt(Prompt)
  /// The themes, with the one to go back to.
  case themes(before: String)
  /// What the focused pane shows, with its formulas and its numbers.
  case explanation
  /// The focused pane's picture in words.
  case description
  /// Quitting while a run is going on.
  case confirmQuit
  /// Deleting a run, by its path.
  case confirmDelete(String)
}

extension Overlay {
  /// Whether it waits for a yes or a no.
  var asks: Bool {
    switch self {
    case .confirmQuit, .confirmDelete: true
    default: false
    }
  }
}

/// A sentence for the person at the keyboard.
public struct Notice: Equatable, Sendable {
  public enum Kind: Sendable { case news, problem }

  public var kind: Kind
  public var text: String

  public static func news(_ text: String) -> Notice { Notice(kind: .news, text: text) }
  public static func problem(_ text: String) -> Notice { Notice(kind: .problem, text: text) }
}
