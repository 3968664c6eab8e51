/// Counts, over examples drawn, how many pairs fall on each relative distance.
///
/// The pairs of two runs of tokens form a trapezoid over distances, so an example changes a handful of entries of a
/// second difference, whatever the lengths are.
public struct MassTally: Equatable, Sendable {
  public private(set) var examples = 0
  /// Second differences of the pair counts.
  private var bends: [Int] = []
  /// First differences of the pairs whose later token is the window's last.
  private var lastChanges: [Int] = []
  /// Pairs of scattered examples, counted one by one.
  private var single: [Int] = []
  private var singleLast: [Int] = []

  public init() {}

  public mutating func add(_ layout: PositionLayout) {
    let room = layout.window.target + 2
    if bends.count < room {
      bends += Array(repeating: 0, count: room - bends.count)
      lastChanges += Array(repeating: 0, count: room - lastChanges.count)
    }
    switch layout.arrangement {
    case .chunks(let chunks): add(chunks)
    case .scattered(let positions): add(positions, room)
    }
    examples += 1
  }

  private mutating func add(_ chunks: [Chunk]) {
    guard let final = chunks.last?.positions else { return }
    let last = final.upperBound - 1
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
      let (nearest, farthest) = (max(1, last - (b.upperBound - 1)), last - b.lowerBound)
      guard farthest >= nearest else { continue }
      lastChanges[nearest] += 1
      lastChanges[farthest + 1] -= 1
    }
  }

  private mutating func add(_ positions: [Int], _ room: Int) {
    if single.count < room {
      single += Array(repeating: 0, count: room - single.count)
      singleLast += Array(repeating: 0, count: room - singleLast.count)
    }
    for (index, later) in positions.enumerated() {
      for earlier in positions[..<index] {
        single[later - earlier] += 1
        if index == positions.count - 1 { singleLast[later - earlier] += 1 }
      }
    }
  }

  /// Mean pairs an example at each distance below T; index 0 is unused.
  public var pairMass: [Double] { means.map(\.pairs) }

  /// The same without pairs whose later token is the window's last, which nothing is asked of.
  public var supervisedMass: [Double] { means.map { $0.pairs - $0.last } }

  private var means: [(pairs: Double, last: Double)] {
    guard examples > 0 else { return [] }
    var (slope, value, last) = (0, 0, 0)
    return (0..<bends.count - 2).map { distance in
      slope += bends[distance]
      value += slope
      last += lastChanges[distance]
      guard distance > 0 else { return (0, 0) }
      let pairs = value + (single.isEmpty ? 0 : single[distance])
      let ends = last + (singleLast.isEmpty ? 0 : singleLast[distance])
      return (Double(pairs) / Double(examples), Double(ends) / Double(examples))
    }
  }
}
