import Glibc

/// Sends standard error to a file while the screen is up, where text on it would break the picture.
struct StandardErrorLog {
  let path: String
  /// The descriptor that still leads to the real standard error.
  let original: Int32

  /// Redirects standard error to a new file. Nil where it does not lead to the terminal anyway, or where there can be no such
  /// file: a missing log is no reason to refuse the screen.
  init?(path: String) {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
    // New, and so no link that somebody has laid in a folder where everybody may write. What an earlier process of the same
    // number has left goes.
    func create() -> Int32 { open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600) }
    var file = create()
    if file < 0, errno == EEXIST, unlink(path) == 0 { file = create() }
    guard file >= 0 else { return nil }
    defer { close(file) }
    let original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    guard original >= 0, dup2(file, STDERR_FILENO) >= 0 else { return nil }
    self.path = path
    self.original = original
  }

  /// Gives standard error back, and says where the messages are if there are some. An empty file goes.
  func end() {
    let size = Self.size(of: STDERR_FILENO) ?? 0
    dup2(original, STDERR_FILENO)
    close(original)
    if size > 0 {
      TerminalOutput.write("skipwise: messages of this session are in \(path)\n", to: STDERR_FILENO)
    } else {
      unlink(path)
    }
  }

  private static func size(of descriptor: Int32) -> Int64? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int64(status.st_size) : nil
  }
}
