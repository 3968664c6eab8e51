import Positions

/// Where training text comes from: files, or a generator.
public protocol TextSource: Sendable {
  /// What the screens call it.
  var name: String { get }

  /// A stretch of one document, as tokens below 256 (bytes).
  ///
  /// - Parameters:
  ///   - minimum: the fewest tokens that will do, L.
  ///   - wanted: the most that can be used, the paper's Lx; a shorter document gives what it has.
  ///   - progress: how far the run is, 0 … 1; a curriculum may depend on it.
  func text(minimum: Int, wanted: Int, progress: Double, using random: inout RandomStream) -> [UInt8]

  /// The longest stretch that it can give; nil where there is no limit.
  var longestText: Int? { get }

  /// The tokens of a text that a model is asked to predict, by their indices in it; the rest is only read.
  func targets(in text: [UInt8]) -> Range<Int>

  /// Whether the first tokens of a text are a text too. Where they are not, each length has texts of its own.
  var prefixesAreTexts: Bool { get }

  /// A text of about `length` tokens to go on with; nil where a person could not read what comes out.
  func prompt(length: Int, using random: inout RandomStream) -> SamplePrompt?
}

extension TextSource {
  public func targets(in text: [UInt8]) -> Range<Int> { text.indices }
  public var prefixesAreTexts: Bool { true }

  public func prompt(length: Int, using random: inout RandomStream) -> SamplePrompt? {
    let length = min(length, longestText ?? length)
    guard prefixesAreTexts, length > 0 else { return nil }
    let text = text(minimum: length, wanted: length, progress: 1, using: &random)
    return SamplePrompt(tokens: text.map(Int32.init))
  }
}
