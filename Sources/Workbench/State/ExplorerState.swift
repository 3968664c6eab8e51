import FineTuning
import Positions

/// The settings being looked at, the layouts that they draw, and what those teach about relative distances.
///
/// The layout shown is example `example` of a run with these settings and this seed: the trainer draws the same.
public struct ExplorerState: Equatable, Sendable {
  public private(set) var settings: RunSettings
  /// Which example of the run is shown, 0 for the first.
  public private(set) var example = 0
  public internal(set) var layout: PositionLayout? {
    didSet { distances = layout?.distances ?? [] }
  }
  /// The distances that the layout shown contains: kept, for it takes a while to find them among thousands of chunks.
  public private(set) var distances: [ClosedRange<Int>] = []
  /// The border or skip that the arrows move.
  public internal(set) var handle = LayoutHandle(kind: .bias, chunk: 1)
  /// Whether the layout shown was changed by hand; the next draw forgets that.
  public internal(set) var isByHand = false
  /// What the mouse is moving.
  var drag: LayoutDrag?
  /// What undo and redo go back and forth between.
  var past: [Moment] = []
  var future: [Moment] = []
  /// What the examples drawn one by one have met.
  public private(set) var met: CoverageEstimate
  /// What all examples meet, exact or drawn, as far as it is known.
  public internal(set) var survey: DistanceSurvey?
  /// The survey's best profile, ready to be drawn.
  public internal(set) var curves: DistanceCurves?
  /// Examples that the survey was asked to draw; 0 leaves it to the survey.
  public internal(set) var samplesWanted = 0
  /// Curves kept to be compared with, four at most.
  public internal(set) var pins: [Pin] = []
  public var view = DistanceView()
  /// Why there is no layout for these settings.
  public private(set) var problem: String?

  public init(settings: RunSettings) {
    self.settings = settings
    met = CoverageEstimate(seam: settings.seam)
    start(settings)
  }

  /// Takes on other settings if they can be drawn; if not, the old ones stay and the sentence is returned.
  public mutating func change(_ edit: (inout RunSettings) -> Void) -> String? {
    var changed = settings
    edit(&changed)
    // A script is written for its windows; with others it begins again as one chunk.
    if changed.window != settings.window || changed.target != settings.target, (try? changed.sampler()) == nil {
      changed.script = []
    }
    guard changed != settings else { return nil }
    var next = self
    next.remember()
    next.start(changed)
    if let problem = next.problem { return problem }
    self = next
    return nil
  }

  /// Shows the example `count` further on; earlier ones are drawn again, not remembered.
  public mutating func advance(by count: Int) {
    let next = max(0, example + count)
    guard next != example else { return }
    example = next
    draw()
  }

  /// Shows an example of the run. Passing over many does not count them as met.
  mutating func show(example wanted: Int) {
    guard wanted != example || isByHand else { return }
    example = wanted
    draw()
  }

  /// Begins again with settings: the first example, nothing counted. What does not change layouts or labels, such as the
  /// scaling, is only taken on.
  mutating func start(_ newSettings: RunSettings) {
    let isSame = SurveyRequest(newSettings) == SurveyRequest(settings)
    settings = newSettings
    guard !isSame || layout == nil || isByHand else { return }
    example = 0
    met = CoverageEstimate(seam: newSettings.seam)
    draw()
    guard problem == nil else { return }
    guard !isSame || survey == nil else { return }
    samplesWanted = 0
    view.fit(target: newSettings.target)
    takeSurvey(DistanceSurvey.immediately(surveyRequest))
  }

  private mutating func draw() {
    do {
      let drawn = try settings.layout(example: example)
      layout = drawn
      isByHand = false
      // Going back shows an example again; it was already counted.
      if example == met.samples { met.add(drawn, distances: distances) }
      problem = nil
    } catch {
      layout = nil
      problem = String(describing: error)
    }
  }
}
