/// A way to change the rotary frequencies so that a model can read past the window it was trained on.
///
/// Conforming values are made from settings that are already checked, so computing frequencies cannot fail.
public protocol RotaryScaling: Sendable {
  /// The name a user types.
  static var name: String { get }
  /// One line that says what the scaling does and where it comes from.
  static var summary: String { get }

  /// Checks the settings that this scaling reads.
  init(_ settings: ScalingSettings) throws(PositionError)

  /// The settings it was made from, with defaults filled in.
  var settings: ScalingSettings { get }

  /// Whether frequencies change with the length read, as those of `dynamic` and `longrope` do.
  static var dependsOnLength: Bool { get }

  /// - Parameter length: tokens read so far, largest position + 1.
  func frequencies(length: Int) -> RotaryFrequencies
}

extension RotaryScaling {
  public var name: String { Self.name }
  public static var dependsOnLength: Bool { false }

  /// The frequencies inside the original window.
  public var frequencies: RotaryFrequencies { frequencies(length: settings.originalWindow) }
}

/// What a scaling gives: how fast each pair of dimensions turns, and what cos and sin are multiplied by.
public struct RotaryFrequencies: Hashable, Sendable {
  /// Radians a position, for the pairs i = 0 … d/2 − 1.
  public var inverse: [Double]
  /// The factor a on cos and sin (YaRN's attention temperature).
  public var attentionFactor: Double

  public init(inverse: [Double], attentionFactor: Double = 1) {
    self.inverse = inverse
    self.attentionFactor = attentionFactor
  }

  /// Positions until a pair has turned once, λ_i = 2π / θ_i.
  public var wavelengths: [Double] { inverse.map { 2 * .pi / $0 } }
}

/// Everything a scaling can be asked for. Each one reads what it needs and checks it; nil means its own default.
public struct ScalingSettings: Hashable, Sendable {
  /// b, the RoPE base (theta).
  public var base: Double
  /// d, the size of a head; even.
  public var headDimension: Int
  /// L0, the window the base model was trained on.
  public var originalWindow: Int
  /// s, the extension factor, ≥ 1.
  public var factor: Double

  // yarn and yarn-revised
  public var betaFast: Double?
  public var betaSlow: Double?
  public var attentionFactor: Double?
  // llama3
  public var lowFrequencyFactor: Double?
  public var highFrequencyFactor: Double?
  // longrope
  public var shortFactors: [Double]?
  public var longFactors: [Double]?
  // abf
  public var adjustedBase: Double?

  public init(base: Double = 10_000, headDimension: Int, originalWindow: Int, factor: Double = 1) {
    self.base = base
    self.headDimension = headDimension
    self.originalWindow = originalWindow
    self.factor = factor
  }
}
