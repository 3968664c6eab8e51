import Glibc
import Synchronization

/// Ctrl-C and SIGTERM in a verb: the work under way ends at its next safe place, and what was done is kept.
enum Interrupt {
  private static let flag = Atomic<Bool>(false)
  private static let listens = Atomic<Bool>(false)

  static func listen() {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in Interrupt.request() }
      sigaction(signal, &action, nil)
    }
    // A reader that goes away must not cost the work either: the write fails, and `Output` asks for the end.
    signal(SIGPIPE, SIG_IGN)
    listens.store(true, ordering: .relaxed)
  }

  static func request() { flag.store(true, ordering: .relaxed) }

  static var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// Whether there is work under way that looks at `isRequested`.
  static var isListening: Bool { listens.load(ordering: .relaxed) }
}
