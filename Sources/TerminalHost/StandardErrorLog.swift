import Glibc

/// Sends standard error to a file while the screen is up, where text on it would break the picture.
struct StandardErrorLog {
  let path: String
  /// The descriptor that still leads to the real standard error.
  let original: Int32
  /// What the file held before.
  let initialSize: Int64

  /// Redirects standard error to the end of a file. Nil where it does not lead to the terminal anyway, or where
  /// the file cannot be written: a missing log is no reason to refuse the screen.
  init?(path: String) {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    guard original >= 0, let size = Self.size(of: file), dup2(file, STDERR_FILENO) >= 0 else { return nil }
    self.path = path
    self.original = original
    initialSize = size
  }

  /// Gives standard error back, and says where the messages are if there are new ones. An empty file goes.
  func end() {
    let size = Self.size(of: STDERR_FILENO) ?? initialSize
    dup2(original, STDERR_FILENO)
    close(original)
    if size > initialSize {
      TerminalOutput.write("skipwise: messages of this session are in \(path)\n", to: STDERR_FILENO)
    } else if size == 0 {
      unlink(path)
    }
  }

  private static func size(of descriptor: Int32) -> Int64? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int64(status.st_size) : nil
  }
}
