import Foundation
import Transformer

/// Where results and messages go.
enum Output {
  /// A line of results, on standard output.
  static func line(_ text: String) { self.text(text.printable + "\n") }

  /// Results as they are: pictures, and what other programs read.
  static func text(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

  /// A message, on standard error.
  static func message(_ text: String) { FileHandle.standardError.write(Data((text.printable + "\n").utf8)) }

  /// A line that the next one overwrites; only where a person looks at it.
  static func progress(_ text: String) {
    guard isatty(2) == 1 else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[K\(text.printable)".utf8))
  }

  static func endProgress() {
    guard isatty(2) == 1 else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
  }

  /// A JSON object on one line of standard output.
  static func json(_ value: some Encodable) throws { text(try jsonLine(value) + "\n") }

  /// A JSON object on one line, keys in the order of the alphabet.
  static func jsonLine(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
