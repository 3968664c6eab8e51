import Foundation

/// A safetensors file, memory-mapped: a header of names, types and shapes, then the tensors' bytes, little-endian.
public struct SafetensorsFile: Sendable {
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

  /// Reads and checks the header; the tensors' bytes are only touched when asked for.
  ///
  /// - Throws: `ModelFileError` where the file is missing, cut short, or its header contradicts itself.
  public init(path: String) throws(ModelFileError) {
    self.path = path
    data = try ModelFile.contents(of: path, limit: .max)
    let header = try SafetensorsHeader(data, path: path)
    tensors = header.tensors
    metadata = header.metadata
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
    let values: [Int?] = data.withUnsafeBytes { file in
      switch tensor.type {
      case .int64: Self.whole(file, tensor, as: Int64.self)
      case .int32: Self.whole(file, tensor, as: Int32.self)
      case .int16: Self.whole(file, tensor, as: Int16.self)
      case .int8: Self.whole(file, tensor, as: Int8.self)
      case .uint64: Self.whole(file, tensor, as: UInt64.self)
      case .uint32: Self.whole(file, tensor, as: UInt32.self)
      case .uint16: Self.whole(file, tensor, as: UInt16.self)
      case .uint8, .boolean: Self.whole(file, tensor, as: UInt8.self)
      case .float64, .float32, .float16, .bfloat16: []
      }
    }
    let fitting = values.compactMap(\.self)
    guard fitting.count == values.count else {
      throw .unsupportedType(path: path, tensor: name, type: "\(tensor.type.rawValue) with values above \(Int.max)")
    }
    return fitting
  }

  private static func whole<Value: FixedWidthInteger & BitwiseCopyable>(
    _ file: UnsafeRawBufferPointer, _ tensor: Tensor, as type: Value.Type
  ) -> [Int?] {
    (0..<tensor.count).map {
      Int(exactly: file.value(tensor.bytes.lowerBound + MemoryLayout<Value>.size * $0, as: type))
    }
  }

  /// Reads a tensor straight to where it belongs.
  ///
  /// - Throws: `ModelFileError` where it is missing, has another shape, or does not hold floats.
  func copyFloats(
    _ name: String, shape: [Int], into destination: UnsafeMutableBufferPointer<Float>
  ) throws(ModelFileError) {
    let tensor = try floatTensor(name, shape: shape)
    try copy(name, tensor, into: destination)
  }

  /// The description of a tensor that must hold floats in this shape.
  ///
  /// - Throws: `ModelFileError` where it is missing, has another shape, or does not hold floats.
  @discardableResult
  func floatTensor(_ name: String, shape: [Int]) throws(ModelFileError) -> Tensor {
    let tensor = try described(name)
    guard tensor.shape == shape else {
      throw .unexpectedShape(path: path, tensor: name, shape: tensor.shape, expected: shape)
    }
    try requireFloats(name, tensor)
    return tensor
  }

  private func requireFloats(_ name: String, _ tensor: Tensor) throws(ModelFileError) {
    guard !tensor.type.isInteger else {
      throw .unsupportedType(path: path, tensor: name, type: tensor.type.rawValue)
    }
  }

  private func described(_ name: String) throws(ModelFileError) -> Tensor {
    guard let tensor = tensors[name] else { throw .missingTensor(path: path, tensor: name) }
    return tensor
  }

  private func copy(
    _ name: String, _ tensor: Tensor, into destination: UnsafeMutableBufferPointer<Float>
  ) throws(ModelFileError) {
    try requireFloats(name, tensor)
    data.withUnsafeBytes { file in
      let base = tensor.bytes.lowerBound
      switch tensor.type {
      case .float32:
        let source = UnsafeRawBufferPointer(rebasing: file[tensor.bytes])
        UnsafeMutableRawBufferPointer(destination).copyMemory(from: source)
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
      default: break
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

extension UnsafeRawBufferPointer {
  @inline(__always)
  fileprivate func value<Value: BitwiseCopyable>(_ offset: Int, as type: Value.Type) -> Value {
    loadUnaligned(fromByteOffset: offset, as: type)
  }
}
