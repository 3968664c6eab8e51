import Foundation

/// AdamW's settings (Loshchilov and Hutter 2019).
public struct AdamWSettings: Hashable, Sendable {
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  /// Decoupled weight decay, on every parameter.
  public var weightDecay: Double
  /// The gradient's global norm is scaled down to this; 0 leaves it.
  public var clipNorm: Double

  public init(
    beta1: Double = 0.9, beta2: Double = 0.95, epsilon: Double = 1e-8, weightDecay: Double = 0.1, clipNorm: Double = 1
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.clipNorm = clipNorm
  }
}

/// One AdamW step in one pass over parameters, gradients and moments, with the clip factor folded in.
enum AdamW {
  /// Parameters in a block: what a gradient's norm is summed by, in order, for the same bits with any number of workers.
  static let block = 4096

  /// What is the same for all parameters of a step.
  struct Factors {
    fileprivate var beta1: Float = 0
    fileprivate var beta2: Float = 0
    fileprivate var epsilon: Float = 0
    fileprivate var clip: Float = 0
    /// η / (1 − β₁ᵗ), 1 / √(1 − β₂ᵗ) and 1 − η·λ.
    fileprivate var rate: Float = 0
    fileprivate var correction: Float = 0
    fileprivate var keep: Float = 0

    init() {}

    /// - Parameters:
    ///   - step: 1 for the first.
    ///   - clip: what every gradient is multiplied by.
    init(step: Int, learningRate: Double, clip: Float, settings: AdamWSettings) {
      beta1 = Float(settings.beta1)
      beta2 = Float(settings.beta2)
      epsilon = Float(settings.epsilon)
      self.clip = clip
      rate = Float(learningRate / (1 - pow(settings.beta1, Double(step))))
      correction = Float(1 / (1 - pow(settings.beta2, Double(step))).squareRoot())
      keep = Float(1 - learningRate * settings.weightDecay)
    }
  }

  /// - Parameter range: the parameters that this call updates, so that workers can share the pass.
  static func update(
    parameters: UnsafeMutablePointer<Float>, gradients: UnsafeMutablePointer<Float>,
    first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>, range: Range<Int>, _ f: Factors
  ) {
    // Stretches of a buffer plan are multiples of 16 floats, so whole vectors cover every range.
    assert(range.lowerBound % 8 == 0 && range.upperBound % 8 == 0)
    var index = range.lowerBound
    while index < range.upperBound {
      let g = gradients.vector(index) * f.clip
      let m = first.vector(index) * f.beta1 + g * (1 - f.beta1)
      let v = second.vector(index) * f.beta2 + g * g * (1 - f.beta2)
      first.store(m, index)
      second.store(v, index)
      let root = v.squareRoot() * f.correction + Vector(repeating: f.epsilon)
      parameters.store(parameters.vector(index) * f.keep - m * f.rate / root, index)
      index &+= 8
    }
  }
}
