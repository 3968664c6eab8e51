/// The exponential moving average of a curve, corrected for its start (Kingma and Ba 2015, §3).
struct MovingAverage: Equatable, Sendable {
  /// Of the average so far against a new value; 0 keeps the raw curve.
  private let weight: Double
  private var sum = 0.0
  private var mass = 0.0

  init(weight: Double) { self.weight = weight }

  /// Takes a value in and gives the average with it.
  mutating func take(_ value: Double) -> Double {
    sum = weight * sum + (1 - weight) * value
    mass = weight * mass + (1 - weight)
    return sum / mass
  }

  /// Values, each averaged with those before it.
  static func smoothed(_ values: [Double], weight: Double) -> [Double] {
    var average = MovingAverage(weight: weight)
    return values.map { average.take($0) }
  }
}
