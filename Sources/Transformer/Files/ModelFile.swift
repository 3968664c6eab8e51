import Foundation

/// Reading whole files with errors that name them.
public enum ModelFile {
  /// The file's bytes, memory-mapped where the system can.
  public static func contents(of path: String) throws(ModelFileError) -> Data {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .unreadable(path: path, reason: "there is no such file")
    }
    // A pipe or a device would be read without end.
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: isFolder.boolValue ? "it is a folder" : "it is not a regular file")
    }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
  }
}
