import Foundation

/// What the front of a safetensors file says, checked against the file's size: 8 bytes of length, then a JSON object of names,
/// types, shapes and offsets.
struct SafetensorsHeader {
  let tensors: [String: SafetensorsFile.Tensor]
  let metadata: [String: String]

  /// A header longer than this is a lie; it is the limit of the format's own library.
  private static let lengthLimit = 100_000_000

  /// - Parameters:
  ///   - fileSize: bytes of the whole file.
  ///   - read: gives bytes of the file.
  /// - Throws: `ModelFileError` where the file is cut short, or its header contradicts itself or the file's size.
  init(
    path: String, fileSize: Int, read: (Range<Int>) throws(ModelFileError) -> Data
  ) throws(ModelFileError) {
    guard fileSize >= 8 else { throw .truncated(path: path, expected: 8, found: fileSize) }
    let length = try read(0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= Self.lengthLimit else {
      throw .invalidHeader(path: path, reason: "its first 8 bytes announce a header of \(length) bytes")
    }
    let start = 8 + Int(length)
    guard fileSize >= start else { throw .truncated(path: path, expected: start, found: fileSize) }
    let object = try Self.object(read(8..<start), path: path)

    var tensors: [String: SafetensorsFile.Tensor] = [:]
    for (name, value) in object where name != "__metadata__" {
      tensors[name] = try TensorEntry(value, name: name, path: path).tensor(dataStart: start, fileSize: fileSize)
    }
    try Self.checkCoverage(tensors, of: start..<fileSize, path: path)
    self.tensors = tensors
    guard let metadata = (object["__metadata__"] ?? [String: String]()) as? [String: String] else {
      throw .invalidHeader(path: path, reason: "its __metadata__ is not an object of strings")
    }
    self.metadata = metadata
  }

  private static func object(_ header: Data, path: String) throws(ModelFileError) -> [String: Any] {
    // Foundation guesses other encodings from zero bytes and byte-order marks; the format knows UTF-8 alone.
    guard header.first == UInt8(ascii: "{"), !header.contains(0), String(validating: header, as: UTF8.self) != nil
    else { throw .invalidHeader(path: path, reason: "its header is not a JSON object in UTF-8") }
    guard let object = (try? JSONSerialization.jsonObject(with: header)) as? [String: Any] else {
      throw .invalidHeader(path: path, reason: "its header is not valid JSON")
    }
    if let key = repeatedKey(inJSON: header) {
      throw .invalidHeader(path: path, reason: "its header has \(ModelFileError.short(key)) twice")
    }
    return object
  }

  /// The tensors fill the rest of the file: none overlaps another, and no byte is left over.
  private static func checkCoverage(
    _ tensors: [String: SafetensorsFile.Tensor], of range: Range<Int>, path: String
  ) throws(ModelFileError) {
    var end = range.lowerBound
    let order = tensors.sorted {
      ($0.value.bytes.lowerBound, $0.value.bytes.upperBound) < ($1.value.bytes.lowerBound, $1.value.bytes.upperBound)
    }
    for (name, tensor) in order {
      guard tensor.bytes.lowerBound == end else {
        let first = tensor.bytes.lowerBound - range.lowerBound
        throw .invalidHeader(
          path: path,
          reason: "tensor \(ModelFileError.short(name)) has data_offsets from \(first); "
            + "what is before it ends at \(end - range.lowerBound)")
      }
      end = tensor.bytes.upperBound
    }
    guard end == range.upperBound else {
      throw .invalidHeader(path: path, reason: "\(range.upperBound - end) bytes at its end belong to no tensor")
    }
  }
}

/// One tensor's object in the header.
private struct TensorEntry {
  private let name: String
  private let path: String
  private let type: SafetensorsFile.ElementType
  private let shape: [Int]
  private let offsets: [Int]

  init(_ value: Any, name: String, path: String) throws(ModelFileError) {
    self.name = ModelFileError.short(name)
    self.path = path
    guard let fields = value as? [String: Any] else {
      throw .invalidHeader(path: path, reason: "tensor \(ModelFileError.short(name)) is not described by an object")
    }
    guard let typeName = fields["dtype"] as? String else {
      throw .invalidHeader(path: path, reason: "tensor \(ModelFileError.short(name)) has no dtype")
    }
    guard let type = SafetensorsFile.ElementType(rawValue: typeName) else {
      throw .unsupportedType(path: path, tensor: name, type: typeName)
    }
    self.type = type
    shape = try Self.sizes(fields, "shape", name: name, path: path)
    offsets = try Self.sizes(fields, "data_offsets", name: name, path: path)
  }

  /// A list of whole numbers ≥ 0.
  private static func sizes(
    _ fields: [String: Any], _ field: String, name: String, path: String
  ) throws(ModelFileError) -> [Int] {
    let numbers = fields[field] as? [NSNumber] ?? []
    let sizes = numbers.compactMap { $0.isBoolean ? nil : ($0 as? Int) }
    guard let list = fields[field] as? [Any], sizes.count == list.count, sizes.allSatisfy({ $0 >= 0 }) else {
      let found = fields[field].map { ModelFileError.short("\($0)") } ?? "missing"
      throw .invalidHeader(
        path: path,
        reason: "tensor \(ModelFileError.short(name)) has \(field) \(found); it must be a list of whole numbers from 0")
    }
    return sizes
  }

  func tensor(dataStart: Int, fileSize: Int) throws(ModelFileError) -> SafetensorsFile.Tensor {
    var size = type.size
    for extent in shape {
      let (product, overflows) = size.multipliedReportingOverflow(by: extent)
      guard !overflows else {
        throw .invalidHeader(path: path, reason: "tensor \(name) has the impossible shape \(shape)")
      }
      size = product
    }
    guard offsets.count == 2, offsets[1] >= offsets[0], offsets[1] - offsets[0] == size else {
      throw .invalidHeader(
        path: path,
        reason: "tensor \(name) of shape \(shape) takes \(size) bytes, and its data_offsets are \(offsets)")
    }
    guard offsets[1] <= fileSize - dataStart else {
      let (expected, overflows) = dataStart.addingReportingOverflow(offsets[1])
      throw .truncated(path: path, expected: overflows ? .max : expected, found: fileSize)
    }
    return SafetensorsFile.Tensor(type: type, shape: shape, bytes: dataStart + offsets[0]..<dataStart + offsets[1])
  }
}
