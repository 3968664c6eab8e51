import Foundation

/// Collects tensors and writes them as one safetensors file, in the order they were added.
public struct SafetensorsWriter {
  private let metadata: [String: String]
  private var entries: [String] = []
  private var bytes = Data()

  /// - Parameter metadata: text that travels in the header, such as `format`.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
  }

  /// - Parameter floats: as many as the shape says, row-major.
  public mutating func add(_ name: String, shape: [Int], floats: [Float]) {
    floats.withUnsafeBytes { append(name, "F32", shape, $0) }
  }

  public mutating func add(_ name: String, shape: [Int], doubles: [Double]) {
    doubles.withUnsafeBytes { append(name, "F64", shape, $0) }
  }

  /// - Throws: `ModelFileError.unwritable`.
  public func write(to path: String) throws(ModelFileError) {
    var fields = entries
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
      fields.insert("\"__metadata__\":{\(pairs.joined(separator: ","))}", at: 0)
    }
    var header = Data("{\(fields.joined(separator: ","))}".utf8)
    // Padded so that the tensors start at a multiple of 8.
    while header.count % 8 != 0 { header.append(0x20) }
    var file = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
    file.append(header)
    file.append(bytes)
    try DurableFile.write(file, to: path)
  }

  private mutating func append(_ name: String, _ type: String, _ shape: [Int], _ raw: UnsafeRawBufferPointer) {
    let start = bytes.count
    bytes.append(contentsOf: raw)
    let extents = shape.map(String.init).joined(separator: ",")
    entries.append(
      "\(Self.quoted(name)):{\"dtype\":\"\(type)\",\"shape\":[\(extents)],\"data_offsets\":[\(start),\(bytes.count)]}")
  }

  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
