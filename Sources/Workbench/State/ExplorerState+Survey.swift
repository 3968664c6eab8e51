import FineTuning
import Positions

extension ExplorerState {
  /// What has to be known for the curves of the present settings.
  public var surveyRequest: SurveyRequest { SurveyRequest(settings, samples: samplesWanted) }

  /// Takes in what is known; answers to earlier questions are passed over.
  mutating func take(_ news: DistanceSurvey) {
    guard news.request == surveyRequest else { return }
    takeSurvey(news)
  }

  mutating func takeSurvey(_ news: DistanceSurvey?) {
    let known = survey?.profile
    survey = news
    guard news?.profile != known || curves == nil else { return }
    curves = news?.profile.map(DistanceCurves.init)
  }

  /// Asks for a million examples, beside the closed form where there is one.
  mutating func drawMillion() { samplesWanted = 1_000_000 }

  /// Pins that fit the colours and the readout.
  static let pinLimit = 4

  /// What the present curves are called: the sampler with what it reads.
  public var curveLabel: String {
    let reads = (try? SamplerRegistry.type(named: settings.method))?.reads ?? []
    var words = [settings.method]
    if reads.contains(.chunkCount) { words.append("N \(settings.chunks)") }
    if reads.contains(.split), settings.split != .uniform { words.append(settings.split.rawValue) }
    if reads.contains(.biases), settings.biases != .chained { words.append(settings.biases.rawValue) }
    if settings.seam == .masked { words.append("masked") }
    return words.joined(separator: " ")
  }

  /// Keeps the present curves for comparison, or lets go of them where they are kept; returns why it cannot.
  mutating func togglePin() -> String? {
    guard let curves, let window = layout?.window else { return "there are no curves to pin yet" }
    let label = curveLabel
    if let index = pins.firstIndex(where: { $0.label == label && $0.window == window }) {
      pins.remove(at: index)
      return nil
    }
    guard pins.count < Self.pinLimit else { return "\(Self.pinLimit) curves are pinned; A lets go of the last" }
    pins.append(Pin(label: label, window: window, curves: curves))
    return nil
  }
}
