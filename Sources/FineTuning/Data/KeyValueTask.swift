import Positions

/// Key-value text as training text: the embedded default, so that no file is needed.
public struct KeyValueTask: TextSource {
  public static let name = "keys"

  /// Whether it is for pre-training: repeated strings alone, then fading out among documents whose facts recur.
  public let hasCurriculum: Bool

  public init(curriculum: Bool) { hasCurriculum = curriculum }

  public var name: String { hasCurriculum ? "keys-curriculum" : Self.name }
  public var longestText: Int? { nil }

  public func text(minimum: Int, wanted: Int, progress: Double, using random: inout RandomStream) -> [UInt8] {
    if hasCurriculum { return lesson(length: wanted, progress: progress, using: &random) }
    // From very sparse to dense in every batch, so that a model learns both to look back and to wait.
    let share = 0.08 + 0.72 * random.unit()
    let keys = Int.random(in: 1...6, using: &random)
    return KeyValueText(factShare: share, keyCount: keys).document(length: wanted, using: &random)
  }

  /// A fact early in filler, and its question.
  public func prompt(length: Int, using random: inout RandomStream) -> SamplePrompt? {
    let length = max(length, KeyValueText.shortestPasskey)
    guard let passkey = try? KeyValueText.passkey(length: length, depth: 0.1, using: &random) else { return nil }
    let told = passkey.prompt.firstRange(of: passkey.digits)?.lowerBound
    return SamplePrompt(
      tokens: passkey.prompt.map(Int32.init), expected: String(decoding: passkey.digits, as: UTF8.self),
      distance: told.map { passkey.prompt.count - $0 })
  }

  /// Heads that copy form on short repeated strings, if nothing else is in the way: with facts mixed in from the start a
  /// model learns the digits' frequencies and stays there. Once they have formed, facts that recur keep them in use.
  private func lesson(length: Int, progress: Double, using random: inout RandomStream) -> [UInt8] {
    let repetitions = progress < 0.2 ? 1 : 0.5 * max(0, 1 - (progress - 0.2) / 0.5)
    if random.unit() < repetitions { return KeyValueText.repetition(length: length, using: &random) }
    let share = 0.1 + 0.9 * random.unit()
    let keys = Int.random(in: 1...4, using: &random)
    return KeyValueText(factShare: share, keyCount: keys, recurrence: 0.6).document(length: length, using: &random)
  }
}
