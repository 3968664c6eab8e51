import Foundation
import Positions

/// Documents read from files: each regular file is one, whatever its bytes are.
public struct Corpus: Sendable {
  /// What the screens call it.
  public let name: String
  /// The documents' bytes, in memory: a run reads them for hours, and must neither see nor suffer what an editor does to the files
  /// meanwhile.
  private let documents: [Data]
  public let byteCount: Int

  /// More than this is refused: positions in it would not fit the screens, reading it would take minutes, and half the machine's
  /// memory is for the model.
  static let byteLimit = min(2 << 30, Int(clamping: ProcessInfo.processInfo.physicalMemory / 2))

  /// - Parameter paths: files, or folders that are read with everything below them.
  /// - Throws: `CorpusError` naming the path.
  public init(paths: [String]) throws(CorpusError) {
    try self.init(paths: paths, byteLimit: Self.byteLimit)
  }

  init(paths: [String], byteLimit: Int) throws(CorpusError) {
    var documents: [Data] = []
    var total = 0
    for path in paths {
      for file in try Self.files(at: path) {
        let data = try Self.contents(of: file, taken: total, limit: byteLimit)
        total += data.count
        if !data.isEmpty { documents.append(data) }
      }
    }
    guard !documents.isEmpty else { throw .empty(path: paths.joined(separator: ", ")) }
    self.documents = documents
    byteCount = total
    let first = (paths.first.map { ($0 as NSString).lastPathComponent }) ?? ""
    name = paths.count > 1 ? "\(first) + \(paths.count - 1) more" : first
  }

  public var documentCount: Int { documents.count }
  public var longestDocument: Int { documents.map(\.count).max() ?? 0 }

  /// A stretch of one document: the document is drawn by how many places for a stretch it has, then the place.
  ///
  /// - Parameters:
  ///   - minimum: shorter documents are left out.
  ///   - wanted: bytes to take; a shorter document gives all it has.
  func stretch(minimum: Int, wanted: Int, using random: inout RandomStream) -> [UInt8] {
    let places = documents.map { $0.count < minimum ? 0 : max(1, $0.count - wanted + 1) }
    let total = places.reduce(0, +)
    guard total > 0 else { return [] }
    var place = Int.random(in: 0..<total, using: &random)
    for (document, count) in zip(documents, places) {
      if place < count { return Array(document.dropFirst(place).prefix(wanted)) }
      place -= count
    }
    return []
  }

  /// The file itself, or every regular file below a folder, sorted; hidden ones and links to folders are passed over.
  private static func files(at path: String) throws(CorpusError) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { throw .missing(path: path) }
    guard isFolder.boolValue else { return [path] }
    var files: [String] = []
    var folders = [path]
    while let folder = folders.popLast() {
      for name in try entries(of: folder) where !name.hasPrefix(".") {
        let entry = folder.hasSuffix("/") ? folder + name : folder + "/" + name
        var status = stat()
        // A link to a folder is passed over, so that none leads round in a circle.
        if lstat(entry, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
          folders.append(entry)
        } else if fileSize(entry) != nil {
          files.append(entry)
        }
      }
    }
    guard !files.isEmpty else { throw .empty(path: path) }
    return files.sorted()
  }

  private static func entries(of folder: String) throws(CorpusError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw .unreadable(path: folder, reason: "the folder cannot be listed")
    }
  }

  /// - Parameter taken: bytes that the corpus has already; the limit is checked before any more are read.
  private static func contents(of path: String, taken: Int, limit: Int) throws(CorpusError) -> Data {
    // A pipe or a device would be read without end.
    guard let size = fileSize(path) else { throw .unreadable(path: path, reason: "it is not a regular file") }
    guard size <= limit - taken else { throw .tooLarge(path: path, limit: limit) }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .unreadable(path: path, reason: "permission denied or the disk refuses")
    }
  }

  /// A regular file's size in bytes; nil for anything else.
  private static func fileSize(_ path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }
}

/// Why a text cannot be used.
public enum CorpusError: Error, Equatable, Sendable, CustomStringConvertible {
  case missing(path: String)
  case empty(path: String)
  case unreadable(path: String, reason: String)
  case tooLarge(path: String, limit: Int)
  case tooShort(name: String, tokens: Int, needed: Int, method: String)

  public var description: String {
    switch self {
    case .missing(let path): "there is no text at \(path)"
    case .empty(let path): "\(path) holds no text"
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .tooShort(let name, let tokens, let needed, let method):
      "\(name) is too short: its longest document has \(tokens) tokens, and \(method) needs at least \(needed) here"
    case .tooLarge(let path, let limit): "\(path) brings the text over \(limit >> 20) MiB; name fewer files"
    }
  }
}
