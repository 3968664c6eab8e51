import Foundation

/// Reading whole files with errors that name them.
public enum ModelFile {
  /// Files that are parsed whole are far smaller; what is larger is something else under their name.
  public static let textLimit = 64 << 20

  /// The file's bytes.
  ///
  /// - Parameter limit: more bytes than this are refused before any is read.
  public static func contents(of path: String, limit: Int = textLimit) throws(ModelFileError) -> Data {
    let file = try RegularFile(path)
    guard file.size <= limit else {
      throw .unreadable(path: path, reason: "it has \(file.size) bytes, and at most \(limit) are read")
    }
    return try file.bytes()
  }
}
