/// Why a model's file cannot be read or written. Each case carries the file and the value in the way.
public enum ModelFileError: Error, Equatable, Sendable {
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  case truncated(path: String, expected: Int, found: Int)
  case invalidHeader(path: String, reason: String)
  case missingTensor(path: String, tensor: String)
  case unexpectedShape(path: String, tensor: String, shape: [Int], expected: [Int])
  case unsupportedType(path: String, tensor: String, type: String)
  case notFinite(path: String, tensor: String, index: Int)
  case tooLarge(path: String, megabytes: Int, available: Int)
  case invalidJSON(path: String, reason: String)
  case missingField(path: String, field: String)
  case invalidField(path: String, field: String, value: String, expected: String)

  /// Whether what was asked to be read is at fault, and not the place that is written to.
  public var isBadData: Bool {
    if case .unwritable = self { false } else { true }
  }
}

extension ModelFileError: CustomStringConvertible {
  /// Names come out of files.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .unwritable(let path, let reason): "cannot write \(path): \(reason)"
    case .truncated(let path, let expected, let found):
      "\(path) is cut short: it has \(found) bytes and its header speaks of \(expected)"
    case .invalidHeader(let path, let reason): "\(path) is not a safetensors file: \(reason)"
    case .missingTensor(let path, let tensor): "\(path) has no tensor \(Self.short(tensor))"
    case .unexpectedShape(let path, let tensor, let shape, let expected):
      "\(path): tensor \(Self.short(tensor)) has shape \(shape); it must be \(expected)"
    case .unsupportedType(let path, let tensor, let type):
      "\(path): tensor \(Self.short(tensor)) has type \(Self.short(type)), which cannot be read as asked"
    case .notFinite(let path, let tensor, let index):
      "\(path): value \(index) of tensor \(Self.short(tensor)) is not a finite number, so nothing can be computed with it"
    case .tooLarge(let path, let megabytes, let available):
      "\(path): its weights take \(megabytes) MB of memory, and this machine has \(available)"
    case .invalidJSON(let path, let reason): "\(path) is not valid JSON: \(reason)"
    case .missingField(let path, let field): "\(path): the field \(field) is missing"
    case .invalidField(let path, let field, let value, let expected):
      "\(path): \(field) is \(value); it must be \(expected)"
    }
  }

  /// A name out of a file, short enough for one line.
  static func short(_ name: String) -> String { name.count > 80 ? name.prefix(80) + "…" : name }
}
