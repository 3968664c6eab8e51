import FineTuning
import Positions

/// What is known of the run, as far as its news have told.
public struct TrainingState: Equatable, Sendable {
  public var phase: SessionNews.Phase = .loading
  public var subject: SessionNews.Subject?
  /// The steps taken, oldest first; of very long runs those that are kept, as in `metrics.jsonl`.
  public private(set) var steps: [StepRecord] = []
  /// The step taken last; nil before the first.
  public private(set) var newest: StepRecord?
  /// The same steps as they are drawn.
  private(set) var curves = RunCurves(smoothing: smoothings[2])
  /// The layouts of the newest batch.
  public var layouts: [PositionLayout] = []
  /// How far the model read, oldest first; the first is the base model.
  public var evaluations: [EvaluationRecord] = []
  /// Settings changed in mid-run, oldest first: marks on the curve.
  public var changes: [RunChange] = []
  /// GFLOP/s of OpenBLAS on the run's threads; nil before it is known.
  public var productPeak: Double?
  /// How strongly the loss is smoothed, an index into `smoothings`.
  public var smoothing = 2 {
    didSet { redraw() }
  }
  public var hasLogarithmicLoss = false
  /// The step looked at, while it is not the newest.
  public internal(set) var lookingAt: Int?
  /// Where the run was told to go and has not yet arrived.
  var goingTo: Int?
  /// The steps shown; nil for all of them.
  private(set) var zoom: ClosedRange<Int>?
  /// Another run is being opened; the one shown will go.
  var isOpening = false
  /// What to tell a run that is being opened, once it is ready.
  var commandWhenReady: TrainingSession.Command?
  /// Settings that no run could be opened with, so that they are not tried at every turn.
  var refused: RunSettings?

  /// Weights of the exponential moving average; 0 is the raw curve.
  public static let smoothings: [Double] = [0, 0.6, 0.9, 0.97]

  public init() {}

  public var isRunning: Bool { phase == .running }

  public mutating func take(_ news: SessionNews) {
    phase = news.phase
    if let subject = news.subject {
      self.subject = subject
      isOpening = false
      refused = nil
      (steps, newest) = ([], nil)
      redraw()
      evaluations = []
      changes = []
      lookingAt = nil
      goingTo = nil
      zoom = nil
    }
    if let peak = news.productPeak { productPeak = peak }
    if let step = news.forgottenAfter { forget(after: step) }
    if let settings = news.settings { self.subject?.settings = settings }
    changes.append(contentsOf: news.changes)
    let kept = news.steps.filter(\.isKept)
    steps.append(contentsOf: kept)
    curves.append(kept)
    newest = news.steps.last ?? newest
    evaluations.append(contentsOf: news.evaluations)
    if let layouts = news.layouts { self.layouts = layouts }
    if let arrival = news.arrival { arrive(arrival) }
  }

  private mutating func forget(after step: Int) {
    steps.removeAll { $0.step > step }
    newest = steps.last
    redraw()
    evaluations.removeAll { $0.step > step }
    changes.removeAll { $0.step > step }
    (lookingAt, goingTo) = (nil, nil)
  }

  private mutating func redraw() { curves = RunCurves(steps, smoothing: Self.smoothings[smoothing]) }

  /// While the run is on its way to where it was told to go last, earlier arrivals say nothing.
  private mutating func arrive(_ arrival: SessionNews.Arrival) {
    if let goingTo, arrival.asked != goingTo { return }
    goingTo = nil
    look(at: arrival.step)
  }

  /// The newest step; 0 before the first.
  public var tip: Int { newest?.step ?? 0 }

  /// The step that everything on the screens belongs to.
  public var position: Int { lookingAt ?? tip }

  mutating func look(at step: Int) { lookingAt = step < tip ? max(0, step) : nil }

  /// The steps that curves show.
  var shownSteps: ClosedRange<Int> {
    let last = max(tip, 20)
    guard let zoom, zoom.lowerBound < last else { return 1...last }
    return zoom.lowerBound...min(zoom.upperBound, last)
  }

  /// Shows the part of the steps around one that is `share` of what is shown now; without one around that looked at.
  mutating func zoom(by share: Double, around centre: Int? = nil) {
    let shown = shownSteps
    let (width, last) = (Double(shown.count), max(tip, 20))
    let centre = Double(min(max(centre ?? position, shown.lowerBound), shown.upperBound))
    let place = (centre - Double(shown.lowerBound)) / width
    let low = Int((centre - place * width * share).rounded())
    let high = Int((centre + (1 - place) * width * share).rounded())
    guard high - low >= 8 || share > 1 else { return }
    let bounded = min(max(low, 1), last)...min(max(high, 1), last)
    zoom = bounded == 1...last ? nil : bounded
  }

  mutating func showAllSteps() { zoom = nil }

  /// The record of the step looked at; nil before the first step.
  public var shown: StepRecord? {
    guard let lookingAt else { return newest }
    return steps.last { $0.step <= lookingAt }
  }

  /// The newest evaluation that the step looked at knew.
  public var shownEvaluation: EvaluationRecord? { evaluations.last { $0.step <= position } ?? evaluations.first }

  /// The smoothed loss of the newest step.
  var smoothedLoss: Double? { curves.smoothedLoss.values.last }

  /// Tokens a second over the last steps; nil before there are two.
  public var tokensPerSecond: Double? {
    guard let last = newest, steps.count >= 2 else { return nil }
    let first = steps[max(0, steps.count - 11)]
    let seconds = last.seconds - first.seconds
    return seconds > 0 ? Double(last.tokens - first.tokens) / seconds : nil
  }

  /// GFLOP/s of the last steps, counted as `TransformerConfiguration.operationsPerToken`.
  public var gflops: Double? {
    guard let rate = tokensPerSecond, let subject else { return nil }
    let settings = subject.settings
    let length = settings.method == FullSampler.name ? settings.target : settings.window
    return rate * subject.configuration.operationsPerToken(length: length, parameters: subject.parameterCount) / 1e9
  }

  /// Seconds until all steps are taken, at the present rate.
  public var secondsLeft: Double? {
    guard let rate = tokensPerSecond, let subject, let last = newest, last.step > 0, rate > 0 else { return nil }
    let tokensPerStep = Double(last.tokens) / Double(last.step)
    return Double(max(0, subject.settings.steps - last.step)) * tokensPerStep / rate
  }
}
