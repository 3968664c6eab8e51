/// RandPos: L distinct positions uniform from 0 … T−1, sorted (Ruoss et al. 2023).
public struct RandomPositionSampler: PositionSampler {
  public static let name = "randpos"
  public static let summary = "L distinct positions uniform from 0 … T−1, sorted (Ruoss et al. 2023)"
  public static let reads: Set<SamplerSetting> = []

  public let window: TokenWindow

  public init(_ settings: SamplerSettings) {
    window = settings.window
  }

  public func layout(using random: inout RandomStream) -> PositionLayout {
    PositionLayout(
      window: window, arrangement: .scattered(random.distinctSorted(window.training, from: 0..<window.target)))
  }
}
