/// Counts, over examples drawn, how many pairs fall on each relative distance.
///
/// The pairs of two runs of tokens form a trapezoid over distances, so an example changes a handful of entries of a
/// second difference, whatever the lengths are.
public struct MassTally: Equatable, Sendable {
  public private(set) var examples = 0
  /// Second differences of the pair counts.
  private var bends: [Int] = []
  /// First differences of the pairs whose later token is asked for nothing.
  private var mutedChanges: [Int] = []
  /// Pairs of scattered examples, counted one by one.
  private var single: [Int] = []
  private var singleMuted: [Int] = []
  private let seam: SeamRule

  public init(seam: SeamRule = .kept) { self.seam = seam }

  public mutating func add(_ layout: PositionLayout) {
    let room = layout.window.target + 2
    if bends.count < room {
      bends += Array(repeating: 0, count: room - bends.count)
      mutedChanges += Array(repeating: 0, count: room - mutedChanges.count)
    }
    switch layout.arrangement {
    case .chunks(let chunks): add(chunks)
    case .scattered(let positions): add(positions, room)
    }
    examples += 1
  }

  private mutating func add(_ chunks: [Chunk]) {
    for (index, later) in chunks.enumerated() {
      let b = later.positions
      // l − d pairs at distance d inside a chunk.
      bends[1] += b.count - 1
      bends[2] -= b.count
      bends[b.count + 1] += 1
      for earlier in chunks[..<index] {
        let a = earlier.positions
        let nearest = b.lowerBound - (a.upperBound - 1)
        bends[nearest] += 1
        bends[nearest + a.count] -= 1
        bends[nearest + b.count] -= 1
        bends[nearest + a.count + b.count] += 1
      }
      if seam == .masked || index == chunks.count - 1 { mute(b.upperBound - 1, chunks[...index]) }
    }
  }

  /// Counts the pairs of a token that is asked for nothing with all tokens before it.
  private mutating func mute(_ position: Int, _ chunks: ArraySlice<Chunk>) {
    for chunk in chunks {
      let (nearest, farthest) = (
        max(1, position - (chunk.positions.upperBound - 1)), position - chunk.positions.lowerBound
      )
      guard farthest >= nearest else { continue }
      mutedChanges[nearest] += 1
      mutedChanges[farthest + 1] -= 1
    }
  }

  private mutating func add(_ positions: [Int], _ room: Int) {
    if single.count < room {
      single += Array(repeating: 0, count: room - single.count)
      singleMuted += Array(repeating: 0, count: room - singleMuted.count)
    }
    positions.withUnsafeBufferPointer { positions in
      single.withUnsafeMutableBufferPointer { single in
        for index in positions.indices {
          let later = positions[index]
          for earlier in 0..<index { single[later - positions[earlier]] += 1 }
        }
      }
    }
    guard let last = positions.last else { return }
    for earlier in positions.dropLast() { singleMuted[last - earlier] += 1 }
  }

  /// Mean pairs an example at each distance below T; index 0 is unused.
  public var pairMass: [Double] { means.map(\.pairs) }

  /// The same without pairs whose later token is asked for nothing.
  public var supervisedMass: [Double] { means.map { $0.pairs - $0.muted } }

  private var means: [(pairs: Double, muted: Double)] {
    guard examples > 0 else { return [] }
    var (slope, value, muted) = (0, 0, 0)
    return (0..<bends.count - 2).map { distance in
      slope += bends[distance]
      value += slope
      muted += mutedChanges[distance]
      guard distance > 0 else { return (0, 0) }
      let pairs = value + (single.isEmpty ? 0 : single[distance])
      let silent = muted + (singleMuted.isEmpty ? 0 : singleMuted[distance])
      return (Double(pairs) / Double(examples), Double(silent) / Double(examples))
    }
  }
}
