import Foundation
import Positions
import Testing

@testable import FineTuning

/// Where training text comes from: files of every kind, and the key-value generator.
@Suite struct TextTests {
  /// A folder that goes away with the test.
  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("text-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test func filesAndFoldersBecomeDocuments() throws {
    try inFolder { folder in
      try Data("first document".utf8).write(to: folder.appendingPathComponent("a.txt"))
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("deeper"), withIntermediateDirectories: true)
      try Data([0, 255, 128, 10]).write(to: folder.appendingPathComponent("deeper/binary"))
      try Data("hidden".utf8).write(to: folder.appendingPathComponent(".hidden"))
      try Data().write(to: folder.appendingPathComponent("empty"))
      // A link back up must not be followed for ever.
      try FileManager.default.createSymbolicLink(
        at: folder.appendingPathComponent("deeper/loop"), withDestinationURL: folder)
      let corpus = try Corpus(paths: [folder.path])
      #expect(corpus.documentCount == 2)
      #expect(corpus.byteCount == 18)
      #expect(corpus.longestDocument == 14)
      let both = try Corpus(paths: [folder.path, folder.appendingPathComponent("a.txt").path])
      #expect(both.documentCount == 3)
    }
  }

  @Test func textsThatCannotBeUsedAreNamed() throws {
    try inFolder { folder in
      let path = folder.path
      #expect(throws: CorpusError.missing(path: path + "/no")) { try Corpus(paths: [path + "/no"]) }
      #expect(throws: CorpusError.empty(path: path)) { try Corpus(paths: [path]) }
      try Data().write(to: folder.appendingPathComponent("empty"))
      #expect(throws: CorpusError.empty(path: path + "/empty")) { try Corpus(paths: [path + "/empty"]) }
      mkfifo(path + "/pipe", 0o600)
      #expect(throws: CorpusError.unreadable(path: path + "/pipe", reason: "it is not a regular file")) {
        try Corpus(paths: [path + "/pipe"])
      }
    }
  }

  @Test func stretchesComeFromDocumentsLongEnough() throws {
    try inFolder { folder in
      try Data("abc".utf8).write(to: folder.appendingPathComponent("short"))
      try Data((0..<100).map { UInt8($0) }).write(to: folder.appendingPathComponent("long"))
      let corpus = try Corpus(paths: [folder.path])
      var random = RandomStream(seed: 1)
      var starts = Set<UInt8>()
      for _ in 0..<2000 {
        let text = corpus.text(minimum: 10, wanted: 40, progress: 0, using: &random)
        #expect(text.count == 40)
        #expect(zip(text, text.dropFirst()).allSatisfy { $0 &+ 1 == $1 })
        starts.insert(text[0])
      }
      // Every place is drawn: 61 of them.
      #expect(starts == Set(0...60))
      #expect(corpus.text(minimum: 10, wanted: 400, progress: 0, using: &random).count == 100)
    }
  }

  @Test(arguments: [1, 20, 128, 5000])
  func documentsHaveTheLengthAskedFor(length: Int) {
    var first = RandomStream(seed: 4)
    var second = RandomStream(seed: 4)
    let text = KeyValueText(factShare: 0.4, keyCount: 5)
    let document = text.document(length: length, using: &first)
    #expect(document.count == length)
    #expect(document == text.document(length: length, using: &second))
    #expect(KeyValueText.repetition(length: length, using: &first).count == length)
  }

  /// Later mentions of a key can be predicted from the first: they hold the same digits.
  @Test func aKeyHoldsTheSameDigitsThroughoutADocument() {
    for seed in 0..<50 {
      var random = RandomStream(seed: UInt64(seed))
      let document = KeyValueText(factShare: 0.5, keyCount: 6).document(length: 4000, using: &random)
      var held: [Substring: Substring] = [:]
      for match in String(decoding: document, as: UTF8.self).matches(of: /([a-z]+) holds (\d{5})\./) {
        #expect(held[match.1] ?? match.2 == match.2)
        held[match.1] = match.2
      }
      #expect(held.count == 6)
    }
  }

  @Test func tokensShowAsSigns() {
    let tokenizer = ByteTokenizer()
    #expect(tokenizer.encode("a é") == [97, 32, 195, 169])
    #expect(tokenizer.line([97, 32, 10, 27, 195, 300]) == "a ↵··◆")
    // No token may reach the screen as a control character.
    for token in Int32(0)...400 {
      #expect(
        tokenizer.glyph(of: token).unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    }
  }
}
