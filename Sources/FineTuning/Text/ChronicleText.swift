import Positions

/// Chronicles of a small town that is made up anew in each: people with a trade, a home, a treasure and a year, who are told of
/// once and come back hundreds and thousands of bytes later.
///
/// What is told of a person stays true, and what changes hands is remembered, so that later sentences can only be predicted
/// from far earlier ones.
public struct ChronicleText: Hashable, Sendable {
  private struct Person: Hashable {
    var name: String
    var trade: String
    var home: String
    var treasure: String
    var year: Int
    var friend = 0
    var isTold = false
  }

  /// People in a chronicle, 2 … 12.
  public var peopleCount: Int

  public init(peopleCount: Int = 7) { self.peopleCount = peopleCount }

  /// A document of exactly `length` bytes; its last sentence may be cut.
  public func document(length: Int, using random: inout RandomStream) -> [UInt8] {
    var town = town(using: &random)
    var text: [UInt8] = []
    text.reserveCapacity(length + 200)
    var chapter = 0
    var left = 0
    while text.count < length {
      if left == 0 {
        chapter += 1
        left = Int.random(in: 8...18, using: &random)
        let season = Self.pick(Self.seasons, &random)
        text +=
          "\(chapter > 1 ? "\n" : "")Chapter \(chapter). \(season) in \(Self.pick(town.map(\.home), &random)).\n".utf8
      }
      text += (sentence(&town, using: &random) + (left == 1 ? "\n" : " ")).utf8
      left -= 1
    }
    return Array(text.prefix(length))
  }

  private func town(using random: inout RandomStream) -> [Person] {
    let count = min(max(peopleCount, 2), 12)
    let trades = Self.trades.shuffled(using: &random)
    let treasures = Self.treasures.shuffled(using: &random)
    let homes = (0..<3).map { _ in Self.pick(Self.heads, &random) + Self.pick(Self.tails, &random) }
    var names: [String] = []
    while names.count < count {
      let name = Self.pick(Self.beginnings, &random) + Self.pick(Self.endings, &random)
      if !names.contains(name) { names.append(name) }
    }
    return names.enumerated().map { index, name in
      Person(
        name: name, trade: trades[index], home: homes[Int.random(in: 0..<3, using: &random)],
        treasure: "\(Self.pick(Self.qualities, &random)) \(treasures[index])",
        year: Int.random(in: 1200...1899, using: &random), friend: (index + 1) % count)
    }
  }

  /// Someone new with a chance that falls as more are known; otherwise something of someone known.
  private func sentence(_ town: inout [Person], using random: inout RandomStream) -> String {
    let untold = town.indices.filter { !town[$0].isTold }
    let known = town.indices.filter { town[$0].isTold }
    if let next = untold.first, known.isEmpty || random.unit() < 0.12 {
      town[next].isTold = true
      let p = town[next]
      return
        "\(p.name) the \(p.trade) came to \(p.home) in the year \(p.year), and brought the \(p.treasure)."
    }
    let index = Self.pick(known, &random)
    let p = town[index]
    let other = Self.pick(known, &random)
    let weather = Self.pick(Self.weathers, &random)
    switch Int.random(in: 0..<9, using: &random) {
    case 0: return "In \(p.home) it was \(weather), and \(p.name) the \(p.trade) stayed at home."
    case 1: return "\(p.name) had come in the year \(p.year), as all in \(p.home) knew."
    case 2: return "The \(p.treasure) still belonged to \(p.name)."
    case 3 where other != index:
      town[index].treasure = town[other].treasure
      town[other].treasure = p.treasure
      return
        "That day \(p.name) gave the \(p.treasure) to \(town[other].name) and took the \(town[index].treasure) for it."
    case 4:
      return "\(town[p.friend].isTold ? town[p.friend].name : "A stranger") asked \(p.name) about the year \(p.year)."
    case 5:
      return
        "When the road was \(weather), the \(p.trade) \(p.name) walked to \(town[other].home) and back to \(p.home)."
    case 6: return "\"Who keeps the \(p.treasure)?\" \"\(p.name) the \(p.trade).\""
    case 7: return "People said that \(p.name) of \(p.home) was \(Self.pick(Self.characters, &random))."
    default: return "The \(Self.pick(Self.things, &random)) in \(p.home) was \(weather) when \(p.name) came by."
    }
  }

  private static func pick<T>(_ list: [T], _ random: inout RandomStream) -> T {
    list[Int.random(in: list.indices, using: &random)]
  }

  private static let beginnings = [
    "Al", "Ber", "Cor", "Da", "El", "Fen", "Gre", "Hal", "Is", "Jo", "Ka", "Lo", "Mar", "Ne", "Os", "Pe", "Ro", "Sil",
    "Ta",
    "Ul", "Ve", "Wil", "Yo", "Zan",
  ]
  private static let endings = [
    "a", "bert", "cia", "dan", "ea", "fred", "gar", "ia", "ken", "la", "mund", "na", "or", "ra", "rik", "sa", "ton",
    "vin",
    "wen", "ys",
  ]
  private static let heads = [
    "Ash", "Black", "Cold", "Deep", "East", "Fair", "Green", "High", "Long", "Oak", "Stone", "West",
  ]
  private static let tails = [
    "brook", "combe", "dale", "ford", "ham", "ley", "mere", "stead", "ton", "wick", "wood", "bury",
  ]
  private static let trades = [
    "miller", "baker", "weaver", "potter", "ferryman", "carpenter", "smith", "gardener", "teacher", "tailor", "mason",
    "cooper",
  ]
  private static let qualities = [
    "brass", "silver", "wooden", "old", "green", "painted", "heavy", "small", "broken", "blue",
  ]
  private static let treasures = [
    "lantern", "clock", "violin", "map", "ring", "kettle", "mirror", "compass", "book", "bell", "chest", "key",
  ]
  private static let seasons = ["Spring", "Summer", "Autumn", "Winter", "A market day", "A long night", "A feast"]
  private static let weathers = ["wet", "dry", "cold", "warm", "dusty", "quiet", "white with frost", "dark", "loud"]
  private static let characters = [
    "kind", "proud", "slow to speak", "quick to laugh", "honest", "tired", "brave", "careful",
  ]
  private static let things = ["well", "bridge", "mill", "gate", "square", "tower", "orchard", "inn"]
}
