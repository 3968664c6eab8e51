import Positions

/// Key-value text: filler sentences mixed with facts that return in the same document.
///
/// "the river passes the harbour. amber holds 48213. … amber holds 48213. " From its second mention on, a fact's digits can
/// only be predicted by looking back to the first one, however far away it is. So the loss on such text shows whether a model
/// attends over a distance.
public struct KeyValueText: Hashable, Sendable {
  /// Share of the sentences that state a fact, 0 … 1.
  public var factShare: Double
  /// Distinct keys in a document, 1 … 32 (there are no more words for keys).
  public var keyCount: Int
  /// How often a fact is one that was told before, 0 … 1, as long as there are untold ones; nil takes all keys alike.
  public var recurrence: Double?

  public init(factShare: Double, keyCount: Int, recurrence: Double? = nil) {
    self.factShare = factShare
    self.keyCount = keyCount
    self.recurrence = recurrence
  }

  /// A key and the five digits that it holds throughout a document.
  public struct Fact: Hashable, Sendable {
    public var key: String
    public var digits: String

    /// The sentence up to the digits.
    var prompt: String { "\(key) holds " }
    public var sentence: String { "\(prompt)\(digits). " }
  }

  /// A document of exactly `length` bytes; its last sentence may be cut.
  public func document(length: Int, using random: inout RandomStream) -> [UInt8] {
    let facts = Self.facts(count: keyCount, using: &random)
    var toldCount = 0
    var text: [UInt8] = []
    text.reserveCapacity(length + 64)
    while text.count < length {
      let sentence =
        random.unit() < factShare
        ? facts[nextFact(of: facts.count, told: &toldCount, using: &random)].sentence : Self.filler(using: &random)
      text.append(contentsOf: sentence.utf8)
    }
    return Array(text.prefix(length))
  }

  private func nextFact(of count: Int, told: inout Int, using random: inout RandomStream) -> Int {
    guard let recurrence else { return Int.random(in: 0..<count, using: &random) }
    if told > 0, told == count || random.unit() < recurrence { return Int.random(in: 0..<told, using: &random) }
    told += 1
    return told - 1
  }

  /// Printable characters repeated to fill a document, 4 … 24 at a time: text that only a head that copies can predict.
  ///
  /// Early in pre-training it makes such heads form. Many different characters and short periods matter: with letters alone a
  /// character recurs by chance before its period is over, and a copying head has nothing sure to look for.
  public static func repetition(length: Int, using random: inout RandomStream) -> [UInt8] {
    let unit = (0..<Int.random(in: 4...24, using: &random)).map { _ in UInt8.random(in: 32...126, using: &random) }
    return (0..<length).map { unit[$0 % unit.count] }
  }

  /// `count` facts with different keys.
  static func facts(count: Int, using random: inout RandomStream) -> [Fact] {
    keys.shuffled(using: &random).prefix(max(1, count)).map { key in
      Fact(key: key, digits: String((0..<5).map { _ in Character(String(Int.random(in: 0...9, using: &random))) }))
    }
  }

  static func filler(using random: inout RandomStream) -> String {
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
