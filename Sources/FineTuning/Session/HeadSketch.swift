import Positions
import Transformer

/// One head in small: enough to see what kind of head it is beside all the others.
public struct HeadSketch: Equatable, Sendable {
  public let address: Inference.HeadAddress
  /// Rows and columns of `tiles`.
  public let side: Int
  /// [side, side], the largest weight that each tile covers; −1 where no query sees a key.
  public let tiles: [Float]
  /// The mean share of a query's attention that goes to the first token.
  public let sink: Double
  /// The mean share that goes farther back than the training window, of the queries that have such keys; 0 where none has.
  public let far: Double

  static let side = 16

  init(_ map: Inference.AttentionMap, _ layout: PositionLayout) {
    address = Inference.HeadAddress(layer: map.layer, head: map.head)
    side = min(Self.side, map.tokens)
    let positions = layout.positions
    var tiles = [Float](repeating: -1, count: side * side)
    var (sink, far) = (0.0, 0.0)
    var reaching = 0
    for query in 0..<map.tokens {
      var beyond = 0.0
      for key in 0...query {
        let weight = map.weights[query * map.tokens + key]
        let tile = query * side / map.tokens * side + key * side / map.tokens
        tiles[tile] = max(tiles[tile], weight)
        if positions[query] - positions[key] >= layout.window.training { beyond += Double(weight) }
      }
      sink += Double(map.weights[query * map.tokens])
      guard positions[query] - positions[0] >= layout.window.training else { continue }
      far += beyond
      reaching += 1
    }
    self.tiles = tiles
    self.sink = sink / Double(max(map.tokens, 1))
    self.far = reaching > 0 ? far / Double(reaching) : 0
  }
}
