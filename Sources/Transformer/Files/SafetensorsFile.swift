import Foundation

/// A safetensors file, memory-mapped: a header of names, types and shapes, then the tensors' bytes, little-endian.
public struct SafetensorsFile: Sendable {
  /// How a tensor's elements are stored.
  public enum ElementType: String, Sendable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int64 = "I64"
    case int32 = "I32"
    case uint8 = "U8"

    var isInteger: Bool {
      switch self {
      case .int64, .int32, .uint8: true
      case .float64, .float32, .float16, .bfloat16: false
      }
    }

    var size: Int {
      switch self {
      case .float64, .int64: 8
      case .float32, .int32: 4
      case .float16, .bfloat16: 2
      case .uint8: 1
      }
    }
  }

  /// A tensor as the header describes it.
  public struct Tensor: Hashable, Sendable {
    public let type: ElementType
    public let shape: [Int]
    let bytes: Range<Int>
    public var count: Int { shape.reduce(1, *) }
  }

  public let path: String
  public let tensors: [String: Tensor]
  public let metadata: [String: String]
  private let data: Data

  /// A header longer than this is a lie: it has room for a million tensors.
  private static let headerLimit = 100 << 20

  /// Reads and checks the header; the tensors' bytes are only touched when asked for.
  ///
  /// - Throws: `ModelFileError` where the file is missing, cut short, or its header contradicts itself.
  public init(path: String) throws(ModelFileError) {
    self.path = path
    let data = try ModelFile.contents(of: path)
    guard data.count >= 8 else { throw .truncated(path: path, expected: 8, found: data.count) }
    let headerLength = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard headerLength <= Self.headerLimit else {
      throw .invalidHeader(path: path, reason: "its first 8 bytes announce a header of \(headerLength) bytes")
    }
    let start = 8 + Int(headerLength)
    guard data.count >= start else { throw .truncated(path: path, expected: start, found: data.count) }
    let header = try Self.object(data.subdata(in: 8..<start), path: path)

    var tensors: [String: Tensor] = [:]
    for (name, value) in header where name != "__metadata__" {
      tensors[name] = try Self.tensor(value, name: name, dataStart: start, fileSize: data.count, path: path)
    }
    try Self.checkOverlap(tensors, path: path)
    self.tensors = tensors
    metadata = header["__metadata__"] as? [String: String] ?? [:]
    self.data = data
  }

  /// A tensor's values as float32, whatever float type it is stored in.
  public func floats(_ name: String) throws(ModelFileError) -> [Float] {
    let tensor = try described(name)
    var values = [Float](repeating: 0, count: tensor.count)
    var failure: ModelFileError?
    values.withUnsafeMutableBufferPointer { buffer in
      do throws(ModelFileError) { try copy(name, tensor, into: buffer) } catch { failure = error }
    }
    if let failure { throw failure }
    return values
  }

  /// A tensor's values in double precision.
  public func doubles(_ name: String) throws(ModelFileError) -> [Double] {
    let tensor = try described(name)
    guard tensor.type == .float64 else { return try floats(name).map(Double.init) }
    return data.withUnsafeBytes { file in
      (0..<tensor.count).map { file.value(tensor.bytes.lowerBound + 8 * $0, as: Double.self) }
    }
  }

  /// A tensor's values as integers.
  ///
  /// - Parameter shape: what it must have; nil takes any.
  public func integers(_ name: String, shape: [Int]? = nil) throws(ModelFileError) -> [Int] {
    let tensor = try described(name)
    if let shape, tensor.shape != shape {
      throw .unexpectedShape(path: path, tensor: name, shape: tensor.shape, expected: shape)
    }
    guard tensor.type.isInteger else {
      throw .unsupportedType(path: path, tensor: name, type: tensor.type.rawValue)
    }
    return data.withUnsafeBytes { file in
      let base = tensor.bytes.lowerBound
      return switch tensor.type {
      case .int64: (0..<tensor.count).map { Int(file.value(base + 8 * $0, as: Int64.self)) }
      case .int32: (0..<tensor.count).map { Int(file.value(base + 4 * $0, as: Int32.self)) }
      default: (0..<tensor.count).map { Int(file[base + $0]) }
      }
    }
  }

  /// Reads a tensor straight to where it belongs.
  ///
  /// - Throws: `ModelFileError` where it is missing, has another shape, or does not hold floats.
  func copyFloats(
    _ name: String, shape: [Int], into destination: UnsafeMutableBufferPointer<Float>
  ) throws(ModelFileError) {
    let tensor = try described(name)
    guard tensor.shape == shape else {
      throw .unexpectedShape(path: path, tensor: name, shape: tensor.shape, expected: shape)
    }
    try copy(name, tensor, into: destination)
  }

  private func described(_ name: String) throws(ModelFileError) -> Tensor {
    guard let tensor = tensors[name] else { throw .missingTensor(path: path, tensor: name) }
    return tensor
  }

  private func copy(
    _ name: String, _ tensor: Tensor, into destination: UnsafeMutableBufferPointer<Float>
  ) throws(ModelFileError) {
    guard !tensor.type.isInteger else {
      throw .unsupportedType(path: path, tensor: name, type: tensor.type.rawValue)
    }
    data.withUnsafeBytes { file in
      let base = tensor.bytes.lowerBound
      switch tensor.type {
      case .float32:
        for index in destination.indices { destination[index] = file.value(base + 4 * index, as: Float.self) }
      case .float64:
        for index in destination.indices { destination[index] = Float(file.value(base + 8 * index, as: Double.self)) }
      case .bfloat16:
        for index in destination.indices {
          destination[index] = Float(bitPattern: UInt32(file.value(base + 2 * index, as: UInt16.self)) << 16)
        }
      case .float16:
        for index in destination.indices {
          destination[index] = Self.float(half: file.value(base + 2 * index, as: UInt16.self))
        }
      case .int64, .int32, .uint8: break
      }
    }
  }

  /// An IEEE half-precision number; `Float16` is not available on every platform that this builds on.
  static func float(half bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10) & 0x1F
    let fraction = Float(bits & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction * 0x1p-10)
    }
  }
}

// MARK: - The header

extension SafetensorsFile {
  private static func object(_ data: Data, path: String) throws(ModelFileError) -> [String: Any] {
    do {
      guard let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
        throw ModelFileError.invalidHeader(path: path, reason: "its header is not a JSON object")
      }
      return object
    } catch let error as ModelFileError {
      throw error
    } catch {
      throw .invalidHeader(path: path, reason: "its header is not valid JSON")
    }
  }

  private static func tensor(
    _ value: Any, name: String, dataStart: Int, fileSize: Int, path: String
  ) throws(ModelFileError) -> Tensor {
    guard let fields = value as? [String: Any], let typeName = fields["dtype"] as? String,
      let shape = fields["shape"] as? [Int], let offsets = fields["data_offsets"] as? [Int], offsets.count == 2
    else { throw .invalidHeader(path: path, reason: "tensor \(name) has no dtype, shape and data_offsets") }
    guard let type = ElementType(rawValue: typeName) else {
      throw .unsupportedType(path: path, tensor: name, type: typeName)
    }
    var size = type.size
    for extent in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else {
        throw .invalidHeader(path: path, reason: "tensor \(name) has the impossible shape \(shape)")
      }
      size = product
    }
    let (first, last) = (offsets[0], offsets[1])
    guard first >= 0, last >= first, last - first == size else {
      throw .invalidHeader(
        path: path, reason: "tensor \(name) of shape \(shape) takes \(size) bytes, and its offsets are \(offsets)")
    }
    guard last <= fileSize - dataStart else {
      throw .truncated(path: path, expected: dataStart.addingReportingOverflow(last).partialValue, found: fileSize)
    }
    return Tensor(type: type, shape: shape, bytes: dataStart + first..<dataStart + last)
  }

  private static func checkOverlap(_ tensors: [String: Tensor], path: String) throws(ModelFileError) {
    var end = 0
    for (name, tensor) in tensors.sorted(by: { $0.value.bytes.lowerBound < $1.value.bytes.lowerBound })
    where !tensor.bytes.isEmpty {
      guard tensor.bytes.lowerBound >= end else {
        throw .invalidHeader(path: path, reason: "tensor \(name) overlaps another one")
      }
      end = tensor.bytes.upperBound
    }
  }
}

extension UnsafeRawBufferPointer {
  @inline(__always)
  fileprivate func value<Value: BitwiseCopyable>(_ offset: Int, as type: Value.Type) -> Value {
    loadUnaligned(fromByteOffset: offset, as: type)
  }
}

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
