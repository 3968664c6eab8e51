import CSystem
import Foundation

/// Files that appear whole or not at all: written under another name, flushed to the disk, then renamed.
public enum DurableFile {
  /// - Throws: `ModelFileError.unwritable`.
  public static func write(_ data: Data, to path: String) throws(ModelFileError) {
    try write([data], to: path)
  }

  /// - Parameter pieces: what the file shall hold, one after the other; they are not joined in memory.
  /// - Throws: `ModelFileError.unwritable`.
  public static func write(_ pieces: [Data], to path: String) throws(ModelFileError) {
    // A name of its own for every write: two of them at once, or what a crash left behind, cannot mix.
    let partial = path + ".part-\(getpid())-\(String(UInt32.random(in: 0...(.max)), radix: 36))"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: lastReason) }
    guard pieces.allSatisfy({ writeAll($0, to: descriptor) }), fsync(descriptor) == 0 else {
      let reason = lastReason
      close(descriptor)
      unlink(partial)
      throw .unwritable(path: path, reason: reason)
    }
    close(descriptor)
    guard rename(partial, path) == 0 else {
      let reason = lastReason
      unlink(partial)
      throw .unwritable(path: path, reason: reason)
    }
    flushFolder((path as NSString).deletingLastPathComponent)
  }

  /// Adds to the end of an open file, which is not flushed: what a kill leaves of it may be cut.
  ///
  /// - Throws: `ModelFileError.unwritable`; a part may then have been written.
  public static func append(_ data: Data, to file: FileHandle, path: String) throws(ModelFileError) {
    guard writeAll(data, to: file.fileDescriptor) else { throw .unwritable(path: path, reason: lastReason) }
  }

  /// - Throws: `ModelFileError.unwritable`.
  public static func createFolder(_ path: String) throws(ModelFileError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .unwritable(path: path, reason: error.localizedDescription)
    }
  }

  /// Puts the finished folder `fresh` in the place of `path`, in one step that a crash cannot split.
  public static func replaceFolder(_ path: String, by fresh: String) throws(ModelFileError) {
    if rename(fresh, path) == 0 {
      flushFolder((path as NSString).deletingLastPathComponent)
      return
    }
    // A folder with something in it cannot be renamed over: the two change places, and the old one goes.
    guard skipwise_exchange_paths(fresh, path) == 0 else {
      throw .unwritable(path: path, reason: lastReason)
    }
    flushFolder((path as NSString).deletingLastPathComponent)
    try? FileManager.default.removeItem(atPath: fresh)
  }

  private static func writeAll(_ data: Data, to descriptor: Int32) -> Bool {
    data.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let written = Foundation.write(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return false }
        offset += written
      }
      return true
    }
  }

  /// A rename is only on the disk once its folder is.
  private static func flushFolder(_ path: String) {
    let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static var lastReason: String { String(cString: strerror(errno)) }
}
