import Foundation

/// CREAM: a head, a middle and a tail; the middle's place is drawn so that relative positions concentrate in the middle of
/// the target window (Wu et al. 2024, "An Efficient Recipe for Long Context Extension via Middle-Focused Positional Encoding").
///
/// A fair coin makes head and tail ⌊L/3⌋ or 4·s tokens. With m tokens in the middle, α = ⌊a draw of N(1+s, 3) clipped to
/// [2, 2s]⌋ and the middle's last position is uniform in ⌊head + (m−1)·α/2⌋ … ⌊α·L/2⌋ − tail − 1.
public struct ContinuityRelativitySampler: PositionSampler {
  public static let name = "cream"
  public static let summary = "CREAM: head, middle and tail, the middle drawn from a truncated normal (Wu et al. 2024)"
  public static let reads: Set<SamplerSetting> = []

  public let window: TokenWindow
  private let shortEnd: Int

  public init(_ settings: SamplerSettings) throws(PositionError) {
    let (length, factor) = (settings.window.training, settings.window.factor)
    guard length >= 3, 8 * factor < Double(length) else {
      throw .invalidSetting(
        name: "8·T/L for cream", value: "\(Int((8 * factor).rounded(.up)))", expected: "below the window, \(length)")
    }
    window = settings.window
    shortEnd = Int(4 * factor)
  }

  public func layout(using random: inout RandomStream) -> PositionLayout {
    let (length, factor) = (window.training, window.factor)
    let end = random.next() & 1 == 0 ? length / 3 : shortEnd
    let middle = length - 2 * end
    let drawn = min(max(1 + factor + 3 * random.normal(), 2), 2 * factor)
    let alpha = max(drawn.rounded(.down), 2)
    let lowest = Int((Double(end) + Double(middle - 1) * alpha / 2).rounded(.down))
    // A factor that is not whole can leave the range one short of its lower end.
    let highest = max(lowest, Int((alpha * Double(length) / 2).rounded(.down)) - end - 1)
    let last = Int.random(in: lowest...highest, using: &random)
    return PositionLayout(
      window: window, lengths: [end, middle, end], biases: [0, last - middle + 1 - end, window.largestSkipBias])
  }
}
