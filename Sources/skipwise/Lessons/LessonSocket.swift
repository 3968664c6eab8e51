import FineTuning
import Foundation
import Synchronization
import Workbench

/// The line between a lecturer's two windows: a socket of the user's own. The audience's window sends pages, the notes' window
/// hands; both as lines of JSON.
enum LessonSocket {
  /// In the user's own folder for such things, or below the temporary one under the user's number.
  static var path: String {
    let runtime = ProcessInfo.processInfo.environment["XDG_RUNTIME_DIR"].flatMap { $0.isEmpty ? nil : $0 }
    return (runtime ?? NSTemporaryDirectory() + "skipwise-\(getuid())") + "/skipwise-lesson.sock"
  }

  /// - Throws: `SocketError` where the system refuses.
  fileprivate static func open(_ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32) throws(SocketError) -> Int32
  {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw SocketError(reason: String(cString: strerror(errno))) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8) + [0]
    guard bytes.count <= MemoryLayout.size(ofValue: address.sun_path) else {
      close(descriptor)
      throw SocketError(reason: "the path \(path) is too long")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        use(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0 else {
      let reason = String(cString: strerror(errno))
      close(descriptor)
      throw SocketError(reason: reason)
    }
    return descriptor
  }

  /// Sends a line without waiting; false where the other end does not read, which then is no use any more.
  fileprivate static func send(_ text: String, to descriptor: Int32) -> Bool {
    let bytes = Array((text + "\n").utf8)
    return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)) == bytes.count
  }

  /// Reads lines until the other end closes.
  static func forEachLine(of descriptor: Int32, _ take: (String) -> Void) {
    var rest: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0, rest.count < 1 << 20 else { return }
      rest += buffer.prefix(count)
      while let end = rest.firstIndex(of: 10) {
        take(String(decoding: rest[..<end], as: UTF8.self))
        rest.removeSubrange(...end)
      }
    }
  }
}

/// Why the two windows cannot meet.
struct SocketError: Error, CustomStringConvertible {
  var reason: String
  var description: String { "the lecturer's windows cannot meet at \(LessonSocket.path): \(reason)" }
}

/// The audience's end: tells pages to whoever listens, and hands to the program.
final class LessonPresenter: Sendable {
  private let newsArrived: EventDescriptor
  private let clients = Mutex<[Int32]>([])
  private let page = Mutex<NotesPage?>(nil)
  private let changes = Mutex<[(letter: Character, change: Int)]>([])

  init(newsArrived: EventDescriptor) throws(SocketError) {
    self.newsArrived = newsArrived
    let folder = (LessonSocket.path as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    unlink(LessonSocket.path)
    let descriptor = try LessonSocket.open { bind($0, $1, $2) }
    guard listen(descriptor, 4) == 0 else { throw SocketError(reason: String(cString: strerror(errno))) }
    Thread.detachNewThread { [self] in
      while true {
        let client = accept(descriptor, nil, nil)
        guard client >= 0 else { return }
        serve(client)
      }
    }
  }

  private func serve(_ client: Int32) {
    clients.withLock { $0.append(client) }
    if let known = page.withLock({ $0 }) { tell(known, to: [client]) }
    Thread.detachNewThread { [self] in
      LessonSocket.forEachLine(of: client) { line in
        guard let change = Self.change(line) else { return }
        changes.withLock { $0.append(change) }
        newsArrived.raise()
      }
      clients.withLock { $0.removeAll { $0 == client } }
      Glibc.close(client)
    }
  }

  /// A hand for an option, added or taken away, as a line says it; nil where it says nothing such.
  static func change(_ line: String) -> (letter: Character, change: Int)? {
    guard line.count == 2, let sign = line.first, "+-".contains(sign), let letter = line.last, letter.isASCII,
      letter.isLowercase
    else { return nil }
    return (letter, sign == "+" ? 1 : -1)
  }

  private func tell(_ page: NotesPage, to clients: [Int32]) {
    guard let line = try? Output.jsonLine(page) else { return }
    // Whoever does not read is let go, by its own thread: the lesson must not wait for a window of notes.
    for client in clients where !LessonSocket.send(line, to: client) { shutdown(client, Int32(SHUT_RDWR)) }
  }

  /// Tells a page, if it is not the one that was told last.
  func show(_ next: NotesPage?) {
    let isNew = page.withLock { page in
      defer { page = next }
      return page != next
    }
    guard isNew, let next else { return }
    tell(next, to: clients.withLock { $0 })
  }

  /// Hands with what was added and taken away since the last call; nil where nothing was.
  func hands(_ known: [Character: Int]) -> [Character: Int]? {
    let new = changes.withLock { changes in
      defer { changes = [] }
      return changes
    }
    guard !new.isEmpty else { return nil }
    var hands = known
    for (letter, change) in new { hands[letter] = min(999, max(0, (hands[letter] ?? 0) + change)) }
    return hands
  }

  func close() { unlink(LessonSocket.path) }
}

/// The lecturer's end.
final class LessonListener: Sendable {
  let newsArrived = EventDescriptor()
  private let descriptor: Int32
  private let page = Mutex<NotesPage?>(nil)
  private let ended = Mutex(false)

  init() throws(SocketError) {
    do throws(SocketError) {
      descriptor = try LessonSocket.open { connect($0, $1, $2) }
    } catch {
      throw SocketError(reason: "\(error.reason); start skipwise lesson present NAME in another window first")
    }
    Thread.detachNewThread { [self] in
      LessonSocket.forEachLine(of: descriptor) { line in
        guard let next = Self.page(line) else { return }
        page.withLock { $0 = next }
        newsArrived.raise()
      }
      ended.withLock { $0 = true }
      newsArrived.raise()
    }
  }

  /// A page as a line says it; nil where it is none.
  static func page(_ line: String) -> NotesPage? {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try? decoder.decode(NotesPage.self, from: Data(line.utf8))
  }

  var current: NotesPage? { page.withLock { $0 } }
  var isEnded: Bool { ended.withLock { $0 } }

  func hand(_ letter: Character, isAdded: Bool) {
    _ = LessonSocket.send("\(isAdded ? "+" : "-")\(letter)", to: descriptor)
  }
}
