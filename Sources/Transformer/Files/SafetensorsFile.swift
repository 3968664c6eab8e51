import Foundation

/// A safetensors file, held open: a header of names, types and shapes, then the tensors' bytes, little-endian.
public struct SafetensorsFile: Sendable {
  /// A tensor as the header describes it.
  public struct Tensor: Hashable, Sendable {
    public let type: ElementType
    public let shape: [Int]
    let bytes: Range<Int>
    public var count: Int { shape.reduce(1, *) }
  }

  public var path: String { file.path }
  public let tensors: [String: Tensor]
  public let metadata: [String: String]
  private let file: RegularFile

  /// Reads and checks the header; the tensors' bytes are only touched when asked for.
  ///
  /// - Throws: `ModelFileError` where the file is missing, cut short, or its header contradicts itself.
  public init(path: String) throws(ModelFileError) {
    let file = try RegularFile(path)
    let header = try SafetensorsHeader(path: path, fileSize: file.size) { range throws(ModelFileError) in
      try file.bytes(range)
    }
    self.file = file
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
    var values: [Double] = []
    try forEach(tensor, as: Double.self) { values.append($0) }
    return values
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
    let values: [Int?] =
      switch tensor.type {
      case .int64: try whole(tensor, as: Int64.self)
      case .int32: try whole(tensor, as: Int32.self)
      case .int16: try whole(tensor, as: Int16.self)
      case .int8: try whole(tensor, as: Int8.self)
      case .uint64: try whole(tensor, as: UInt64.self)
      case .uint32: try whole(tensor, as: UInt32.self)
      case .uint16: try whole(tensor, as: UInt16.self)
      case .uint8, .boolean: try whole(tensor, as: UInt8.self)
      case .float64, .float32, .float16, .bfloat16: []
      }
    let fitting = values.compactMap(\.self)
    guard fitting.count == values.count else {
      throw .unsupportedType(path: path, tensor: name, type: "\(tensor.type.rawValue) with values above \(Int.max)")
    }
    return fitting
  }

  private func whole<Value: FixedWidthInteger & BitwiseCopyable>(
    _ tensor: Tensor, as type: Value.Type
  ) throws(ModelFileError) -> [Int?] {
    var values: [Int?] = []
    values.reserveCapacity(tensor.count)
    try forEach(tensor, as: type) { values.append(Int(exactly: $0)) }
    return values
  }

  /// Tells a tensor's values in their order, however large it is, from one buffer of a megabyte at most.
  private func forEach<Value: BitwiseCopyable>(
    _ tensor: Tensor, as type: Value.Type, _ body: (Value) -> Void
  ) throws(ModelFileError) {
    let size = MemoryLayout<Value>.size
    for start in stride(from: tensor.bytes.lowerBound, to: tensor.bytes.upperBound, by: 1 << 20) {
      let part = try file.bytes(start..<min(start + 1 << 20, tensor.bytes.upperBound))
      part.withUnsafeBytes { bytes in
        for offset in stride(from: 0, to: bytes.count, by: size) {
          body(bytes.loadUnaligned(fromByteOffset: offset, as: type))
        }
      }
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
    var index = 0
    func take(_ value: Float) {
      destination[index] = value
      index += 1
    }
    switch tensor.type {
    case .float32: try file.read(tensor.bytes.lowerBound, into: UnsafeMutableRawBufferPointer(destination))
    case .float64: try forEach(tensor, as: Double.self) { take(Float($0)) }
    case .bfloat16: try forEach(tensor, as: UInt16.self) { take(Float(bitPattern: UInt32($0) << 16)) }
    case .float16: try forEach(tensor, as: UInt16.self) { take(Self.float(half: $0)) }
    default: break
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
