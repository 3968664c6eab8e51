import Canvas
import Workbench

/// What the event loop runs: it hands over events, and asks for a frame when something changed.
///
/// Everything is called on the main thread.
@MainActor
public protocol TerminalApplication: AnyObject {
  /// Reacts to a key, the mouse, pasted text, focus or a new size.
  func handle(_ event: InputEvent)

  /// Called after `wakeDescriptor` became readable, or after `nextWake` passed: takes in whatever has arrived.
  func wake()

  /// Draws the whole screen. The presenter finds out which cells changed.
  func draw(into canvas: inout Canvas)

  /// Whether the state changed since the last frame in a way that shows.
  var needsDisplay: Bool { get }

  /// A file descriptor that becomes readable when another thread has news (an eventfd or a pipe), or nil.
  var wakeDescriptor: Int32? { get }

  /// When `wake()` wants to be called at the latest; nil while nothing moves, so that an idle program sleeps.
  var nextWake: ContinuousClock.Instant? { get }

  /// The terminal window's title.
  var title: String { get }

  /// The loop ends after the event that made this true.
  var isFinished: Bool { get }

  /// A signal (SIGINT, SIGTERM, SIGHUP) asks the program to end: keep what must be kept, and quickly.
  func terminate(signal: Int32)
}
