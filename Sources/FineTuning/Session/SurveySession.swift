import Synchronization
import Transformer

/// Answers questions about distances on a thread of its own; only the newest one counts.
public final class SurveySession: Sendable {
  private let newsArrived: EventDescriptor
  private let requests = Mailbox<SurveyRequest?>()
  private let news = Mutex<DistanceSurvey?>(nil)

  /// - Parameter newsArrived: raised at all news; others may share it.
  public init(newsArrived: EventDescriptor) {
    self.newsArrived = newsArrived
    // The closure holds the session until `stop`.
    LowPriorityThread.detach { [self] in work() }
  }

  public func ask(_ request: SurveyRequest) { requests.post(request) }

  /// Ends the thread as soon as it looks.
  public func stop() { requests.post(nil) }

  /// What is known of the newest question, if that is more than at the last call.
  public func takeNews() -> DistanceSurvey? {
    news.withLock { news in
      defer { news = nil }
      return news
    }
  }

  /// Answers that were given, so that going back and forth between settings is instant.
  private static let memory = 16

  private func work() {
    var known: [SurveyRequest: DistanceSurvey] = [:]
    while true {
      guard let last = requests.take(waiting: true).last, let request = last else { return }
      if let survey = known[request] {
        publish(survey)
        continue
      }
      let survey = DistanceSurvey.conducted(request) { survey in
        publish(survey)
        return requests.isEmpty
      }
      publish(survey)
      if known.count >= Self.memory { known.removeAll() }
      if survey.isFinished { known[request] = survey }
    }
  }

  private func publish(_ survey: DistanceSurvey) {
    news.withLock { $0 = survey }
    newsArrived.raise()
  }
}
