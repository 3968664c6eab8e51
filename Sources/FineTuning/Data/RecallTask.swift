import Positions

/// Window replay: a mark, distinct symbols, and then a stretch of them again, drawn from anywhere.
///
/// "BOS a b c d e f g … c d e": after the first replayed symbol, each next one can be found by looking back to where the
/// replayed stretch stands, which may be as far away as the text is long.
public struct RecallTask: TextSource {
  public static let name = "recall"

  /// Symbols that are replayed.
  static let replayLength = 24
  /// The first token of every text.
  static let mark: UInt8 = 0
  /// The mark, 255 distinct symbols and the replay.
  static let longest = 1 + 255 + replayLength

  public init() {}

  public var name: String { Self.name }
  public var longestText: Int? { Self.longest }
  public var prefixesAreTexts: Bool { false }

  /// A text of exactly `minimum` tokens: its replay stands at the end.
  public func text(minimum: Int, wanted: Int, progress: Double, using random: inout RandomStream) -> [UInt8] {
    let symbolCount = max(Self.replayLength, minimum - Self.replayLength - 1)
    let symbols = Array((1...UInt8.max).shuffled(using: &random).prefix(symbolCount))
    let start = Int.random(in: 0...symbols.count - Self.replayLength, using: &random)
    return [Self.mark] + symbols + symbols[start..<start + Self.replayLength]
  }

  /// The replay without its first symbol, which nothing announces.
  public func targets(in text: [UInt8]) -> Range<Int> { text.count - Self.replayLength + 1..<text.count }
}
