import Positions
import Transformer

/// The shape of a model that is made from nothing.
public struct FreshModel: Encodable, Hashable, Sendable {
  /// d, the width of the residual stream.
  public var width: Int
  public var layers: Int
  /// H, query heads.
  public var heads: Int
  /// H_kv, key/value heads.
  public var keyValueHeads: Int
  /// f, the width inside the feed-forward block.
  public var hidden: Int

  /// What `pretrain` takes, and a run's file may hold.
  public static let widths = 8...8192
  public static let layerCounts = 1...256
  public static let hiddenSizes = 8...65_536

  public init(width: Int, layers: Int, heads: Int, keyValueHeads: Int, hidden: Int) {
    self.width = width
    self.layers = layers
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.hidden = hidden
  }

  /// A byte-level model of the shape that reads `window` tokens.
  func configuration(window: Int) -> TransformerConfiguration {
    TransformerConfiguration(
      vocabularySize: 256, hiddenSize: width, intermediateSize: hidden, layerCount: layers, headCount: heads,
      keyValueHeadCount: keyValueHeads, maximumPositions: window)
  }

  /// The options that ask for it.
  var words: [String] {
    [
      "--width", "\(width)", "--layers", "\(layers)", "--heads", "\(heads)", "--kv-heads", "\(keyValueHeads)",
      "--hidden", "\(hidden)",
    ]
  }
}

extension FreshModel: Decodable {
  /// Reads what a run wrote: a shape that `pretrain` could have been asked for.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    width = try fields.whole(Self.widths, forKey: .width)
    layers = try fields.whole(Self.layerCounts, forKey: .layers)
    heads = try fields.whole(1...width / 2, forKey: .heads)
    keyValueHeads = try fields.whole(1...heads, forKey: .keyValueHeads)
    hidden = try fields.whole(Self.hiddenSizes, forKey: .hidden)
    guard width % heads == 0, width / heads % 2 == 0, heads % keyValueHeads == 0 else {
      throw DecodingError.dataCorruptedError(
        forKey: .heads, in: fields, debugDescription: "\(heads) heads do not divide a width of \(width) evenly")
    }
  }
}
