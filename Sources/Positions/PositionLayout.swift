/// A run of neighbouring tokens whose position indices are shifted together.
///
/// The j-th token of chunk i sits at position `skipBias + start + j` and is token `contentOffset + start + j` of the
/// text (PoSE §3.2: u_i, st_i and v_i).
public struct Chunk: Encodable, Hashable, Sendable {
  /// st_i: tokens in the chunks before this one.
  public var start: Int
  /// l_i: tokens in this chunk, ≥ 1.
  public var length: Int
  /// u_i: what is added to every position index of the chunk.
  public var skipBias: Int
  /// v_i: what is added to `start + j` to find the token in the text.
  public var contentOffset: Int

  public init(start: Int, length: Int, skipBias: Int, contentOffset: Int = 0) {
    self.start = start
    self.length = length
    self.skipBias = skipBias
    self.contentOffset = contentOffset
  }

  /// The names that files and verbs write.
  private enum CodingKeys: String, CodingKey {
    case start, length
    case skipBias = "bias"
    case contentOffset = "content"
  }

  /// The position indices of the chunk's tokens.
  public var positions: Range<Int> { start + skipBias..<start + skipBias + length }

  /// The chunk's tokens, as a range of the text.
  public var tokens: Range<Int> { start + contentOffset..<start + contentOffset + length }
}

extension Chunk: Decodable {
  /// Reads what a file has, as far as ranges can be made of it.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    start = try fields.whole(.counts, forKey: .start)
    length = try fields.whole(1...Int(Int32.max), forKey: .length)
    skipBias = try fields.whole(.counts, forKey: .skipBias)
    contentOffset = try fields.whole(-Int(Int32.max)...Int(Int32.max), forKey: .contentOffset)
  }
}

/// Where the tokens of one training example sit: the value that the explorer, the trainer, coverage, the lessons and the
/// `positions` verb share.
public struct PositionLayout: Hashable, Sendable {
  /// How the position indices are given.
  public enum Arrangement: Hashable, Sendable {
    /// Runs of neighbouring positions, first to last.
    case chunks([Chunk])
    /// A position for each token, strictly increasing, with the text in order (`randpos`).
    case scattered([Int])
  }

  public let window: TokenWindow
  public let arrangement: Arrangement

  public init(window: TokenWindow, arrangement: Arrangement) {
    self.window = window
    self.arrangement = arrangement
  }

  /// The chunks; empty where positions are scattered.
  public var chunks: [Chunk] {
    if case .chunks(let chunks) = arrangement { chunks } else { [] }
  }

  /// Tokens in the example.
  public var tokenCount: Int {
    switch arrangement {
    case .chunks(let chunks): chunks.reduce(0) { $0 + $1.length }
    case .scattered(let positions): positions.count
    }
  }

  /// The position index of every token, strictly increasing, each in 0 ..< T.
  public var positions: [Int] {
    switch arrangement {
    case .chunks(let chunks): chunks.flatMap(\.positions)
    case .scattered(let positions): positions
    }
  }

  /// For every token of the example, which token of the text it is.
  public var textIndices: [Int] {
    switch arrangement {
    case .chunks(let chunks): chunks.flatMap(\.tokens)
    case .scattered(let positions): Array(positions.indices)
    }
  }
}
