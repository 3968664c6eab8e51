import Glibc

/// The system's own words for an error number.
enum SystemMessage {
  static func text(for code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}
