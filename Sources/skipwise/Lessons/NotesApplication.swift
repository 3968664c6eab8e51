import Canvas
import Foundation
import TerminalHost
import Workbench

/// The lecturer's window.
@MainActor
final class NotesApplication: TerminalApplication {
  private let listener: LessonListener
  private let look: Look
  private var size = Size(80, 24)
  private let start = ContinuousClock.now
  private var stepStart = ContinuousClock.now
  private var step = 0
  private(set) var needsDisplay = true
  private(set) var isFinished = false

  init(_ listener: LessonListener, look: Look) {
    self.listener = listener
    self.look = look
  }

  func handle(_ event: InputEvent) {
    switch event {
    case .resize(let size):
      self.size = size
      needsDisplay = true
    case .key(let key):
      if key == .character("q") || key == KeyPress(.escape) { isFinished = true }
      guard case .character(let character) = key.key, let lower = character.lowercased().first,
        listener.current?.options.contains(where: { $0.letter == String(lower) }) == true
      else { return }
      listener.hand(lower, isAdded: character == lower)
    default: break
    }
  }

  func wake() {
    listener.newsArrived.lower()
    if let page = listener.current, page.step != step {
      step = page.step
      stepStart = .now
    }
    if listener.isEnded { isFinished = true }
    needsDisplay = true
  }

  func terminate(signal: Int32) { isFinished = true }

  func draw(into canvas: inout Canvas) {
    needsDisplay = false
    let now = ContinuousClock.now
    let elapsed = (step: Int((now - stepStart).components.seconds), lesson: Int((now - start).components.seconds))
    if let page = listener.current { canvas = page.picture(size, look, elapsed: elapsed) }
  }

  var wakeDescriptor: Int32? { listener.newsArrived.descriptor }
  /// The clock moves once a second.
  var nextWake: ContinuousClock.Instant? { .now + .seconds(1) }
  var title: String { "Skipwise notes" }
}
