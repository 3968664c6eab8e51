import Foundation
import Positions
import Testing

@testable import FineTuning

/// What the generator promises: shares, recurrence, passkeys of an exact length.
@Suite struct KeyValueTextTests {
  /// The whole sentences of a document, and the key of each that states a fact.
  private func sentences(_ document: [UInt8]) -> [(isFact: Bool, key: Substring)] {
    String(decoding: document, as: UTF8.self).components(separatedBy: ". ").dropLast().map { sentence in
      let match = sentence.wholeMatch(of: /([a-z]+) holds \d{5}/)
      return (match != nil, match?.1 ?? "")
    }
  }

  @Test(arguments: [0, 0.08, 0.5, 1])
  func theShareOfFactsIsWhatWasAsked(share: Double) {
    var random = RandomStream(seed: 11)
    let all = sentences(KeyValueText(factShare: share, keyCount: 4).document(length: 200_000, using: &random))
    let found = Double(all.count { $0.isFact }) / Double(all.count)
    // Four standard deviations of a binomial share.
    #expect(abs(found - share) <= 4 * (share * (1 - share) / Double(all.count)).squareRoot())
  }

  @Test(arguments: [1, 3, 32])
  func aDocumentHasAsManyKeysAsAsked(count: Int) {
    for recurrence in [nil, 0, 0.9] as [Double?] {
      var random = RandomStream(seed: 3)
      let text = KeyValueText(factShare: 0.9, keyCount: count, recurrence: recurrence)
      let keys = Set(sentences(text.document(length: 60_000, using: &random)).filter(\.isFact).map(\.key))
      #expect(keys.count == count)
    }
  }

  /// Over documents short enough that untold facts remain, the share of facts told before is the recurrence.
  @Test(arguments: [0.25, 0.75])
  func factsRecurAsOftenAsAsked(recurrence: Double) {
    var (again, later) = (0, 0)
    for seed in 0..<400 {
      var random = RandomStream(seed: UInt64(seed))
      let text = KeyValueText(factShare: 1, keyCount: 32, recurrence: recurrence)
      let keys = sentences(text.document(length: 300, using: &random)).map(\.key)
      var told = Set(keys.prefix(1))
      for key in keys.dropFirst() {
        later += 1
        if !told.insert(key).inserted { again += 1 }
      }
    }
    let found = Double(again) / Double(later)
    #expect(abs(found - recurrence) <= 4 * (recurrence * (1 - recurrence) / Double(later)).squareRoot())
  }

  @Test func withoutRecurrenceEveryKeyIsToldOnceBeforeAnyReturns() {
    var random = RandomStream(seed: 8)
    let text = KeyValueText(factShare: 1, keyCount: 10, recurrence: 0)
    let keys = sentences(text.document(length: 4000, using: &random)).map(\.key)
    #expect(Set(keys.prefix(10)).count == 10)
    #expect(Set(keys).count == 10)
  }

  @Test func aRepetitionComesBackWithinTheDocument() {
    for seed in 0..<50 {
      var random = RandomStream(seed: UInt64(seed))
      let text = KeyValueText.repetition(length: 128, using: &random)
      let period = (4...24).first { period in zip(text, text.dropFirst(period)).allSatisfy { $0 == $1 } }
      #expect(period != nil)
      #expect(Set(text).count > 3)
    }
  }

  // MARK: - Passkey

  @Test(arguments: [0.0, 0.3, 0.5, 1.0], [KeyValueText.shortestPasskey, 128, 1024, 20_000])
  func passkeysAreExactAndAskForTheirOneFact(depth: Double, length: Int) throws {
    for seed in 0..<10 {
      var first = RandomStream(seed: UInt64(seed))
      var second = RandomStream(seed: UInt64(seed))
      let passkey = try KeyValueText.passkey(length: length, depth: depth, using: &first)
      #expect(try KeyValueText.passkey(length: length, depth: depth, using: &second) == passkey)
      #expect(passkey.prompt.count == length)
      let text = String(decoding: passkey.prompt, as: UTF8.self)
      let digits = String(decoding: passkey.digits, as: UTF8.self)
      #expect(digits.wholeMatch(of: /\d{5}/) != nil)
      let asked = try #require(text.firstMatch(of: #/([a-z]+) holds $/#)).1
      let facts = text.matches(of: #/([a-z]+) holds (\d{5})\. /#)
      let fact = try #require(facts.first)
      #expect(facts.count == 1 && fact.1 == asked && fact.2 == digits)
      // No sentence is longer than 40 bytes, so the nearest border between two is within 20.
      let before = text.distance(from: text.startIndex, to: fact.range.lowerBound)
      let room = length - text[fact.range].utf8.count - asked.utf8.count - " holds ".utf8.count
      #expect(abs(Double(before) - depth * Double(room)) <= 20)
    }
  }

  @Test func passkeysThatCannotBeMadeAreRefused() {
    var random = RandomStream(seed: 1)
    #expect(throws: PositionError.self) { try KeyValueText.passkey(length: 20, depth: 0, using: &random) }
    for depth in [-0.1, 1.1, .nan] {
      #expect(throws: PositionError.self) { try KeyValueText.passkey(length: 200, depth: depth, using: &random) }
    }
  }
}
