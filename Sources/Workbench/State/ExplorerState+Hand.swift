import FineTuning
import Positions

/// A place of a layout that can be moved by hand.
public struct LayoutHandle: Equatable, Sendable {
  public enum Kind: Sendable {
    /// Where the chunk begins in the window.
    case border
    /// The chunk's skip bias.
    case bias
  }

  public var kind: Kind
  /// The chunk, 1 for the second.
  public var chunk: Int
}

/// A handle held by the mouse.
struct LayoutDrag: Equatable, Sendable {
  /// How far the pointer is from the handle's value, in tokens or positions.
  var offset: Int
  /// Whether the layout before the drag is kept for undo: it is at the first move, once.
  var isRemembered = false
}

extension ExplorerState {
  /// A point that undo returns to.
  struct Moment: Equatable, Sendable {
    var settings: RunSettings
    /// The layout changed by hand; nil where it is drawn.
    var byHand: PositionLayout?
  }

  /// Points of the past that are kept.
  private static let memory = 200

  private var moment: Moment { Moment(settings: settings, byHand: isByHand ? layout : nil) }

  /// Keeps the present for undo; what was undone before is gone.
  mutating func remember() {
    past.append(moment)
    if past.count > Self.memory { past.removeFirst() }
    future = []
  }

  /// Goes back to before the last change; returns whether there was one.
  public mutating func undo() -> Bool {
    guard let last = past.popLast() else { return false }
    future.append(moment)
    restore(last)
    return true
  }

  /// Takes the last undo back; returns whether there was one.
  public mutating func redo() -> Bool {
    guard let next = future.popLast() else { return false }
    past.append(moment)
    restore(next)
    return true
  }

  private mutating func restore(_ moment: Moment) {
    if moment.settings != settings || (isByHand && moment.byHand == nil) { start(moment.settings) }
    guard let byHand = moment.byHand else { return }
    layout = byHand
    isByHand = true
  }

  /// Selects the border or the skip `steps` further on: border 1, skip 1, border 2 …
  public mutating func selectHandle(by steps: Int) {
    let count = 2 * ((layout?.chunks.count ?? 1) - 1)
    guard count > 0 else { return }
    let present = 2 * (handle.chunk - 1) + (handle.kind == .bias ? 1 : 0)
    let next = ((present + steps) % count + count) % count
    handle = LayoutHandle(kind: next % 2 == 0 ? .border : .bias, chunk: 1 + next / 2)
  }

  /// Where the selected handle stands: the border's token or the skip bias.
  var handleValue: Int? {
    guard let chunks = layout?.chunks, chunks.count > 1 else { return nil }
    let chunk = chunks[min(handle.chunk, chunks.count - 1)]
    return handle.kind == .border ? chunk.start : chunk.skipBias
  }

  /// Moves what is selected, as far as the neighbours leave room; returns why it cannot move at all.
  public mutating func moveHandle(by steps: Int) -> String? {
    guard let value = handleValue else { return "there is one chunk: c makes two" }
    return moveHandle(to: value + steps)
  }

  /// Moves what is selected to a token or a bias, as far as the neighbours leave room.
  mutating func moveHandle(to value: Int) -> String? {
    guard let layout, layout.chunks.count > 1 else { return "there is one chunk: c makes two" }
    var chunks = layout.chunks
    let index = min(handle.chunk, chunks.count - 1)
    handle.chunk = index
    switch handle.kind {
    case .border:
      let (left, right) = (chunks[index - 1], chunks[index])
      let start = min(max(value, left.start + 1), right.start + right.length - 1)
      guard start != right.start else { return "a chunk keeps at least one token" }
      chunks[index - 1].length += start - right.start
      chunks[index].length -= start - right.start
      chunks[index].start = start
    case .bias:
      let limit = index + 1 < chunks.count ? chunks[index + 1].skipBias : layout.window.largestSkipBias
      let bias = min(max(value, chunks[index - 1].skipBias), limit)
      guard bias != chunks[index].skipBias else {
        return "u\(index) stays between \(chunks[index - 1].skipBias) and \(limit)"
      }
      chunks[index].skipBias = bias
      if settings.content == .aligned { chunks[index].contentOffset = bias }
    }
    if drag?.isRemembered != true { remember() }
    drag?.isRemembered = true
    self.layout = PositionLayout(window: layout.window, arrangement: .chunks(chunks))
    isByHand = true
    return nil
  }
}
