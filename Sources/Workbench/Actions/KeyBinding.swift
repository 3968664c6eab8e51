import Positions

/// One row of the key table: what a key does, where, and when it is possible.
public struct KeyBinding: Sendable {
  /// How the help groups the rows.
  public enum Group: String, CaseIterable, Sendable {
    case program = "Everywhere"
    case positions = "Positions"
    case distances = "Distances"
    case train = "Train"
    case attention = "Attention"
    case evaluate = "Evaluate"
    case runs = "Runs"
    case learn = "Learn"
  }

  /// What the rebinding file and the tests call it.
  public let id: String
  public let title: String
  /// One or two words for the status bar; nil keeps it out of there.
  public let hint: String?
  public internal(set) var keys: [KeyPress]
  public let group: Group
  /// Where the key works; empty is everywhere.
  public let screens: Set<Screen>
  /// The panes that it needs the focus in; empty is any of the screen's.
  public let panes: Set<Pane>
  public let action: Action
  /// Why it cannot be done now, as a sentence; nil where it can.
  public let obstacle: @Sendable (WorkbenchState) -> String?

  init(
    _ id: String, _ keys: [KeyPress], _ title: String, hint: String? = nil, _ group: Group,
    on screens: Set<Screen> = [], in panes: Set<Pane> = [], _ action: Action,
    unless obstacle: @escaping @Sendable (WorkbenchState) -> String? = { _ in nil }
  ) {
    self.id = id
    self.keys = keys
    self.title = title
    self.hint = hint
    self.group = group
    self.screens = panes.isEmpty ? screens : Set(panes.map(\.screen))
    self.panes = panes
    self.action = action
    self.obstacle = obstacle
  }

  /// Whether the key works on a screen, with one of its panes in focus.
  public func works(on screen: Screen) -> Bool { screens.isEmpty || screens.contains(screen) }

  /// Whether the key works while a pane has the focus.
  public func works(in pane: Pane) -> Bool { works(on: pane.screen) && (panes.isEmpty || panes.contains(pane)) }
}

extension WorkbenchState {
  /// Why a rule cannot be changed: the sampler shown does not read it.
  func obstacle(to setting: SamplerSetting, _ doing: String) -> String? {
    let method = explorer.settings.method
    let reads = (try? SamplerRegistry.type(named: method))?.reads.contains(setting) ?? true
    return reads ? nil : "\(method) does not \(doing); b changes the sampler"
  }

  /// Why a key of lessons does nothing.
  var lessonObstacle: String? { learn.play == nil ? "no lesson is open: Enter opens one" : nil }

  /// Why there is nothing to go back to.
  var backObstacle: String? {
    training.steps.isEmpty ? "nothing is trained yet: Space starts" : nil
  }

  /// Why training cannot go on now.
  var runObstacle: String? {
    if screen == .learn, learn.step?.kind != .live { return "nothing is trained in this step" }
    return switch training.phase {
    case .loading: "the model is still loading"
    case .failed(let reason): reason
    case .finished where training.lookingAt != nil: nil
    case .finished: "all \(training.tip) steps are taken; r starts over, :steps N asks for more"
    case .paused, .running: nil
    }
  }
}
