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
  private let threads: Int
  /// The run that is shown.
  private var session: TrainingSession?
  /// A run being opened; it takes the shown one's place once it is ready.
  private var candidate: TrainingSession?
  /// What to open once the candidate has answered: only the newest wish counts, however fast keys are pressed.
  private var wanted: SessionRequest?
  /// Runs that were told to stop and may still be writing their checkpoint.
  private var stopping: [TrainingSession] = []
  /// What examples teach about distances.
  private let surveys: SurveySession
  private let evaluations: EvaluationSession
  /// Runs that were listed on their own thread.
  private let listed = Mutex<[RunSummary]?>(nil)
  private let themes: FolderWatch
  /// Tells a lecturer's window what the audience sees.
  private let presenter: LessonPresenter?
  private let newsArrived: EventDescriptor
  /// When a key was pressed last.
  private var pressed = ContinuousClock.now

  private(set) var needsDisplay = true
  private(set) var isFinished = false

  /// - Throws: `SocketError` where a lecturer's window could not listen.
  ///
  /// - Parameter run: a run's folder to open instead of the settings shown.
  init(state: WorkbenchState, look: Look, threads: Int, run: String? = nil) throws {
    self.state = state
    self.look = look
    self.threads = threads
    newsArrived = EventDescriptor()
    surveys = SurveySession(newsArrived: newsArrived)
    evaluations = EvaluationSession(newsArrived: newsArrived)
    presenter = state.learn.isPresenting ? try LessonPresenter(newsArrived: newsArrived) : nil
    themes = FolderWatch(Installation.themeFolders, newsArrived: newsArrived)
    if state.explorer.survey == nil { surveys.ask(state.explorer.surveyRequest) }
    let settings = state.explorer.settings
    perform([run.map { .resume(path: $0, settings) } ?? .open(settings)])
    // What a screen asks for when it is shown, the first one asks for, too; what there was to say stays said.
    perform(reduce(&self.state, .action(.show(state.screen))))
    self.state.notice = state.notice
    presenter?.show(NotesPage(state))
  }

  // MARK: - Events

  func handle(_ event: InputEvent) {
    noteTime()
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
    if let hands = presenter?.hands(state.learn.hands) { apply(.hands(hands)) }
    if themes.takeChange() { use(theme: state.themeName) }
    stopping.removeAll { $0.isEnded }
  }

  func terminate(signal: Int32) { finish(within: .seconds(5)) }

  /// Adds the time since the last event to the lesson that is open.
  private func noteTime() {
    let pause = ContinuousClock.now - pressed
    pressed = .now
    guard state.screen == .learn, let lesson = state.learn.lesson else { return }
    state.learn.progress.spend(LessonProgress.counted(pause), on: lesson)
  }

  private func apply(_ event: Event) {
    let effects = reduce(&state, event)
    needsDisplay = true
    perform(effects)
    presenter?.show(NotesPage(state))
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
      case .open(let settings):
        open(SessionRequest(settings: settings, folder: Installation.newRunFolder(), threads: threads))
      case .resume(let path, let settings):
        open(SessionRequest(settings: settings, folder: path, threads: threads, resumes: true))
      case .exportRun(let path): export(path)
      case .send(let command): session?.send(command)
      case .survey(let request): surveys.ask(request)
      case .evaluate(let request): evaluations.ask(request)
      case .listRuns: listRuns()
      case .deleteRun(let path): delete(path)
      case .useTheme(let name): use(theme: name)
      case .saveScreen: saveScreen()
      case .keepProgress: keepProgress()
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

  private func keepProgress() {
    do {
      try LessonLibrary.keep(state.learn.progress)
    } catch {
      apply(
        .failure("progress cannot be kept: \((error as? ModelFileError)?.description ?? error.localizedDescription)"))
    }
  }

  /// The frame as text, with colours, and as a picture, under a number that is free.
  private func saveScreen() {
    let frame = view(state, look)
    let folder = Installation.dataFolder + "/screens"
    let stem = (1...9999).lazy.map { "\(folder)/\(self.state.screen.rawValue)-\($0)" }.first {
      !FileManager.default.fileExists(atPath: $0 + ".txt")
    }
    guard let stem else { return apply(.failure("\(folder) is full: 9999 screens are kept")) }
    let background = look.theme[.text].background.rgb ?? RGB(18, 18, 18)
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for (ending, text) in [
        ("txt", frame.text), ("ansi", frame.ansi(depth: .trueColor)), ("svg", frame.svg(background: background)),
      ] {
        try DurableFile.write(Data(text.utf8), to: "\(stem).\(ending)")
      }
      apply(.told("written: \(stem).txt, .ansi and .svg"))
    } catch {
      apply(.failure((error as? ModelFileError)?.description ?? error.localizedDescription))
    }
  }

  private func export(_ path: String) {
    do {
      let files = try RunExport(RunCatalog.run(at: path)).write(
        to: Installation.dataFolder + "/exports", look: look, size: Size(100, 30))
      apply(.told("written: \(files.joined(separator: ", "))"))
    } catch {
      apply(.failure((error as? ModelFileError)?.description ?? error.localizedDescription))
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
    guard let request = wanted else { return false }
    wanted = nil
    open(request)
    return true
  }

  private func open(_ request: SessionRequest) {
    guard candidate == nil else {
      wanted = request
      return
    }
    candidate = TrainingSession(request, newsArrived: newsArrived)
  }

  private func retire(_ session: TrainingSession?) {
    guard let session else { return }
    session.send(.stop)
    stopping.append(session)
  }

  private func use(theme name: String) {
    do {
      look.theme = try ThemeLibrary.theme(named: name)
      needsDisplay = true
    } catch {
      apply(.failure(error.description))
    }
  }

  /// Lets every run write its checkpoint, then ends the loop. A signal leaves less time than a person does.
  private func finish(within limit: Duration) {
    MemoryFile.write(WorkbenchMemory(state))
    if state.learn.lesson != nil { keepProgress() }
    presenter?.close()
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
