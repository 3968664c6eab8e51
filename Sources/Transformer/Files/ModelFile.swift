import Foundation

/// Reading whole files with errors that name them.
public enum ModelFile {
  /// Files that are parsed whole are far smaller; what is larger is something else under their name.
  public static let textLimit = 64 << 20

  /// The file's bytes; files above `textLimit` are memory-mapped, since Foundation's own choice reads them into memory whole.
  ///
  /// - Parameter limit: more bytes than this are refused before any is read.
  public static func contents(of path: String, limit: Int = textLimit) throws(ModelFileError) -> Data {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .unreadable(path: path, reason: "there is no such file")
    }
    // A pipe or a device would be read without end.
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: isFolder.boolValue ? "it is a folder" : "it is not a regular file")
    }
    guard status.st_size <= limit else {
      throw .unreadable(path: path, reason: "it has \(status.st_size) bytes, and at most \(limit) are read")
    }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path), options: status.st_size > textLimit ? .alwaysMapped : [])
    } catch {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
  }
}
