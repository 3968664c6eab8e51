import Positions

/// Key-value text: filler sentences mixed with facts that return in the same document.
///
/// "the river passes the harbour. amber holds 48213. … amber holds 48213. " From its second mention on, a fact's digits can
/// only be predicted by looking back to the first one, however far away it is. So the loss on such text shows whether a model
/// attends over a distance.
public struct KeyValueText: Hashable, Sendable {
  /// Share of the sentences that state a fact, 0 … 1.
  public var factShare: Double
  /// Distinct keys in a document.
  public var keyCount: Int

  public init(factShare: Double, keyCount: Int) {
    self.factShare = factShare
    self.keyCount = keyCount
  }

  /// A key and the five digits that it holds throughout a document.
  public struct Fact: Hashable, Sendable {
    public var key: String
    public var digits: String

    /// The sentence up to the digits.
    public var prompt: String { "\(key) holds " }
    public var sentence: String { "\(key) holds \(digits). " }
  }

  /// A document of exactly `length` bytes; its last sentence may be cut.
  public func document(length: Int, using random: inout RandomStream) -> [UInt8] {
    let facts = Self.facts(count: keyCount, using: &random)
    var text: [UInt8] = []
    text.reserveCapacity(length + 64)
    while text.count < length {
      let sentence =
        random.unit() < factShare && !facts.isEmpty
        ? facts[Int.random(in: facts.indices, using: &random)].sentence : Self.filler(using: &random)
      text.append(contentsOf: sentence.utf8)
    }
    return Array(text.prefix(length))
  }

  /// Random letters repeated to fill a document: text that only a head that copies can predict.
  ///
  /// Early in pre-training it makes such heads form.
  public static func repetition(length: Int, using random: inout RandomStream) -> [UInt8] {
    let period = Int.random(in: 8...max(8, length / 2), using: &random)
    let unit = (0..<period).map { _ in UInt8.random(in: 97...122, using: &random) }
    return (0..<length).map { unit[$0 % period] }
  }

  /// A passkey test: filler of `length` bytes in which one fact is told at a depth, ending where its digits are asked for.
  ///
  /// - Parameters:
  ///   - depth: 0 at the start of the text, 1 just before the question.
  ///   - length: bytes of the prompt and the five digits together.
  public static func passkey(
    length: Int, depth: Double, using random: inout RandomStream
  ) -> (prompt: [UInt8], digits: [UInt8]) {
    let fact = facts(count: 1, using: &random)[0]
    let sentence = Array(fact.sentence.utf8)
    let question = Array(fact.prompt.utf8)
    let fillerLength = max(0, length - fact.digits.utf8.count - sentence.count - question.count)
    let before = Int((Double(fillerLength) * min(max(depth, 0), 1)).rounded())
    var text = fillerText(length: before, using: &random)
    text.append(contentsOf: sentence)
    text.append(contentsOf: fillerText(length: fillerLength - before, using: &random))
    text.append(contentsOf: question)
    return (text, Array(fact.digits.utf8))
  }

  /// `count` facts with different keys.
  static func facts(count: Int, using random: inout RandomStream) -> [Fact] {
    keys.shuffled(using: &random).prefix(max(1, count)).map { key in
      Fact(key: key, digits: String((0..<5).map { _ in Character(String(Int.random(in: 0...9, using: &random))) }))
    }
  }

  private static func fillerText(length: Int, using random: inout RandomStream) -> [UInt8] {
    var text: [UInt8] = []
    while text.count < length { text.append(contentsOf: filler(using: &random).utf8) }
    // Cut at the front, so that what follows begins after a whole sentence.
    return Array(text.suffix(length))
  }

  private static func filler(using random: inout RandomStream) -> String {
    func pick(_ words: [String]) -> String { words[Int.random(in: words.indices, using: &random)] }
    return "the \(pick(nouns)) \(pick(verbs)) the \(pick(nouns)). "
  }

  /// What holds a value.
  static let keys = [
    "amber", "basalt", "cedar", "copper", "coral", "flint", "garnet", "hazel", "indigo", "ivory", "jade", "juniper",
    "larch", "laurel", "linen", "maple", "marble", "nickel", "ochre", "onyx", "opal", "pearl", "quartz", "saffron",
    "slate", "sorrel", "tin", "topaz", "umber", "velvet", "walnut", "willow",
  ]
  private static let nouns = [
    "river", "harbour", "lantern", "orchard", "bridge", "meadow", "tower", "garden", "market", "valley", "kettle",
    "window", "forest", "ladder", "village", "engine",
  ]
  private static let verbs = [
    "passes", "follows", "crosses", "watches", "leaves", "reaches", "warms", "remembers", "shelters", "meets",
  ]
}
