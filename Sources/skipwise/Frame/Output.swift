import Foundation
import Glibc
import Synchronization
import Transformer

/// Where results and messages go.
///
/// Results that cannot be written end the program, at once or where work is under way at its next safe place. Messages that
/// cannot be written are lost: there is nobody left to tell.
enum Output {
  /// A line of results, on standard output.
  static func line(_ text: String) { self.text(text.printable + "\n") }

  /// Results as they are: pictures, and what other programs read.
  static func text(_ text: String) { result(Array(text.utf8)) }

  static func bytes(_ bytes: [UInt8]) { result(bytes) }

  /// A message, on standard error.
  static func message(_ text: String) { _ = write(Array((text.printable + "\n").utf8), to: STDERR_FILENO) }

  /// A line that the next one overwrites; only where a person looks at it.
  static func progress(_ text: String) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    _ = write(Array("\r\u{1B}[K\(text.printable)".utf8), to: STDERR_FILENO)
  }

  static func endProgress() { progress("") }

  /// A JSON object on one line of standard output.
  static func json(_ value: some Encodable) throws { text(try jsonLine(value) + "\n") }

  /// A JSON object on one line, keys in the order of the alphabet.
  static func jsonLine(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  // MARK: - Failure

  /// The error number of the first result that could not be written; 0 while all is well.
  private static let failureCode = Atomic<Int32>(0)

  /// The exit status where results could not be written.
  static var failure: ExitStatus? {
    switch failureCode.load(ordering: .relaxed) {
    case 0: nil
    case EPIPE: .closedPipe
    default: .inputOutput
    }
  }

  private static func result(_ bytes: [UInt8]) {
    // After a hole, what follows would only mislead.
    guard failureCode.load(ordering: .relaxed) == 0 else { return }
    let code = write(bytes, to: STDOUT_FILENO)
    guard code != 0 else { return }
    failureCode.store(code, ordering: .relaxed)
    endProgress()
    // A reader that has seen enough is no mistake.
    if code != EPIPE { message("skipwise: standard output: \(String(cString: strerror(code)))") }
    guard !Interrupt.isListening else { return Interrupt.request() }
    _exit((failure ?? .inputOutput).rawValue)
  }

  /// Writes all bytes; returns 0 or the error number.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        // Whoever shares the terminal or the pipe may have made it non-blocking.
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wait, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}
