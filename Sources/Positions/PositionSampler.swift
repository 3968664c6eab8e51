/// A rule that gives each training example its position indices.
///
/// Conforming values are made from settings that are already checked, so drawing a layout cannot fail.
public protocol PositionSampler: Sendable {
  /// The name a user types.
  static var name: String { get }
  /// One line that says what the rule does and where it comes from.
  static var summary: String { get }

  var window: TokenWindow { get }

  /// What the rule reads beside the windows; the rest of the settings does not change its layouts.
  static var reads: Set<SamplerSetting> { get }

  /// Checks the settings that this rule reads.
  init(_ settings: SamplerSettings) throws(PositionError)

  /// The layout of one example.
  func layout(using random: inout RandomStream) -> PositionLayout
}

extension PositionSampler {
  public var name: String { Self.name }
}

/// A part of `SamplerSettings` that some rules read and others do not.
public enum SamplerSetting: Sendable {
  case chunkCount, content, split, biases, wantedMass, script
  /// The rule cuts where sentences end, and so has to know the text.
  case sentenceEnds
}

/// Which tokens of the text fill the chunks (PoSE §3.2, the choice of v_i; Table 4).
public enum ContentRule: String, CaseIterable, Codable, Sendable {
  /// v_0 = 0, then v_i ~ U{v_(i−1) … Lx − L}: the chunks come from anywhere in the text, in order.
  case random
  /// v_i = 0: neighbouring tokens stay neighbours in the text.
  case continuous
  /// v_i = u_i: the text and the positions agree; needs a text of T tokens.
  case aligned
}

/// How the window is cut into chunks.
public enum ChunkSplit: String, CaseIterable, Codable, Sendable {
  /// N − 1 distinct cut points, every set equally likely.
  case uniform
  /// l_0 ~ U{1 … L−N+1}, each next length uniform in what leaves one token for the rest (how the paper's Figure 6 draws
  /// N = 3): first chunks come out longer.
  case sequential
}

/// How skip biases are drawn.
public enum BiasDraw: String, CaseIterable, Codable, Sendable {
  /// u_i ~ U{u_(i−1) … T−L} (PoSE §3.2, eq. 4).
  case chained
  /// N − 1 independent draws from 0 … T−L, sorted: tends to RandPos as N grows.
  case sorted
}

/// Everything a sampler can be asked for. Each rule reads what it needs and checks it.
public struct SamplerSettings: Hashable, Sendable {
  public var window: TokenWindow
  /// N, the number of chunks.
  public var chunkCount: Int
  public var content: ContentRule
  /// Lx, the tokens of text an example may draw from, ≥ L.
  public var textLength: Int
  /// How `pose` cuts the window.
  public var split = ChunkSplit.uniform
  /// How `pose` draws its biases.
  public var biases = BiasDraw.chained
  /// Token indices of the text behind which a sentence ends, rising; `longrecipe` and `pose-equal-sentences` read them.
  public var sentenceEnds: [Int] = []
  /// The pair mass that `balanced` aims at: weights of equally long stretches of the distances 1 … T−1, so that T−1 weights are
  /// a histogram; none asks for the same everywhere.
  public var wantedMass: [Double] = []
  /// The chunks of `scripted`.
  public var script: [Chunk] = []

  public init(window: TokenWindow, chunkCount: Int = 2, content: ContentRule = .random, textLength: Int? = nil) {
    self.window = window
    self.chunkCount = chunkCount
    self.content = content
    self.textLength = textLength ?? window.target
  }
}

extension PositionSampler {
  /// The layout of a run's example, 0 for the first: the explorer, the trainer and the `positions` verb draw the same one.
  public func layout(seed: UInt64, example: Int) -> PositionLayout {
    var random = RandomStream(seed: seed, path: [UInt64(example), 1])
    return layout(using: &random)
  }
}
