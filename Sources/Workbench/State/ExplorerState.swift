import FineTuning
import Positions

/// The settings being looked at and the layouts that they draw.
///
/// The layout shown is example `example` of a run with these settings and this seed: the trainer draws the same.
public struct ExplorerState: Equatable, Sendable {
  public private(set) var settings: RunSettings
  /// Which example of the run is shown, 0 for the first.
  public private(set) var example = 0
  public internal(set) var layout: PositionLayout?
  /// The border or skip that the arrows move.
  public internal(set) var handle = LayoutHandle(kind: .bias, chunk: 1)
  /// Whether the layout shown was changed by hand; the next draw forgets that.
  public internal(set) var isByHand = false
  /// What undo and redo go back and forth between.
  var past: [Moment] = []
  var future: [Moment] = []
  /// How often each relative distance was met by the examples drawn so far.
  public private(set) var met = DistanceTally()
  /// P(d) in closed form, index d for distance d; nil where there is none.
  public private(set) var expected: [Double]?
  /// Why there is no layout for these settings.
  public private(set) var problem: String?

  public init(settings: RunSettings) {
    self.settings = settings
    expect()
    draw()
  }

  /// Takes on other settings if they can be drawn; if not, the old ones stay and the sentence is returned.
  public mutating func change(_ edit: (inout RunSettings) -> Void) -> String? {
    var changed = settings
    edit(&changed)
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

  /// Begins again with settings: the first example, nothing counted.
  mutating func start(_ newSettings: RunSettings) {
    settings = newSettings
    example = 0
    met = DistanceTally()
    expect()
    draw()
  }

  private mutating func expect() {
    let sampler = try? SamplerRegistry.sampler(named: settings.method, settings.samplerSettings())
    expected = sampler?.exactProfile?.coverage
  }

  private mutating func draw() {
    do {
      let drawn = try settings.layout(example: example)
      layout = drawn
      isByHand = false
      // Going back shows an example again; it was already counted.
      if example == met.examples { met.add(drawn) }
      problem = nil
    } catch {
      layout = nil
      problem = String(describing: error)
    }
  }
}
