import Positions

/// Training text from files.
extension Corpus: TextSource {
  public var longestText: Int? { longestDocument }

  public func text(minimum: Int, wanted: Int, progress: Double, using random: inout RandomStream) -> [UInt8] {
    stretch(minimum: minimum, wanted: wanted, using: &random)
  }
}
