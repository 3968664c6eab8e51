import Positions

extension KeyValueText {
  /// A passkey test: a text in which one fact is told, ending where its digits are asked for.
  public struct Passkey: Hashable, Sendable {
    /// What the model reads.
    public let prompt: [UInt8]
    /// What it should go on with.
    public let digits: [UInt8]
  }

  /// The fewest bytes that hold a fact and its question, whatever the key.
  public static let shortestPasskey: Int = {
    let longestKey = keys.map(\.utf8.count).max() ?? 0
    let fact = Fact(key: String(repeating: "x", count: longestKey), digits: "00000")
    return fact.sentence.utf8.count + fact.prompt.utf8.count
  }()

  /// A passkey prompt of exactly `length` bytes: filler, a fact between two of its sentences, and the question "KEY holds ".
  ///
  /// - Parameter depth: where the fact is told; 0 at the start of the text, 1 just before the question.
  /// - Throws: `PositionError.invalidSetting` for a length below `shortestPasskey` or a depth outside 0 … 1.
  public static func passkey(
    length: Int, depth: Double, using random: inout RandomStream
  ) throws(PositionError) -> Passkey {
    guard length >= shortestPasskey else {
      throw .invalidSetting(name: "passkey length", value: "\(length)", expected: "at least \(shortestPasskey)")
    }
    guard (0...1).contains(depth) else {
      throw .invalidSetting(name: "passkey depth", value: "\(depth)", expected: "from 0 to 1")
    }
    let fact = facts(count: 1, using: &random)[0]
    let room = length - fact.sentence.utf8.count - fact.prompt.utf8.count
    // Written from the end, since the text is cut at its front; `ends` counts the bytes behind each border of sentences.
    var sentences: [String] = []
    var ends = [0]
    while let end = ends.last, end < room {
      sentences.append(filler(using: &random))
      ends.append(min(end + (sentences.last?.utf8.count ?? 0), room))
    }
    let text = Array(sentences.reversed().joined().utf8.suffix(room))
    let wanted = (1 - depth) * Double(room)
    let after = ends.min { abs(Double($0) - wanted) < abs(Double($1) - wanted) } ?? 0
    let prompt = text.dropLast(after) + fact.sentence.utf8 + text.suffix(after) + Array(fact.prompt.utf8)
    return Passkey(prompt: Array(prompt), digits: Array(fact.digits.utf8))
  }
}
