import Glibc
import Synchronization

/// Ctrl-C and SIGTERM in a verb: the work under way ends at its next safe place, and what was done is kept.
enum Interrupt {
  private static let flag = Atomic<Int32>(0)

  static func listen() {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in Interrupt.flag.store(number, ordering: .relaxed) }
      sigaction(signal, &action, nil)
    }
  }

  static var isRequested: Bool { flag.load(ordering: .relaxed) != 0 }
}
