/// Positions 0 … L−1: fine-tuning with interpolation alone, no skips.
public struct ContiguousSampler: PositionSampler {
  public static let name = "contiguous"
  public static let summary = "positions 0 … L−1, no skips: fine-tuning with interpolation alone"
  public static let reads: Set<SamplerSetting> = []

  public let window: TokenWindow

  public init(_ settings: SamplerSettings) {
    window = settings.window
  }

  public func layout(using random: inout RandomStream) -> PositionLayout {
    PositionLayout(window: window, arrangement: .chunks([Chunk(start: 0, length: window.training, skipBias: 0)]))
  }
}
