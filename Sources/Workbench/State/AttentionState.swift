import FineTuning
import Transformer

/// Which head is looked at, and where the cursor stands on its map.
public struct AttentionState: Equatable, Sendable {
  public var address = Inference.HeadAddress(layer: 0, head: 0)
  public var view: SessionNews.AttentionView?
  /// The cell looked at, as token indices; the key is never after the query.
  public var query = 0
  public var key = 0
  /// Show positions on the axes, with the skips as gaps between seams; otherwise tokens.
  public var showsPositions = true
  /// Bring out weak weights: colour grows with the weight's square root.
  public var scale: Scale = .squareRoot

  /// Leave the first token out: many heads park their attention there.
  public var hidesSink = false

  /// Which model is looked at.
  public var side: Side = .now

  public enum Side: String, CaseIterable, Sendable {
    case now
    case before
    case difference = "now − before"
  }

  public enum Scale: String, CaseIterable, Sendable {
    case linear
    case squareRoot = "square root"
    case logarithmic = "log"
  }

  public init() {}

  /// Takes a new map and keeps the cursor on it; the first one puts the cursor on the last token's row.
  public mutating func show(_ view: SessionNews.AttentionView) {
    let isFirst = self.view == nil
    self.view = view
    if isFirst { query = view.map.tokens - 1 }
    moveCursor(rows: 0, columns: 0)
  }

  /// Keeps the head's address inside a model's shape.
  public mutating func fit(_ configuration: TransformerConfiguration) {
    address.layer = min(address.layer, configuration.layerCount - 1)
    address.head = min(address.head, configuration.headCount - 1)
    view = nil
  }

  /// Puts the cursor on a query, as near as there is one.
  mutating func place(query wanted: Int) { moveCursor(rows: wanted - query, columns: 0) }

  /// The cell with the largest weight farther back than the training window, the sink apart; nil where no key is so far.
  var brightestFarCell: (query: Int, key: Int)? {
    guard let view else { return nil }
    let (positions, tokens) = (view.layout.positions, view.map.tokens)
    var brightest: (query: Int, key: Int)?
    var largest: Float = 0
    for query in 0..<tokens {
      for key in 1..<max(1, query) where positions[query] - positions[key] >= view.layout.window.training {
        let weight = view.map.weights[query * tokens + key]
        if weight > largest { (largest, brightest) = (weight, (query, key)) }
      }
    }
    return brightest
  }

  mutating func seekFarCell() {
    guard let cell = brightestFarCell else { return }
    moveCursor(rows: cell.query - query, columns: cell.key - key)
  }

  /// Moves the cursor inside the causal triangle.
  public mutating func moveCursor(rows: Int, columns: Int) {
    guard let tokens = view?.map.tokens, tokens > 0 else { return }
    query = min(max(query + rows, 0), tokens - 1)
    key = min(max(key + columns, 0), query)
  }
}
