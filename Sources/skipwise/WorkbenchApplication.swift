import Canvas
import FineTuning
import Foundation
import Synchronization
import TerminalHost
import Transformer
import Workbench

/// Runs the workbench on a terminal: hands events to `reduce`, carries its effects out, draws with `view`.
@MainActor
final class WorkbenchApplication: TerminalApplication {
  private var state: WorkbenchState
  private var look: Look
  private let themeFolder: String?
  private let threads: Int
  /// The run that is shown.
  private var session: TrainingSession?
  /// A run being opened; it takes the shown one's place once it is ready.
  private var candidate: TrainingSession?
  /// What to open once the candidate has answered: only the newest wish counts, however fast keys are pressed.
  private var wanted: RunSettings?
  /// Runs that were told to stop and may still be writing their checkpoint.
  private var stopping: [TrainingSession] = []
  /// What examples teach about distances.
  private let surveys: SurveySession
  private let evaluations: EvaluationSession
  /// Runs that were listed on their own thread.
  private let listed = Mutex<[RunSummary]?>(nil)
  private let newsArrived: EventDescriptor

  private(set) var needsDisplay = true
  private(set) var isFinished = false

  init(state: WorkbenchState, look: Look, themeFolder: String?, threads: Int) {
    self.state = state
    self.look = look
    self.themeFolder = themeFolder
    self.threads = threads
    newsArrived = EventDescriptor()
    surveys = SurveySession(newsArrived: newsArrived)
    evaluations = EvaluationSession(newsArrived: newsArrived)
    if state.explorer.survey == nil { surveys.ask(state.explorer.surveyRequest) }
    perform([.open(state.explorer.settings)])
  }

  // MARK: - Events

  func handle(_ event: InputEvent) {
    switch event {
    case .key(let key): apply(.key(key))
    case .paste(let text): apply(.paste(text))
    case .resize(let size): apply(.resize(size))
    case .mouse(let mouse): apply(.mouse(mouse))
    case .focus: break
    }
  }

  func wake() {
    newsArrived.lower()
    if let candidate { take(candidate.takeNews(), from: candidate) }
    if let session { take(session.takeNews(), from: session) }
    if let survey = surveys.takeNews() { apply(.survey(survey)) }
    let measured = evaluations.takeNews()
    if !measured.isEmpty { apply(.evaluations(measured)) }
    let list = listed.withLock { list in
      defer { list = nil }
      return list
    }
    if let list { apply(.runs(list)) }
    stopping.removeAll { $0.isEnded }
  }

  func terminate(signal: Int32) { finish(within: .seconds(5)) }

  private func apply(_ event: Event) {
    let effects = reduce(&state, event)
    needsDisplay = true
    perform(effects)
  }

  private func take(_ news: SessionNews, from source: TrainingSession) {
    guard source === candidate else {
      if news != SessionNews(phase: state.training.phase) { apply(.news(news)) }
      return
    }
    switch news.phase {
    case .loading: break
    case .failed(let reason):
      source.send(.stop)
      candidate = nil
      if openWanted() { return }
      // With nothing shown yet, the reason has to stay on the screen; else it is a message and the run goes on.
      apply(session == nil ? .news(news) : .openFailed(reason))
    default:
      candidate = nil
      if wanted != nil {
        retire(source)
        _ = openWanted()
        return
      }
      retire(session)
      session = source
      apply(.news(news))
    }
  }

  // MARK: - Effects

  private func perform(_ effects: [Effect]) {
    for effect in effects {
      switch effect {
      case .open(let settings): open(settings)
      case .send(let command): session?.send(command)
      case .survey(let request): surveys.ask(request)
      case .evaluate(let request): evaluations.ask(request)
      case .listRuns: listRuns()
      case .deleteRun(let path): delete(path)
      case .useTheme(let name): use(theme: name)
      case .repaint: needsDisplay = true
      case .quit: finish(within: .seconds(60))
      }
    }
  }

  private func listRuns() {
    RunLister.list(Installation.runsFolder) { [self] runs in
      listed.withLock { $0 = runs }
      newsArrived.raise()
    }
  }

  private func delete(_ path: String) {
    do {
      try RunCatalog.delete(path)
    } catch {
      apply(.failure(error.description))
    }
  }

  private func openWanted() -> Bool {
    guard let settings = wanted else { return false }
    wanted = nil
    open(settings)
    return true
  }

  private func open(_ settings: RunSettings) {
    guard candidate == nil else {
      wanted = settings
      return
    }
    let opened = TrainingSession(
      SessionRequest(settings: settings, folder: Installation.newRunFolder(), threads: threads),
      newsArrived: newsArrived)
    candidate = opened
  }

  private func retire(_ session: TrainingSession?) {
    guard let session else { return }
    session.send(.stop)
    stopping.append(session)
  }

  private func use(theme name: String) {
    guard let themeFolder else { return }
    do {
      look.theme = try ThemeFile.theme(named: name, in: themeFolder)
    } catch {
      apply(.failure(error.description))
    }
  }

  /// Lets every run write its checkpoint, then ends the loop. A signal leaves less time than a person does.
  private func finish(within limit: Duration) {
    surveys.stop()
    evaluations.stop()
    retire(candidate)
    retire(session)
    candidate = nil
    session = nil
    let end = ContinuousClock.now + limit
    while stopping.contains(where: { !$0.isEnded }), ContinuousClock.now < end { usleep(2000) }
    isFinished = true
  }

  // MARK: - Display

  func draw(into canvas: inout Canvas) {
    canvas = view(state, look)
    needsDisplay = false
  }

  var wakeDescriptor: Int32? { newsArrived.descriptor }

  /// Everything that moves arrives as news, so an idle workbench sleeps.
  var nextWake: ContinuousClock.Instant? { nil }

  var title: String { state.windowTitle }
}
