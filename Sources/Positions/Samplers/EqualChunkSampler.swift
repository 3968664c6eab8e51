/// Equal chunks of ⌊L/N⌋ tokens, the last with the remainder; each skip is uniform in what the earlier ones left of T − L;
/// the text in order (as the axolotl trainer does it).
public struct EqualChunkSampler: PositionSampler {
  public static let name = "pose-equal"
  public static let summary = "PoSE with N equal chunks and the text in order, as the axolotl trainer draws it"
  public static let reads: Set<SamplerSetting> = [.chunkCount]

  public let window: TokenWindow
  let chunkCount: Int

  public init(_ settings: SamplerSettings) throws(PositionError) {
    guard (1...settings.window.training).contains(settings.chunkCount) else {
      throw .chunkCountOutOfRange(chunks: settings.chunkCount, window: settings.window.training)
    }
    window = settings.window
    chunkCount = settings.chunkCount
  }

  public func layout(using random: inout RandomStream) -> PositionLayout {
    let length = window.training / chunkCount
    let lengths =
      Array(repeating: length, count: chunkCount - 1) + [window.training - length * (chunkCount - 1)]
    return PositionLayout(
      window: window, lengths: lengths,
      biases: random.chainedBiases(chunkCount, upTo: window.largestSkipBias))
  }
}
