import Foundation

/// A file held open and read piece by piece.
///
/// Read and not mapped: of a mapped file that another program cuts, the first look at what is gone would end the process.
/// What is put in the file's place meanwhile is not seen.
final class RegularFile: Sendable {
  let path: String
  /// Bytes, when it was opened.
  let size: Int
  private let descriptor: Int32

  /// - Throws: `ModelFileError.unreadable` for what is missing, may not be read, or would be read without end, as a pipe.
  init(_ path: String) throws(ModelFileError) {
    self.path = path
    // Without O_NONBLOCK a pipe would be waited for before it can be told from a file.
    descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      switch errno {
      case ENOENT: throw .unreadable(path: path, reason: "there is no such file")
      case ENXIO: throw .unreadable(path: path, reason: Self.wrongKind)
      case let code: throw .unreadable(path: path, reason: String(cString: strerror(code)))
      }
    }
    var status = stat()
    let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    size = isFile ? Int(status.st_size) : 0
    guard isFile else {
      close(descriptor)
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw .unreadable(path: path, reason: isFolder ? "it is a folder" : Self.wrongKind)
    }
  }

  private static let wrongKind = "it is not a regular file"

  deinit { close(descriptor) }

  /// Fills `buffer` with what stands from byte `offset` on.
  ///
  /// - Throws: `ModelFileError.unreadable` where the disk refuses, `.truncated` where the file was cut since it was opened.
  func read(_ offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ModelFileError) {
    var done = 0
    while done < buffer.count {
      let count = pread(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(offset + done))
      if count > 0 {
        done += count
      } else if count == 0 {
        throw .truncated(path: path, expected: max(size, offset + buffer.count), found: offset + done)
      } else if errno != EINTR {
        throw .unreadable(path: path, reason: String(cString: strerror(errno)))
      }
    }
  }

  /// Some of its bytes, or all.
  ///
  /// - Throws: as `read`.
  func bytes(_ range: Range<Int>? = nil) throws(ModelFileError) -> Data {
    let range = range ?? 0..<size
    var data = Data(count: range.count)
    var failure: ModelFileError?
    data.withUnsafeMutableBytes { buffer in
      do throws(ModelFileError) { try read(range.lowerBound, into: buffer) } catch { failure = error }
    }
    if let failure { throw failure }
    return data
  }
}
