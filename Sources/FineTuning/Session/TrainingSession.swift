import Foundation
import Positions
import Synchronization
import Transformer

/// A run on a thread of its own, steered by commands and watched through news.
///
/// Commands reach it through a mailbox that it reads between steps. News leave through one bounded place that the
/// thread overwrites and never waits for.
public final class TrainingSession: Sendable {
  /// What a session can be asked to do.
  public enum Command: Equatable, Sendable {
    /// Take steps until all are taken.
    case run
    case pause
    /// Take this many steps, then pause.
    case step(Int)
    /// Go back to a step, or forward again among those taken; what comes after it stays.
    case go(to: Int)
    /// Compute this head's attention after each step from now on; nil stops that.
    case observe(Inference.HeadAddress?)
    /// Compute the base model's attention beside it, or not.
    case compareAttention(Bool)
    /// Write a checkpoint of the newest step.
    case save
    /// Write the model as it is at the step that is looked at.
    case saveModel
    /// Take on what can be changed between two steps.
    case change(RunSettings)
    /// End: keep what was trained, then stop the thread.
    case stop
  }

  /// Raised when `takeNews` has something new.
  private let newsArrived: EventDescriptor
  private let commands = Mailbox<Command>()
  private let news = Mutex(SessionNews(phase: .loading))
  private let hasEnded = Mutex(false)

  /// News that wait at most; older steps are dropped first, as they are in `metrics.jsonl`.
  private static let stepLimit = 100_000

  /// - Parameter newsArrived: raised at all news; several sessions may share one.
  public init(_ request: SessionRequest, newsArrived: EventDescriptor) {
    self.newsArrived = newsArrived
    // The closure holds the session until the thread ends, so `stop` must come before the last reference goes.
    let isStarted = LowPriorityThread.detach { [self] in
      SessionThread(request, session: self).run()
      hasEnded.withLock { $0 = true }
      newsArrived.raise()
    }
    if !isStarted { publish { $0.phase = .failed("the system refuses one more thread") } }
  }

  public func send(_ command: Command) { commands.post(command) }

  /// Everything new since the last call.
  public func takeNews() -> SessionNews {
    return news.withLock { news in
      defer { news = SessionNews(phase: news.phase) }
      return news
    }
  }

  /// Whether the thread has stopped, with everything written.
  public var isEnded: Bool { hasEnded.withLock { $0 } }

  func publish(_ change: (inout SessionNews) -> Void) {
    news.withLock { news in
      change(&news)
      if news.steps.count > Self.stepLimit { news.steps.removeFirst(news.steps.count - Self.stepLimit) }
    }
    newsArrived.raise()
  }

  /// Whether nobody has asked for the end yet.
  var isWanted: Bool { !commands.contains { $0 == .stop } }

  func takeCommands(waiting: Bool) -> [Command] { commands.take(waiting: waiting) }
}

/// What a session is made from; read on its own thread, so that opening a large model does not stop the screen.
public struct SessionRequest: Equatable, Sendable {
  public var settings: RunSettings
  /// The folder that the run writes into; made at the first step.
  public var folder: String
  public var threads: Int
  /// The folder holds a run with these settings, which goes on from its checkpoint.
  public var resumes: Bool

  public init(settings: RunSettings, folder: String, threads: Int, resumes: Bool = false) {
    self.settings = settings
    self.folder = folder
    self.threads = threads
    self.resumes = resumes
  }
}
