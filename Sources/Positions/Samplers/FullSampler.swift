/// Positions 0 … T−1 on T tokens: full-length fine-tuning, what PoSE saves.
public struct FullSampler: PositionSampler {
  public static let name = "full"
  public static let summary = "positions 0 … T−1 on T tokens: full-length fine-tuning"
  public static let reads: Set<SamplerSetting> = []

  public let window: TokenWindow

  public init(_ settings: SamplerSettings) {
    window = settings.window
  }

  public func layout(using random: inout RandomStream) -> PositionLayout {
    PositionLayout(window: window, arrangement: .chunks([Chunk(start: 0, length: window.target, skipBias: 0)]))
  }
}
