import Positions
import Synchronization
import Transformer

/// A model to measure, while others may train.
public struct EvaluationRequest: Hashable, Sendable {
  /// What the screens call it; a newer request of the same name takes its place.
  public var label: String
  /// A model's folder, or the name of one that ships with the program.
  public var folder: String
  /// The text, L and T to measure with.
  public var settings: RunSettings

  public init(label: String, folder: String, settings: RunSettings) {
    self.label = label
    self.folder = folder
    self.settings = settings
  }

  /// What is measured: perplexity and retrieval of texts that can be cut, recall of those that cannot.
  func evaluations() throws -> [any Evaluation] {
    let source = try settings.source()
    let (window, seed) = (settings.window, settings.seed)
    let reach = min(settings.target, source.longestText ?? settings.target, ContextEvaluation.longest)
    let lengths = Set(Array(sequence(first: window) { $0 * 2 }.prefix { $0 < reach }) + [reach]).sorted()
    guard source.prefixesAreTexts else { return [try RecallAccuracy(lengths: lengths, trials: 20, seed: seed)] }
    var all: [any Evaluation] = [
      try SlidingPerplexity(of: source, lengths: lengths, stride: max(1, window / 2), documents: 4, seed: seed),
      try PositionPerplexity(of: source, length: reach, stretches: 16, documents: 4, seed: seed),
    ]
    let retrieval = ([window / 2] + lengths).filter { $0 >= PasskeyAccuracy.shortest }
    if !retrieval.isEmpty {
      all.append(try PasskeyAccuracy(lengths: retrieval, trials: 20, seed: seed))
      all.append(try PasskeyAccuracy(lengths: retrieval, depths: [0, 0.25, 0.5, 0.75, 1], trials: 5, seed: seed))
    }
    let distances = DistanceLoss.distances(window: window, target: reach)
    if reach >= 2 * PasskeyAccuracy.shortest {
      all.append(try DistanceLoss(length: reach, distances: distances, trials: 8, seed: seed))
    }
    return all
  }
}

/// What is known of a model so far.
public struct EvaluationNews: Equatable, Sendable {
  public enum Phase: Equatable, Sendable {
    case waiting
    /// The share that is read, 0 … 1, and what is being measured.
    case measuring(share: Double, measure: String)
    case finished
    case failed(String)
  }

  public var request: EvaluationRequest
  public var phase = Phase.waiting
  public var results: [EvaluationResult] = []

  public init(_ request: EvaluationRequest) { self.request = request }

  /// A measure's numbers; nil where it is not measured yet.
  public func result(_ measure: String) -> EvaluationResult? { results.first { $0.measure == measure } }
}

extension EvaluationRequest {
  /// Measures everything; where that cannot be done the phase says why.
  ///
  /// - Parameter observe: told all that is known after every number; returns whether to go on.
  public func measured(threads: Int, observe: (EvaluationNews) -> Bool = { _ in true }) -> EvaluationNews {
    var known = EvaluationNews(self)
    do {
      let inference = Inference(try ModelFolder.load(Installation.modelFolder(folder)), threads: threads)
      let evaluations = try evaluations()
      for (index, evaluation) in evaluations.enumerated() {
        let before = known.results
        let result = try evaluation.run(inference) { result, share in
          known.results = before + [result]
          known.phase = .measuring(
            share: (Double(index) + share) / Double(evaluations.count), measure: evaluation.measure)
          return observe(known)
        }
        known.results = before + [result]
      }
      known.phase = .finished
    } catch {
      known.phase = .failed(error is CancellationError ? "stopped" : String(describing: error))
    }
    return known
  }
}

/// Measures models one after the other on a thread of its own; numbers are told as they are known.
public final class EvaluationSession: Sendable {
  private let newsArrived: EventDescriptor
  private let requests = Mailbox<EvaluationRequest?>()
  private let news = Mutex<[EvaluationNews]>([])

  /// - Parameter newsArrived: raised at all news; others may share it.
  public init(newsArrived: EventDescriptor) {
    self.newsArrived = newsArrived
    // The closure holds the session until `stop`.
    LowPriorityThread.detach { [self] in work() }
  }

  public func ask(_ request: EvaluationRequest) {
    publish(EvaluationNews(request))
    requests.post(request)
  }

  /// Ends the thread as soon as it looks.
  public func stop() { requests.post(nil) }

  /// What is known of each model of which more is known than at the last call.
  public func takeNews() -> [EvaluationNews] {
    news.withLock { news in
      defer { news = [] }
      return news
    }
  }

  private func work() {
    var waiting: [EvaluationRequest] = []
    while true {
      for request in requests.take(waiting: waiting.isEmpty) {
        guard let request else { return }
        waiting.removeAll { $0.label == request.label }
        waiting.append(request)
      }
      guard !waiting.isEmpty else { continue }
      measure(waiting.removeFirst())
    }
  }

  private func measure(_ request: EvaluationRequest) {
    // One thread: a run that trains has the rest.
    let known = request.measured(threads: 1) { known in
      publish(known)
      return !isToldToStop
    }
    publish(known)
  }

  /// Whether `stop` waits in the mailbox; other requests wait their turn there.
  private var isToldToStop: Bool { requests.contains(where: { $0 == nil }) }

  private func publish(_ known: EvaluationNews) {
    news.withLock { news in
      news.removeAll { $0.request.label == known.request.label }
      news.append(known)
    }
    newsArrived.raise()
  }
}
