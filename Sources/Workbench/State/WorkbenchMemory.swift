import FineTuning
import Positions

/// What the workbench remembers from one start to the next: the screen, the panes in focus, the theme, how things are looked at.
public struct WorkbenchMemory: Codable, Equatable, Sendable {
  var screen: String
  /// By screen.
  var focus: [String: String]
  var theme: String
  var measure: String
  var hasLogarithmicDistance: Bool
  var valueScale: String
  var smoothing: Int
  var hasLogarithmicLoss: Bool
  var showsPositions: Bool
  var attentionScale: String

  /// What is worth remembering of a state.
  public init(_ state: WorkbenchState) {
    screen = state.screen.rawValue
    focus = Dictionary(uniqueKeysWithValues: state.focus.map { ($0.rawValue, $1.rawValue) })
    theme = state.themeName
    measure = state.explorer.view.measure.rawValue
    hasLogarithmicDistance = state.explorer.view.hasLogarithmicDistance
    valueScale = state.explorer.view.valueScale.rawValue
    smoothing = state.training.smoothing
    hasLogarithmicLoss = state.training.hasLogarithmicLoss
    showsPositions = state.attention.showsPositions
    attentionScale = state.attention.scale.rawValue
  }

  /// The theme to start with.
  public var themeName: String { theme }

  /// Brings a fresh state to where the last one was left; what it no longer knows stays as it is.
  public func restore(_ state: inout WorkbenchState) {
    state.screen = Screen(rawValue: screen) ?? state.screen
    for (screen, pane) in focus {
      guard let screen = Screen(rawValue: screen), let pane = Pane(rawValue: pane), pane.screen == screen else {
        continue
      }
      state.focus[screen] = pane
    }
    state.explorer.view.measure = DistanceMeasure(rawValue: measure) ?? state.explorer.view.measure
    state.explorer.view.hasLogarithmicDistance = hasLogarithmicDistance
    state.explorer.view.valueScale = .init(rawValue: valueScale) ?? state.explorer.view.valueScale
    if TrainingState.smoothings.indices.contains(smoothing) { state.training.smoothing = smoothing }
    state.training.hasLogarithmicLoss = hasLogarithmicLoss
    state.attention.showsPositions = showsPositions
    state.attention.scale = .init(rawValue: attentionScale) ?? state.attention.scale
  }
}
