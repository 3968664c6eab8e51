import Canvas
import TerminalHost
import Workbench

/// Plays a recorded lesson on a terminal, forward and backward.
@MainActor
final class ReplayApplication: TerminalApplication {
  private var replay: LessonReplay
  private let look: Look
  private(set) var nextWake: ContinuousClock.Instant?
  private(set) var needsDisplay = true
  private(set) var isFinished = false
  let title: String

  init(_ replay: LessonReplay, look: Look, title: String) {
    self.replay = replay
    self.look = look
    self.title = title
    plan()
  }

  func handle(_ event: InputEvent) {
    switch event {
    case .resize(let size): replay.resize(size)
    case .key(KeyPress(.escape)), .key(.character("q")): isFinished = true
    case .key(let key):
      replay.press(key)
      plan()
    default: return
    }
    needsDisplay = true
  }

  func wake() {
    guard let nextWake, ContinuousClock.now >= nextWake else { return }
    replay.advance()
    plan()
    needsDisplay = true
  }

  private func plan() { nextWake = replay.secondsToNext.map { .now + .seconds($0) } }

  func terminate(signal: Int32) { isFinished = true }

  func draw(into canvas: inout Canvas) {
    canvas = replay.picture(look)
    needsDisplay = false
  }

  var wakeDescriptor: Int32? { nil }
}
