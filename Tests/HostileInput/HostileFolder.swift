import Foundation

/// A temporary folder of things that only look like files; it goes when the value does.
public final class HostileFolder {
  public let path: String

  public init() throws {
    path = NSTemporaryDirectory() + "hostile-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A plain file.
  @discardableResult
  public func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  /// What stands in the place of a file.
  public enum Impostor: String, CaseIterable, Sendable {
    /// A pipe that nobody writes to: reading it never ends.
    case pipe
    /// A device that never runs dry.
    case device
    case folder
    /// A link to itself.
    case loop
    /// A link to what is not there: also what a file that has just been deleted looks like.
    case dangling
    /// Four gigabytes of nothing.
    case sparse
    /// A file of somebody else.
    case unreadable
  }

  /// Puts something else where a file is expected.
  ///
  /// - Returns: its path; nil where this user cannot make one, as root cannot make what it may not read.
  public func place(_ impostor: Impostor, as name: String) throws -> String? {
    let path = path(name)
    let files = FileManager.default
    switch impostor {
    case .pipe: guard mkfifo(path, 0o600) == 0 else { return nil }
    case .device: try files.createSymbolicLink(atPath: path, withDestinationPath: "/dev/zero")
    case .folder: try files.createDirectory(atPath: path, withIntermediateDirectories: true)
    case .loop: try files.createSymbolicLink(atPath: path, withDestinationPath: path)
    case .dangling: try files.createSymbolicLink(atPath: path, withDestinationPath: path + ".gone")
    case .sparse:
      _ = files.createFile(atPath: path, contents: nil)
      guard truncate(path, 4 << 30) == 0 else { return nil }
    case .unreadable:
      guard geteuid() != 0 else { return nil }
      _ = files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0])
    }
    return path
  }

  private func path(_ name: String) -> String { path + "/" + name }
}
