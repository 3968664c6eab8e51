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

/// One AdamW step over all parameters in one pass, with the clip factor folded in.
enum AdamW {
  /// - Parameters:
  ///   - step: 1 for the first.
  ///   - clip: what every gradient is multiplied by.
  ///   - range: the parameters that this call updates, so that workers can share the pass.
  static func update(
    parameters: UnsafeMutablePointer<Float>, gradients: UnsafeMutablePointer<Float>,
    first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>, range: Range<Int>,
    step: Int, learningRate: Double, clip: Float, settings: AdamWSettings
  ) {
    let beta1 = Float(settings.beta1)
    let beta2 = Float(settings.beta2)
    let rate = Float(learningRate / (1 - pow(settings.beta1, Double(step))))
    let correction = Float(1 / (1 - pow(settings.beta2, Double(step))).squareRoot())
    let epsilon = Float(settings.epsilon)
    let keep = Float(1 - learningRate * settings.weightDecay)
    // Stretches of a buffer plan are multiples of 16 floats, so whole vectors cover every range.
    assert(range.lowerBound % 8 == 0 && range.upperBound % 8 == 0)
    var index = range.lowerBound
    while index < range.upperBound {
      let g = gradients.vector(index) * clip
      let m = first.vector(index) * beta1 + g * (1 - beta1)
      let v = second.vector(index) * beta2 + g * g * (1 - beta2)
      first.store(m, index)
      second.store(v, index)
      let root = v.squareRoot() * correction + Vector(repeating: epsilon)
      parameters.store(parameters.vector(index) * keep - m * rate / root, index)
      index &+= 8
    }
  }

  /// Σ g² in double precision over blocks of 4,096, added in order: the same bits for any number of workers.
  static func squaredNorm(_ gradients: UnsafeMutablePointer<Float>, count: Int) -> Double {
    var sum = 0.0
    for start in stride(from: 0, to: count, by: 4096) {
      let block = min(4096, count - start)
      sum += Double(dotProduct(gradients + start, gradients + start, block))
    }
    return sum
  }
}
