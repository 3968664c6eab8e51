import Positions

/// Key-value text as training text: the embedded default, so that no file is needed.
public struct KeyValueTask: TextSource {
  public static let name = "keys"

  /// Whether it is for pre-training: repeated strings first, fading out over the first half, and facts from sparse to dense.
  public let hasCurriculum: Bool

  public init(curriculum: Bool) { hasCurriculum = curriculum }

  public var name: String { hasCurriculum ? "keys-curriculum" : Self.name }
  public var longestText: Int? { nil }

  public func text(minimum: Int, wanted: Int, progress: Double, using random: inout RandomStream) -> [UInt8] {
    if hasCurriculum {
      let repetitions = 0.5 * max(0, 1 - progress / 0.5)
      if random.unit() < repetitions { return KeyValueText.repetition(length: wanted, using: &random) }
    }
    // From very sparse to dense in every batch, so that a model learns both to look back and to wait.
    let share = 0.08 + 0.72 * random.unit()
    let keys = Int.random(in: 1...6, using: &random)
    return KeyValueText(factShare: share, keyCount: keys).document(length: wanted, using: &random)
  }
}
