import Foundation
import Positions
import Testing

@testable import FineTuning

/// Bytes as tokens and back, and the files that texts come from.
@Suite struct FilesTextTests {
  @Test func everyByteSurvives() {
    let tokenizer = ByteTokenizer()
    let bytes = Array(UInt8.min...UInt8.max)
    #expect(tokenizer.decode(tokenizer.encode(bytes)) == bytes)
    let text = "straße 你好 👩‍👩‍👧 \u{0}\n"
    #expect(tokenizer.decode(tokenizer.encode(text)) == Array(text.utf8))
  }

  @Test func specialsLieAboveTheBytes() {
    let tokenizer = ByteTokenizer(vocabularySize: 258, specialNames: [256: "bos", 10: "not special", 258: "too high"])
    #expect(tokenizer.special(named: "bos") == 256)
    #expect(tokenizer.special(named: "not special") == nil && tokenizer.special(named: "too high") == nil)
    #expect(tokenizer.decode([256, 97, 257, 98]) == [97, 98])
    #expect(tokenizer.text([256, 97, 257, 98]) == "‹bos›a‹257›b")
  }

  @Test(
    arguments: [
      ([0x61, 0xC3, 0xA9, 0x0A, 0x62], "aé\nb"), ([0x1B, 0x5B, 0x32, 0x4A], "␛[2J"),
      ([0x00, 0x09, 0x0D, 0x7F], "␀␉␍␡"),
      ([0xFF, 0x61, 0xC3], "\u{FFFD}a\u{FFFD}"), ([0xC2, 0x9B], "\u{FFFD}"), ([0xE2, 0x80, 0xAE], "\u{FFFD}"),
      ([0xC3, 256, 0xA9], "\u{FFFD}‹256›\u{FFFD}"),
    ] as [([Int32], String)])
  func brokenTextAndControlsAreVisible(tokens: [Int32], expected: String) {
    #expect(ByteTokenizer(vocabularySize: 257).text(tokens) == expected)
  }

  // MARK: - Files

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("corpus-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  @Test func theLimitIsCheckedBeforeAFileIsRead() throws {
    try inFolder { folder in
      try write("12345", to: folder + "/a")
      try write("67890", to: folder + "/b")
      #expect(try Corpus(paths: [folder], byteLimit: 10).byteCount == 10)
      #expect(throws: CorpusError.tooLarge(path: folder + "/b", limit: 9)) {
        try Corpus(paths: [folder], byteLimit: 9)
      }
      // A file of a terabyte that has not one block on the disk.
      try write("", to: folder + "/huge")
      guard truncate(folder + "/huge", 1 << 40) == 0 else { return }
      #expect(throws: CorpusError.tooLarge(path: folder + "/huge", limit: 2 << 30)) {
        try Corpus(paths: [folder + "/huge"])
      }
    }
  }

  @Test func onlyTextsAreTakenFromAFolder() throws {
    try inFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/.git/deep", withIntermediateDirectories: true)
      try FileManager.default.createDirectory(atPath: folder + "/b", withIntermediateDirectories: true)
      try write("hidden", to: folder + "/.git/deep/x")
      try write("second", to: folder + "/b/z")
      try write("first", to: folder + "/a")
      mkfifo(folder + "/pipe", 0o600)
      symlink("nowhere", folder + "/dangling")
      symlink("..", folder + "/b/up")
      symlink("a", folder + "/link")
      for path in [folder, folder + "/"] {
        let corpus = try Corpus(paths: [path])
        // a, the link to it, and b/z.
        #expect(corpus.documentCount == 3 && corpus.byteCount == 16)
      }
      #expect(throws: CorpusError.empty(path: folder + "/.git/deep/empty")) {
        try FileManager.default.createDirectory(atPath: folder + "/.git/deep/empty", withIntermediateDirectories: true)
        return try Corpus(paths: [folder + "/.git/deep/empty"])
      }
    }
  }

  /// A regular file whose first byte cannot be read, even by root.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/mem")))
  func aFileThatTheSystemRefusesIsNamed() {
    let error = #expect(throws: CorpusError.self) { try Corpus(paths: ["/proc/self/mem"]) }
    #expect(error?.description.contains("cannot read /proc/self/mem") == true)
  }

  @Test func drawsAreRepeatable() throws {
    try inFolder { folder in
      for name in ["a", "b", "c"] { try write(String(repeating: name, count: 500), to: folder + "/" + name) }
      let corpus = try Corpus(paths: [folder])
      let draw = { (seed: UInt64) in
        var random = RandomStream(seed: seed)
        return (0..<30).map { _ in corpus.text(minimum: 50, wanted: 100, progress: 0, using: &random) }
      }
      #expect(draw(1) == draw(1))
      // A window never crosses from one document into another, and all documents are drawn.
      #expect(draw(1).allSatisfy { Set($0).count == 1 && $0.count == 100 })
      #expect(Set(draw(1).map { $0[0] }).count == 3)
    }
  }
}
