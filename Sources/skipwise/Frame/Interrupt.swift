import Glibc
import Synchronization

/// Ctrl-C and SIGTERM in a verb: the work under way ends at its next safe place, and what was done is kept.
enum Interrupt {
  private static let flag = Atomic<Bool>(false)
  private static let listens = Atomic<Bool>(false)

  static func listen() {
    var heard = sigset_t()
    sigemptyset(&heard)
    for signal in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(signal) {
      sigaddset(&heard, signal)
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in Interrupt.request() }
      sigaction(signal, &action, nil)
    }
    // Whatever started the program may have blocked them, as threads of Dispatch do, and that is inherited.
    pthread_sigmask(SIG_UNBLOCK, &heard, nil)
    // A reader that goes away must not cost the work either: the write fails, and `Output` asks for the end.
    signal(SIGPIPE, SIG_IGN)
    listens.store(true, ordering: .relaxed)
  }

  /// `nohup` and shells that start something in the background have it ignore what does not concern it; that is inherited,
  /// and has to stay.
  private static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    sigaction(signal, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  static func request() { flag.store(true, ordering: .relaxed) }

  static var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// Whether there is work under way that looks at `isRequested`.
  static var isListening: Bool { listens.load(ordering: .relaxed) }
}
