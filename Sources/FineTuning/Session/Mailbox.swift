import Glibc
import Synchronization

/// Commands on their way to one thread: anyone posts, the owner takes them between steps or waits for the first.
final class Mailbox<Message: Sendable>: Sendable {
  private let messages = Mutex<[Message]>([])
  /// Counts posts, so that the owner can sleep without spinning.
  private let signal = EventDescriptor()

  func post(_ message: Message) {
    messages.withLock { $0.append(message) }
    signal.raise()
  }

  /// Whether nothing waits to be taken.
  var isEmpty: Bool { messages.withLock { $0.isEmpty } }

  /// Whether such a message waits.
  func contains(where matches: (Message) -> Bool) -> Bool { messages.withLock { $0.contains(where: matches) } }

  /// Everything posted so far.
  ///
  /// - Parameter waiting: sleep until something is there.
  func take(waiting: Bool) -> [Message] {
    while true {
      let taken = messages.withLock { waiting in
        defer { waiting.removeAll(keepingCapacity: true) }
        return waiting
      }
      if !taken.isEmpty || !waiting { return taken }
      signal.wait()
    }
  }
}

/// A pipe's end that one thread makes readable and another waits on.
public final class EventDescriptor: Sendable {
  /// Readable while raised.
  public let descriptor: Int32
  private let writeEnd: Int32

  public init() {
    var ends: [Int32] = [-1, -1]
    // Where the system refuses a pipe both ends stay −1: raising does nothing, and `wait` looks again now and then.
    if pipe(&ends) == 0 {
      for end in ends {
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      }
    }
    descriptor = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    close(descriptor)
    close(writeEnd)
  }

  public func raise() {
    var mark: UInt8 = 1
    _ = write(writeEnd, &mark, 1)
  }

  /// Makes the descriptor unreadable again.
  public func lower() {
    withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer in
      while read(descriptor, buffer.baseAddress, buffer.count) > 0 {}
    }
  }

  /// Sleeps until raised, then lowers it.
  func wait() {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&entry, 1, descriptor >= 0 ? -1 : 100)
    lower()
  }
}
