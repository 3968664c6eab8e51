extension KeyedDecodingContainer {
  /// A whole number of a range: whoever computes with what a file says need not fear its sums.
  ///
  /// - Throws: `DecodingError` where there is none, or another.
  package func whole(_ range: ClosedRange<Int>, forKey key: Key) throws -> Int {
    let value = try decode(Int.self, forKey: key)
    guard range.contains(value) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self,
        debugDescription: "it is \(value), and must be from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }
}

extension ClosedRange<Int> {
  /// Numbers of tokens, positions and steps that files may hold: sums and products of two of them fit an `Int`.
  package static var counts: ClosedRange<Int> { 0...Int(Int32.max) }
}
