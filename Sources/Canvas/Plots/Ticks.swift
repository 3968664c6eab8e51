import Foundation

/// How values are spread over an axis.
public enum AxisScale: String, CaseIterable, Sendable {
  case linear, logarithmic
  /// Logarithmic away from 0 and linear around it, so that 0 has a place: the linear part is a thousandth of the range.
  case symmetricLogarithmic
}

/// A range of values along a side of a plot.
public struct Axis: Equatable, Sendable {
  public var lowest: Double
  public var highest: Double
  public var scale: AxisScale

  /// An empty or infinite range becomes one that can be drawn; a logarithmic one stays above 0.
  public init(_ lowest: Double, _ highest: Double, scale: AxisScale = .linear) {
    // Beyond this a difference of two ends would no longer be a number.
    let limit = 1e150
    var low = lowest.isFinite ? min(max(lowest, -limit), limit) : 0
    var high = highest.isFinite ? min(max(highest, -limit), limit) : 1
    if scale == .logarithmic {
      high = high > 1 / limit ? high : 1
      low = low > 0.001 / limit ? low : high / 1000
    }
    if high <= low { high = scale == .logarithmic ? low * 10 : low + max(1, abs(low) / 1000) }
    self.lowest = low
    self.highest = high
    self.scale = scale
    // Far from 0 a narrow range has no room between its logarithms.
    if scale == .symmetricLogarithmic, !(folded(high) - folded(low) > 1e-9) { self.scale = .linear }
  }

  /// Where a value lies, 0 at the lowest and 1 at the highest; outside the range it goes beyond.
  public func share(_ value: Double) -> Double {
    switch scale {
    case .linear: (value - lowest) / (highest - lowest)
    case .logarithmic: value > 0 ? (log(value) - log(lowest)) / (log(highest) - log(lowest)) : -.infinity
    case .symmetricLogarithmic:
      (folded(value) - folded(lowest)) / (folded(highest) - folded(lowest))
    }
  }

  /// Where the symmetric logarithm turns linear.
  private var threshold: Double { max(abs(lowest), abs(highest)) / 1000 }

  private func folded(_ value: Double) -> Double { asinh(value / threshold / 2) }

  /// The value at a share of the axis: what `share` undoes.
  public func value(at share: Double) -> Double {
    switch scale {
    case .linear: lowest + share * (highest - lowest)
    case .logarithmic: lowest * pow(highest / lowest, share)
    case .symmetricLogarithmic:
      2 * threshold * sinh(folded(lowest) + share * (folded(highest) - folded(lowest)))
    }
  }

  /// At most about `count` values in steps of 1, 2 or 5 times a power of ten; on a logarithmic axis over a decade or
  /// more, powers of ten and, where there is room, twice and five times them.
  public func ticks(_ count: Int) -> [Double] {
    guard count > 0 else { return [] }
    if scale == .logarithmic, highest / lowest >= 10 {
      let decades = Int(log10(lowest).rounded(.down))...Int(log10(highest).rounded(.up))
      let factors: [Double] = decades.count * 3 <= count + 2 ? [1, 2, 5] : [1]
      let all = decades.flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }
      let inside = all.filter { $0 >= lowest * 0.999 && $0 <= highest * 1.001 }
      let stride = max(1, (inside.count + count - 1) / count)
      return inside.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
    }
    if scale == .symmetricLogarithmic {
      let decades = (0...2).map { threshold * pow(10, Double($0 + 1)) }.map { pow(10, log10($0).rounded()) }
      let all = decades.reversed().map { -$0 } + [0] + decades
      return all.filter { $0 >= lowest && $0 <= highest }
    }
    let rough = (highest - lowest) / Double(count)
    let magnitude = pow(10, log10(rough).rounded(.down))
    let step = [1, 2, 5, 10].map { $0 * magnitude }.first { $0 >= rough * 0.999 } ?? 10 * magnitude
    let first = (lowest / step - 1e-9).rounded(.up)
    let last = (highest / step + 1e-9).rounded(.down)
    guard first <= last else { return [] }
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// A number as short as it can be read: 0.25, 1.5k, 3e-4.
  public static func label(_ value: Double) -> String {
    let size = abs(value)
    if size == 0 { return "0" }
    if size >= 1e6 { return short(value / 1e6) + "M" }
    if size >= 1e4 || (size >= 1e3 && value.truncatingRemainder(dividingBy: 100) == 0) {
      return short(value / 1e3) + "k"
    }
    if size >= 1e-3 { return short(value) }
    let text = String(format: "%.0e", value)
    return text.replacingOccurrences(of: "e-0", with: "e-")
  }

  private static func short(_ value: Double) -> String { String(format: "%.4g", value) }
}
