/// A rule that gives each training example its position indices.
///
/// Conforming values are made from settings that are already checked, so drawing a layout cannot fail.
public protocol PositionSampler: Sendable {
  /// The name a user types.
  static var name: String { get }
  /// One line that says what the rule does and where it comes from.
  static var summary: String { get }

  var window: TokenWindow { get }

  /// Checks the settings that this rule reads.
  init(_ settings: SamplerSettings) throws(PositionError)

  /// The layout of one example.
  func layout(using random: inout RandomStream) -> PositionLayout
}

extension PositionSampler {
  public var name: String { Self.name }
}

/// Which tokens of the text fill the chunks (PoSE §3.2, the choice of v_i; Table 4).
public enum ContentRule: String, CaseIterable, Sendable {
  /// v_0 = 0, then v_i ~ U{v_(i−1) … Lx − L}: the chunks come from anywhere in the text, in order.
  case random
  /// v_i = 0: neighbouring tokens stay neighbours in the text.
  case continuous
  /// v_i = u_i: the text and the positions agree; needs a text of T tokens.
  case aligned
}

/// Everything a sampler can be asked for. Each rule reads what it needs and checks it.
public struct SamplerSettings: Hashable, Sendable {
  public var window: TokenWindow
  /// N, the number of chunks.
  public var chunkCount: Int
  public var content: ContentRule
  /// Lx, the tokens of text an example may draw from, ≥ L.
  public var textLength: Int

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
