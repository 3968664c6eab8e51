import CNcurses
import Canvas
import Glibc
import Workbench

/// Waits for input, signals, the application's news and its timer, and draws when something changed.
///
/// It sleeps in `poll` while nothing happens. Input is drawn at once; what wakes the application otherwise is drawn
/// at most once a `frameInterval`.
@MainActor
struct EventLoop<Application: TerminalApplication> {
  /// How long an ESC waits for the rest of a sequence before it is the Escape key.
  private static var escapeDelay: Duration { .milliseconds(25) }
  /// How soon a timer fires again, should an application leave it in the past.
  private static var shortestTimer: Duration { .milliseconds(5) }

  let application: Application
  let session: TerminalSession
  let presenter: Presenter
  /// Descriptor that handled signals arrive on, a byte each.
  let signals: Int32
  let frameInterval: Duration

  private let clock = ContinuousClock()
  private var decoder = InputDecoder()
  private var escapeDeadline: ContinuousClock.Instant?
  private var lastDrawing: ContinuousClock.Instant?
  private var lastTimer: ContinuousClock.Instant?
  /// Something happened that is drawn at once: input, a new size, a return from the shell.
  private var isUrgent = true
  /// A frame is due even if the application has nothing new.
  private var mustDraw = true
  private var endingSignal: Int32?
  /// The application's wake descriptor reported an error or the end.
  private var hasLostNews = false

  init(
    application: Application, session: TerminalSession, presenter: Presenter, signals: Int32, frameInterval: Duration
  ) {
    self.application = application
    self.session = session
    self.presenter = presenter
    self.signals = signals
    self.frameInterval = frameInterval
  }

  private var isOver: Bool { endingSignal != nil || application.isFinished }

  /// Runs until the application is finished or a signal ends it; returns the exit status.
  mutating func run() -> Int32 {
    application.handle(.resize(presenter.size))
    while !isOver {
      drawIfDue()
      wait()
    }
    return endingSignal.map { 128 + $0 } ?? 0
  }

  // MARK: Drawing

  private var isDrawingDue: Bool { mustDraw || application.needsDisplay }

  private mutating func drawIfDue() {
    guard isDrawingDue else {
      isUrgent = false
      return
    }
    let now = clock.now
    if !isUrgent, let lastDrawing, now < lastDrawing + frameInterval { return }
    var canvas = Canvas(size: presenter.size)
    application.draw(into: &canvas)
    presenter.present(canvas, title: application.title)
    lastDrawing = now
    isUrgent = false
    mustDraw = false
  }

  // MARK: Waiting

  private mutating func wait() {
    let readable = Int16(POLLIN)
    var descriptors = [
      pollfd(fd: STDIN_FILENO, events: readable, revents: 0),
      pollfd(fd: signals, events: readable, revents: 0),
      // A negative descriptor is skipped by poll.
      pollfd(fd: hasLostNews ? -1 : application.wakeDescriptor ?? -1, events: readable, revents: 0),
    ]
    // Interrupted by a signal: its byte is in the pipe, and the next poll returns at once.
    guard poll(&descriptors, nfds_t(descriptors.count), timeout()) >= 0 else { return }

    if descriptors[1].revents != 0 { takeSignals() }
    if descriptors[0].revents != 0 && !isOver { takeInput() }
    if let deadline = escapeDeadline, clock.now >= deadline, !isOver {
      escapeDeadline = nil
      dispatch(decoder.flush())
    }
    let news = descriptors[2].revents
    if !isOver { wakeIfDue(hasNews: news & readable != 0) }
    // A descriptor whose other end is closed is always ready: waiting on it would not be waiting.
    if news != 0 && news & readable == 0 { hasLostNews = true }
  }

  private mutating func wakeIfDue(hasNews: Bool) {
    let isTimerDue = timer().map { clock.now >= $0 } ?? false
    if isTimerDue { lastTimer = clock.now }
    if hasNews || isTimerDue { application.wake() }
  }

  private func timer() -> ContinuousClock.Instant? {
    guard let wanted = application.nextWake else { return nil }
    guard let lastTimer else { return wanted }
    return max(wanted, lastTimer + Self.shortestTimer)
  }

  /// Milliseconds until the next thing that happens by itself; −1 where nothing does.
  private func timeout() -> Int32 {
    var deadlines = [escapeDeadline, timer()].compactMap { $0 }
    if isDrawingDue, let lastDrawing { deadlines.append(lastDrawing + frameInterval) }
    guard let earliest = deadlines.min() else { return -1 }
    let remaining = (earliest - clock.now).components
    guard remaining.seconds >= 0, remaining.attoseconds >= 0 else { return 0 }
    // Rounded up: to wake a moment early would only mean to sleep again.
    let milliseconds = remaining.seconds.multipliedReportingOverflow(by: 1000).partialValue
    let fraction = (remaining.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(clamping: min(milliseconds, 3_600_000) + fraction)
  }

  // MARK: Input

  private mutating func takeInput() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    // A paste or a flood of mouse reports is taken in before the next frame, up to a bound.
    for _ in 0..<16 {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0 && (errno == EINTR || errno == EAGAIN) { return }
      guard count > 0 else {
        end(by: SIGHUP)
        return
      }
      escapeDeadline = nil
      dispatch(decoder.decode(buffer.prefix(count)))
      if isOver { return }
      var more = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      guard poll(&more, 1, 0) > 0 else { break }
    }
    escapeDeadline = decoder.isPending ? clock.now + Self.escapeDelay : nil
  }

  private mutating func dispatch(_ events: [InputEvent]) {
    for event in events {
      isUrgent = true
      switch event {
      case .key(KeyPress(.character("c"), .control)):
        end(by: SIGINT)
      case .key(KeyPress(.character("z"), .control)):
        suspend()
      case .key(KeyPress(.character("l"), .control)):
        repaint()
        application.handle(event)
      default:
        application.handle(event)
      }
      if isOver { return }
    }
  }

  // MARK: Signals

  private mutating func takeSignals() {
    for signal in pendingSignals() where !isOver {
      switch signal {
      case SIGWINCH: takeSize()
      case SIGTSTP: suspend()
      case SIGCONT:
        session.reclaim()
        takeSize()
        repaint()
      default: end(by: signal)
      }
    }
  }

  /// The signals that came since the last time, each once, those that end the program first.
  private func pendingSignals() -> [Int32] {
    var buffer = [UInt8](repeating: 0, count: 512)
    var pending: Set<Int32> = []
    while true {
      let count = read(signals, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      pending.formUnion(buffer.prefix(count).map(Int32.init))
    }
    return [SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT, SIGWINCH].filter(pending.contains)
  }

  private mutating func suspend() {
    session.suspend()
    // The continuation that ended the stop has been dealt with by returning from it.
    let sinceThen = pendingSignals()
    takeSize()
    repaint()
    if let ending = sinceThen.first(where: { [SIGTERM, SIGHUP, SIGINT].contains($0) }) { end(by: ending) }
  }

  private mutating func takeSize() {
    guard let size = TerminalSession.currentSize(), size != presenter.size else { return }
    presenter.resize(to: size)
    application.handle(.resize(presenter.size))
    isUrgent = true
    mustDraw = true
  }

  private mutating func repaint() {
    presenter.invalidate()
    isUrgent = true
    mustDraw = true
  }

  private mutating func end(by signal: Int32) {
    guard endingSignal == nil else { return }
    endingSignal = signal
    application.terminate(signal: signal)
  }
}
