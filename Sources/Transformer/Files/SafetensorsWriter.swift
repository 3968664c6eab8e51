import Foundation

/// Collects tensors and writes them as one safetensors file.
///
/// Tensors of wider elements come first, so that each begins at a multiple of its element's size; among equals they keep the
/// order in which they were added, so that equal content gives equal bytes.
public struct SafetensorsWriter {
  private struct Entry {
    let name: String
    let type: SafetensorsFile.ElementType
    let shape: [Int]
    let bytes: Data
  }

  private let metadata: [String: String]
  private var entries: [Entry] = []

  /// - Parameter metadata: text that travels in the header, such as `format`.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
  }

  /// - Parameter floats: as many as the shape says, row-major.
  public mutating func add(_ name: String, shape: [Int], floats: [Float]) {
    floats.withUnsafeBytes { append(name, .float32, shape, $0) }
  }

  /// Half the bytes: the upper halves of the floats, rounded to the nearest, ties to even.
  ///
  /// - Parameter floats: as many as the shape says, row-major.
  public mutating func add(_ name: String, shape: [Int], roundedToBFloat16 floats: [Float]) {
    floats.map(Self.bfloat16).withUnsafeBytes { append(name, .bfloat16, shape, $0) }
  }

  /// - Parameter doubles: as many as the shape says, row-major.
  public mutating func add(_ name: String, shape: [Int], doubles: [Double]) {
    doubles.withUnsafeBytes { append(name, .float64, shape, $0) }
  }

  /// - Parameter integers: as many as the shape says, row-major.
  public mutating func add(_ name: String, shape: [Int], integers: [Int64]) {
    integers.withUnsafeBytes { append(name, .int64, shape, $0) }
  }

  /// - Throws: `ModelFileError.unwritable`.
  public func write(to path: String) throws(ModelFileError) {
    // Swift's sort keeps the order of equals.
    let ordered = entries.sorted { $0.type.size > $1.type.size }
    var fields: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
      fields.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for entry in ordered {
      let end = offset + entry.bytes.count
      let extents = entry.shape.map(String.init).joined(separator: ",")
      fields.append(
        "\(Self.quoted(entry.name)):{\"dtype\":\"\(entry.type.rawValue)\",\"shape\":[\(extents)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Data("{\(fields.joined(separator: ","))}".utf8)
    // Padded so that the tensors start at a multiple of 8.
    while header.count % 8 != 0 { header.append(0x20) }
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
    try DurableFile.write([length, header] + ordered.map(\.bytes), to: path)
  }

  private mutating func append(
    _ name: String, _ type: SafetensorsFile.ElementType, _ shape: [Int], _ raw: UnsafeRawBufferPointer
  ) {
    precondition(raw.count == shape.reduce(type.size, *), "\(name): \(raw.count) bytes do not have the shape \(shape)")
    precondition(!entries.contains { $0.name == name }, "\(name) is there twice")
    entries.append(Entry(name: name, type: type, shape: shape, bytes: Data(raw)))
  }

  private static func bfloat16(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    // Rounding could carry a NaN's payload into infinity.
    if value.isNaN { return UInt16(bits >> 16) | 0x40 }
    return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
  }

  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
