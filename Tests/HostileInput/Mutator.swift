import Positions

/// Bends good files into bad ones: what a disk, a download, another program or an enemy makes of them.
///
/// All that it does follows from the random stream, so that a case can be made again from its number.
public struct Mutator: Sendable {
  /// Good files of the format, to begin from and to splice.
  private let models: [[UInt8]]
  /// What a number is replaced by, and what is put in anywhere: the format's own words are worth adding.
  private let words: [[UInt8]]

  /// Cases do not grow beyond this.
  private static let longest = 1 << 17

  public init(_ models: [String], words: [String] = []) {
    self.models = models.map { Array($0.utf8) }
    self.words = (Self.numbers + Self.pieces + words).map { Array($0.utf8) } + Self.brokenText
  }

  /// A model with one to six changes.
  public func mutated(using random: inout RandomStream) -> [UInt8] {
    var bytes = pick(models, &random)
    for _ in 0..<Int.random(in: 1...6, using: &random) { change(&bytes, &random) }
    return Array(bytes.prefix(Self.longest))
  }

  private func change(_ bytes: inout [UInt8], _ random: inout RandomStream) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    let stretch = place..<min(bytes.count, place + Self.length(&random))
    switch Int.random(in: 0..<16, using: &random) {
    case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
    case 2: bytes.removeSubrange(stretch)
    case 3: bytes.insert(contentsOf: bytes[stretch], at: Int.random(in: 0...bytes.count, using: &random))
    case 4: bytes.removeSubrange(place...)
    case 5: splice(&bytes, at: place, &random)
    case 6...11: replaceNumber(&bytes, &random)
    case 12: nest(&bytes, at: place, &random)
    case 13:
      let word = pick(words, &random)
      for _ in 0..<(1 << Int.random(in: 4...12, using: &random)) / max(word.count, 1) { bytes += word }
    default: bytes.replaceSubrange(stretch.prefix(Int.random(in: 0...2, using: &random)), with: pick(words, &random))
    }
  }

  /// The front of one file and the back of another.
  private func splice(_ bytes: inout [UInt8], at place: Int, _ random: inout RandomStream) {
    let other = pick(models, &random)
    bytes.replaceSubrange(place..., with: other[Int.random(in: 0...other.count, using: &random)...])
  }

  /// One of the numbers in it becomes another.
  private func replaceNumber(_ bytes: inout [UInt8], _ random: inout RandomStream) {
    func isDigit(_ index: Int) -> Bool { (0x30...0x39).contains(bytes[index]) }
    let starts = bytes.indices.filter { isDigit($0) && ($0 == 0 || !isDigit($0 - 1)) }
    guard !starts.isEmpty else { return }
    let start = pick(starts, &random)
    let end = (start..<bytes.count).first { !isDigit($0) } ?? bytes.count
    bytes.replaceSubrange(start..<end, with: Array(pick(Self.numbers, &random).utf8))
  }

  /// Brackets without end, sometimes far more of them than a stack has room for.
  private func nest(_ bytes: inout [UInt8], at place: Int, _ random: inout RandomStream) {
    let bracket = Array(pick(["[", "{\"a\":", "{", "(", "> "], &random).utf8)
    let depth = 1 << Int.random(in: 0...14, using: &random)
    bytes.insert(contentsOf: repeatElement(bracket, count: depth).joined(), at: place)
  }

  private static func length(_ random: inout RandomStream) -> Int {
    1 << Int.random(in: 0...8, using: &random)
  }

  private func pick<Choice>(_ list: [Choice], _ random: inout RandomStream) -> Choice {
    list[Int.random(in: list.indices, using: &random)]
  }

  /// Where integers end, floats stop being exact, and what is no number at all.
  static let numbers = [
    "0", "-0", "1", "-1", "2", "3", "255", "256", "65536", "2147483647", "2147483648", "-2147483648", "4294967295",
    "4294967296", "1152921504606846976", "4611686018427387904", "9007199254740993", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "18446744073709551615", "18446744073709551616",
    "99999999999999999999999999999999", "0.5", "-0.5", "1e-999", "1e308", "-1e308", "1e999", "-1e999", "1e-320", "NaN",
    "nan", "Infinity", "-inf", "null", "true", "0x10", "1_000", "٣", "007", "+1", "",
  ]

  private static let pieces = [
    "\"", "\\", "\n", "\r\n", "\t", " ", ",", ":", "=", "{}", "[]", "#", "---", "```", "\\u0000", "\\ud800", "\u{0}",
    "\u{1B}]0;x\u{7}", "\u{9B}31m", "\u{202E}", "\u{2028}", "e\u{301}\u{301}\u{301}", "👩‍👩‍👧‍👦", "漢", "../../", "/dev/zero",
  ]

  /// What is no UTF-8: a lone continuation, a cut letter, an overlong slash, a surrogate, beyond the last plane.
  private static let brokenText: [[UInt8]] = [
    [0x80], [0xE6, 0xBC], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF, 0xFE], [0xEF, 0xBB, 0xBF],
  ]
}
