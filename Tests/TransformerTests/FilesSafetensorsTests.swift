import Foundation
import Testing

@testable import Transformer

/// What a file may claim, and what is believed; what is written, and how.
@Suite struct FilesSafetensorsTests {
  /// A folder that goes away with the test.
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tensors-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  /// What reading a file of this header and `bytes` behind it says.
  private func refusal(_ header: Data, bytes: Data = Data(repeating: 7, count: 16)) throws -> String {
    var sentence = ""
    try inFolder { folder in
      let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
      try (length + header + bytes).write(to: URL(fileURLWithPath: folder + "/x"))
      let error = #expect(throws: ModelFileError.self) { try SafetensorsFile(path: folder + "/x") }
      sentence = error?.description ?? ""
      #expect(sentence.contains(folder + "/x"))
      #expect(error?.isBadData == true)
    }
    return sentence
  }

  @Test(arguments: [
    (
      #"{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"w":{"dtype":"U8","shape":[16],"data_offsets":[0,16]}}"#,
      "has w twice"
    ),
    (
      #"{"w":{"dtype":"U8","shape":[16],"data_offsets":[0,16]},"\u0077":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#,
      "has w twice"
    ),
    (#"{"w":{"dtype":"U8","dtype":"I32","shape":[4],"data_offsets":[0,16]}}"#, "has dtype twice"),
    (#"{"__metadata__":{"a":1},"w":{"dtype":"U8","shape":[16],"data_offsets":[0,16]}}"#, "__metadata__"),
    (#"{"w":{"dtype":"U8","shape":[16,true],"data_offsets":[0,16]}}"#, "tensor w has shape"),
    (#"{"w":{"dtype":"U8","shape":[16,-1],"data_offsets":[0,16]}}"#, "tensor w has shape"),
    (#"{"w":{"dtype":"U8","shape":"16","data_offsets":[0,16]}}"#, "tensor w has shape 16"),
    (#"{"w":{"dtype":"U8","shape":[16]}}"#, "data_offsets missing"),
    (#"{"w":{"dtype":7,"shape":[16],"data_offsets":[0,16]}}"#, "tensor w has no dtype"),
    (#"{"w":{"dtype":"F4","shape":[16],"data_offsets":[0,16]}}"#, "type F4"),
    (#"{"w":{"dtype":"U8","shape":[16],"data_offsets":[0,8,16]}}"#, "data_offsets are [0, 8, 16]"),
    (#"{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, "12 bytes at its end belong to no tensor"),
    (#"{"w":{"dtype":"U8","shape":[4],"data_offsets":[12,16]}}"#, "from 12; what is before it ends at 0"),
    (#"{"w":{"dtype":"U8","shape":[32],"data_offsets":[0,32]}}"#, "cut short"),
    (#"{"w":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,16]}}"#, "impossible shape"),
    (#"{}"#, "16 bytes at its end belong to no tensor"),
  ])
  func headersThatLieAreRefusedByField(header: String, expected: String) throws {
    let sentence = try refusal(Data(header.utf8))
    #expect(sentence.contains(expected), "\(sentence)")
  }

  private static let honest = #"{"w":{"dtype":"U8","shape":[16],"data_offsets":[0,16]}}"#

  @Test(arguments: [String.Encoding.utf16LittleEndian, .utf16BigEndian, .utf32LittleEndian, .utf16])
  func otherEncodingsAreRefused(encoding: String.Encoding) throws {
    let sentence = try refusal(#require(Self.honest.data(using: encoding)))
    #expect(sentence.contains("not a JSON object in UTF-8"))
  }

  @Test func brokenTextIsRefused() throws {
    let mark = Data([0xEF, 0xBB, 0xBF]) + Data(Self.honest.utf8)
    #expect(try refusal(mark).contains("not a JSON object in UTF-8"))
    let invalid = Data(Self.honest.utf8.map { $0 == UInt8(ascii: "w") ? 0xFF : $0 })
    #expect(try refusal(invalid).contains("not a JSON object in UTF-8"))
    let nested = Data((#"{"w":"# + String(repeating: "[", count: 100_000)).utf8)
    #expect(try refusal(nested).contains("not valid JSON"))
  }

  @Test func namesCannotReachTheTerminalAsControls() throws {
    let name = "\u{1B}[2J\nw\u{202E}" + String(repeating: "x", count: 5000)
    let quoted = try String(decoding: JSONEncoder().encode(name), as: UTF8.self)
    let sentence = try refusal(Data(#"{\#(quoted):{"dtype":"U8","shape":[4],"data_offsets":[0,16]}}"#.utf8))
    #expect(sentence.count < 500)
    #expect(sentence.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
  }

  // MARK: - Values

  @Test func integersOfEveryWidthAreRead() throws {
    // 0xFF bytes are −1 where the type has a sign, and its largest value where it has none.
    let expected: [(SafetensorsFile.ElementType, Int)] = [
      (.int64, -1), (.int32, -1), (.int16, -1), (.int8, -1), (.uint32, 4_294_967_295), (.uint16, 65_535), (.uint8, 255),
    ]
    for (type, value) in expected {
      let file = try file(type, bytes: Data(repeating: 0xFF, count: 2 * type.size))
      #expect(try file.integers("w") == [value, value])
    }
    #expect(try file(.boolean, bytes: Data([0, 1])).integers("w") == [0, 1])
    let beyond = try file(.uint64, bytes: Data(repeating: 0xFF, count: 16))
    #expect(throws: ModelFileError.self) { try beyond.integers("w") }
    let floats = try file(.float32, bytes: Data(count: 8))
    #expect(throws: ModelFileError.unsupportedType(path: floats.path, tensor: "w", type: "F32")) {
      try floats.integers("w")
    }
  }

  /// A file of one tensor `w` with two elements; its bytes stay mapped after it is gone.
  private func file(_ type: SafetensorsFile.ElementType, bytes: Data) throws -> SafetensorsFile {
    let header = #"{"w":{"dtype":"\#(type.rawValue)","shape":[2],"data_offsets":[0,\#(bytes.count)]}}"#
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("tensor-\(UUID().uuidString)").path
    defer { unlink(path) }
    try (length + Data(header.utf8) + bytes).write(to: URL(fileURLWithPath: path))
    return try SafetensorsFile(path: path)
  }

  // MARK: - Writing

  @Test func tensorsAreAlignedAndEqualContentGivesEqualBytes() throws {
    try inFolder { folder in
      for name in ["/one", "/two"] {
        var writer = SafetensorsWriter(metadata: ["format": "pt"])
        writer.add("half", shape: [3], roundedToBFloat16: [1, -2.5, 3])
        writer.add("single", shape: [1], floats: [0.1])
        writer.add("count", shape: [2], integers: [-100, .max])
        writer.add("double", shape: [], doubles: [0.1])
        try writer.write(to: folder + name)
      }
      let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/one"))
      #expect(try bytes == Data(contentsOf: URL(fileURLWithPath: folder + "/two")))
      let file = try SafetensorsFile(path: folder + "/one")
      for tensor in file.tensors.values { #expect(tensor.bytes.lowerBound % tensor.type.size == 0) }
      #expect((8 + Int(bytes[0]) + Int(bytes[1]) << 8) % 8 == 0)
      #expect(try file.integers("count") == [-100, .max])
      #expect(try file.doubles("double") == [0.1])
      #expect(try file.floats("half") == [1, -2.5, 3])
    }
  }

  /// Each float lands on a nearest number that has 8 significant bits; ties go to the even one.
  @Test func roundingToBFloat16IsToNearestEven() throws {
    let ties: [Float] = [0x1.01p0, 0x1.03p0, -0x1.01p0]
    let others: [Float] = [0.1, 1 / 3, 65_504, 0x1.5p-133, 3e38, .infinity, -.infinity, .greatestFiniteMagnitude]
    try inFolder { folder in
      var writer = SafetensorsWriter()
      writer.add("ties", shape: [3], roundedToBFloat16: ties)
      writer.add("others", shape: [others.count], roundedToBFloat16: others)
      writer.add("nan", shape: [1], roundedToBFloat16: [Float(bitPattern: 0x7FFF_FFFF)])
      try writer.write(to: folder + "/x")
      let file = try SafetensorsFile(path: folder + "/x")
      #expect(try file.floats("ties") == [0x1p0, 0x1.04p0, -0x1p0])
      #expect(try file.floats("nan")[0].isNaN)
      for (value, rounded) in zip(others, try file.floats("others")) {
        let below = Float(bitPattern: value.bitPattern & 0xFFFF_0000)
        guard value.isFinite, value != .greatestFiniteMagnitude else {
          #expect(rounded == (value < 0 ? -.infinity : .infinity))
          continue
        }
        let above = Float(bitPattern: below.bitPattern + 0x1_0000)
        #expect(abs(rounded - value) == min(abs(value - below), abs(above - value)))
      }
    }
  }

  @Test func aFileThatCannotBeReplacedStaysAndNothingIsLeftBehind() throws {
    try inFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/taken/inside", withIntermediateDirectories: true)
      #expect(throws: ModelFileError.self) { try DurableFile.write(Data("x".utf8), to: folder + "/taken") }
      #expect(throws: ModelFileError.self) { try DurableFile.write(Data("x".utf8), to: folder + "/no/such/folder") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["taken"])
      try DurableFile.write([Data("one ".utf8), Data(), Data("two".utf8)], to: folder + "/text")
      try DurableFile.write(Data("three".utf8), to: folder + "/text")
      #expect(try String(contentsOfFile: folder + "/text", encoding: .utf8) == "three")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["taken", "text"])
    }
  }

  @Test func writesAtOnceDoNotMix() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("at-once-\(UUID().uuidString)").path
    defer { unlink(path) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for letter in UInt8(97)...104 {
        group.addTask { try DurableFile.write(Data(repeating: letter, count: 1 << 16), to: path) }
      }
      try await group.waitForAll()
    }
    let content = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(content.count == 1 << 16 && Set(content).count == 1)
  }

  /// What cannot be read ends a program like bad data; what cannot be written does not.
  @Test func aMissingFileIsBadInput() {
    let error = #expect(throws: ModelFileError.self) { try SafetensorsFile(path: "/no/such/file") }
    #expect(error == .unreadable(path: "/no/such/file", reason: "there is no such file"))
    #expect(error?.isBadData == true)
  }

  @Test func weightsSmallerThanTheConfigurationSaysAreRefusedBeforeMemoryIsTaken() throws {
    try inFolder { folder in
      try ModelFolder.save(TransformerModel(EngineTests.configuration(tied: false), seed: 1), to: folder)
      var large = EngineTests.configuration(tied: false)
      // Half a petabyte of parameters: allocating them would end the test run.
      large.vocabularySize = 1 << 24
      large.intermediateSize = 1 << 20
      large.layerCount = 1 << 12
      try DurableFile.write(large.jsonData(), to: folder + "/config.json")
      let error = #expect(throws: ModelFileError.self) { try ModelFolder.load(folder) }
      guard case .unexpectedShape(_, let tensor, _, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(tensor == "model.embed_tokens.weight")
    }
  }
}
