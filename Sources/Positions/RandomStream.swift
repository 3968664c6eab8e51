import Foundation

/// A reproducible stream of random numbers that holds no hidden state: its output depends on a seed, on what it is used
/// for, and on how many numbers were drawn.
///
/// The mixing function is SplitMix64 (Steele, Lea and Flood 2014). Because a stream is made from counters such as the
/// step and the sequence, a resumed run draws what the uninterrupted run would have drawn.
public struct RandomStream: RandomNumberGenerator, Hashable, Sendable {
  private var state: UInt64

  /// - Parameter path: what the numbers are for, such as `[step, sequence, use]`; different paths give independent streams.
  public init(seed: UInt64, path: [UInt64] = []) {
    state = Self.mixed(seed &+ Self.increment)
    for part in path { state = Self.mixed(state ^ Self.mixed(part &+ Self.increment)) }
  }

  public mutating func next() -> UInt64 {
    state &+= Self.increment
    return Self.mixed(state)
  }

  private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

  private static func mixed(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}

extension RandomStream {
  /// A double uniform in 0 ..< 1, of 53 random bits.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A draw from the standard normal distribution, by the Box-Muller transform's cosine branch.
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - unit())).squareRoot()
    return radius * cos(2 * .pi * unit())
  }
}

extension RandomStream {
  /// `count` distinct integers of a range, sorted; every set is equally likely (Floyd's algorithm).
  mutating func distinctSorted(_ count: Int, from range: Range<Int>) -> [Int] {
    var chosen = Set<Int>(minimumCapacity: count)
    for upper in (range.upperBound - count)..<range.upperBound {
      let drawn = Int.random(in: range.lowerBound...upper, using: &self)
      chosen.insert(chosen.contains(drawn) ? upper : drawn)
    }
    return chosen.sorted()
  }
}
