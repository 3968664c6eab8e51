import Positions
import Transformer

/// What a model wrote when asked to go on with a text: the plainest sign of how far it reads.
public struct WrittenSample: Codable, Equatable, Sendable {
  /// Tokens that the model read first.
  public var read: Int
  /// The end of what it read, for the eye.
  public var prompt: String
  /// What it wrote, a token after the other, each the likeliest.
  public var text: String
  /// What would have been right; nil where nothing was asked.
  public var expected: String?
  /// How many tokens before the end that was told.
  public var distance: Int?

  public init(read: Int, prompt: String, text: String, expected: String? = nil, distance: Int? = nil) {
    self.read = read
    self.prompt = prompt
    self.text = text
    self.expected = expected
    self.distance = distance
  }

  /// Whether it wrote what would have been right; nil where nothing was asked.
  public var isRight: Bool? { expected.map(text.hasPrefix) }
}

/// A text to go on with, and what would be right.
public struct SamplePrompt: Equatable, Sendable {
  public var tokens: [Int32]
  public var expected: String?
  /// How many tokens before the end that is told.
  public var distance: Int?

  /// Characters of the prompt that are kept, and tokens that are written.
  private static let shown = 96
  private static let written = 48

  /// Lets a model go on.
  ///
  /// - Throws: `TransformerError` where the model does not know a token.
  func continued(by model: TransformerModel) throws(TransformerError) -> WrittenSample {
    let decoder = CachedDecoder(model, capacity: tokens.count + Self.written)
    let sampling = TokenSampling()
    var random = RandomStream(seed: 0)
    var next: Int32?
    for token in tokens { next = sampling.next(try decoder.read(token), using: &random) }
    var text: [Int32] = []
    while let token = next, text.count < Self.written {
      text.append(token)
      next = text.count < Self.written ? sampling.next(try decoder.read(token), using: &random) : nil
    }
    let tokenizer = ByteTokenizer()
    return WrittenSample(
      read: tokens.count, prompt: tokenizer.line(tokens.suffix(Self.shown)), text: tokenizer.line(text),
      expected: expected, distance: distance)
  }
}
