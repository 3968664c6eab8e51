import Synchronization

/// Two chunks whose cut and bias are drawn so that the pair mass over relative distances comes close to a wanted one.
///
/// PoSE's uniform draws leave the farthest distances almost untaught: T−1 needs u_1 = T−L exactly. Here every pair of a cut and
/// a stretch of biases is a component with a known pair mass, and the weights of the mixture are fitted to the wanted mass
/// by expectation-maximisation, which minimises the Kullback-Leibler divergence and keeps weights at or above 0. What two
/// chunks cannot give (at least half of the pairs lie inside a chunk) stays as it is: see `DistanceProfile.distance(to:)`.
public struct BalancedSampler: PositionSampler {
  public static let name = "balanced"
  public static let summary = "two chunks, drawn so that far distances are trained as often as two chunks can"
  public static let reads: Set<SamplerSetting> = [.content, .wantedMass]

  /// The fit looks at every distance.
  static let longest = 1 << 24

  public let window: TokenWindow
  private let content: ContentRule
  private let textLength: Int
  let design: BalancedDesign

  public init(_ settings: SamplerSettings) throws(PositionError) {
    // The same limits as PoSE with two chunks.
    var pose = settings
    pose.chunkCount = 2
    _ = try SkipWiseSampler(pose)
    let wanted = settings.wantedMass
    if !wanted.isEmpty, wanted.contains(where: { $0 < 0 || !$0.isFinite }) || wanted.reduce(0, +) <= 0 {
      throw .invalidSetting(name: "the wanted mass", value: "negative or nothing", expected: "0 or more, and not all 0")
    }
    guard settings.window.target <= Self.longest else {
      throw .invalidSetting(
        name: "the target window of \(Self.name)", value: "\(settings.window.target)",
        expected: "at most \(Self.longest)")
    }
    window = settings.window
    content = settings.content
    textLength = settings.textLength
    design = BalancedDesign.fitted(settings.window, wanted: wanted)
  }

  public func layout(using random: inout RandomStream) -> PositionLayout {
    let (cut, biases) = design.draw(&random)
    let bias = Int.random(in: biases, using: &random)
    let offset =
      switch content {
      case .random: Int.random(in: 0...textLength - window.training, using: &random)
      case .continuous: 0
      case .aligned: bias
      }
    return PositionLayout(
      window: window,
      arrangement: .chunks([
        Chunk(start: 0, length: cut, skipBias: 0),
        Chunk(start: cut, length: window.training - cut, skipBias: bias, contentOffset: offset),
      ]))
  }
}

/// Which cuts and stretches of biases to draw, and how often.
struct BalancedDesign: Sendable {
  private let cuts: [Int]
  private let stretches: [ClosedRange<Int>]
  /// Sums of the weights up to each component, cut by cut.
  private let sums: [Double]

  func draw(_ random: inout RandomStream) -> (cut: Int, biases: ClosedRange<Int>) {
    let wanted = random.unit() * (sums.last ?? 1)
    var (low, high) = (0, sums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > wanted { high = middle } else { low = middle + 1 }
    }
    return (cuts[low / stretches.count], stretches[low % stretches.count])
  }

  /// The cuts, each with the probability of it together with each bias 0 … T−L.
  var biasesByCut: [(cut: Int, biases: [Double])] {
    let total = sums.last ?? 1
    return cuts.enumerated().map { index, cut in
      let biases = stretches.enumerated().flatMap { place, stretch -> [Double] in
        let component = index * stretches.count + place
        let weight = sums[component] - (component > 0 ? sums[component - 1] : 0)
        return Array(repeating: weight / total / Double(stretch.count), count: stretch.count)
      }
      return (cut, biases)
    }
  }

  /// Fits take up to some tenths of a second and a run asks for the same one again and again.
  private static let known = Mutex<[Key: BalancedDesign]>([:])

  private struct Key: Hashable {
    var window: TokenWindow
    var wanted: [Double]
  }

  static func fitted(_ window: TokenWindow, wanted: [Double]) -> BalancedDesign {
    let key = Key(window: window, wanted: wanted)
    if let design = known.withLock({ $0[key] }) { return design }
    let design = BalancedDesign(window, wanted: wanted)
    known.withLock { known in
      if known.count >= 64 { known.removeAll() }
      known[key] = design
    }
    return design
  }

  private static let distanceBins = 256
  private static let iterations = 60

  private init(_ window: TokenWindow, wanted: [Double]) {
    let (length, target) = (window.training, window.target)
    let width = (target + Self.distanceBins - 1) / Self.distanceBins
    let bins = (target + width - 1) / width
    let share = max(1, (length + 7) / 8)
    cuts = Array(Set(stride(from: share, to: length, by: share).map { $0 } + [max(1, length / 2)])).sorted()
    stretches = stride(from: 0, through: window.largestSkipBias, by: width).map {
      $0...min($0 + width - 1, window.largestSkipBias)
    }

    // What is wanted, and what lies inside the chunks of each cut, by bins of distances.
    let wantedByDistance = DistanceProfile.spread(wanted, over: target)
    var goal = [Double](repeating: 0, count: bins)
    for distance in 1..<max(target, 2) where distance < target {
      goal[distance / width] += wantedByDistance[distance]
    }
    let sum = max(goal.reduce(0, +), .leastNormalMagnitude)
    for bin in goal.indices { goal[bin] /= sum }
    let kernels = cuts.map { CutKernel(length: length, cut: $0, width: width, bins: bins) }

    var weights = [Double](repeating: 1 / Double(cuts.count * stretches.count), count: cuts.count * stretches.count)
    for _ in 0..<Self.iterations {
      var mass = [Double](repeating: 1e-12, count: bins)
      for (index, kernel) in kernels.enumerated() {
        var total = 0.0
        for stretch in stretches.indices {
          let weight = weights[index * stretches.count + stretch]
          total += weight
          kernel.spread(weight, at: stretch, into: &mass)
        }
        for (bin, value) in kernel.inside.enumerated() { mass[bin] += total * value }
      }
      let ratio = zip(goal, mass).map { $0 / $1 }
      for (index, kernel) in kernels.enumerated() {
        let near = zip(kernel.inside, ratio).reduce(0) { $0 + $1.0 * $1.1 }
        for stretch in stretches.indices {
          weights[index * stretches.count + stretch] *= near + kernel.gather(ratio, at: stretch)
        }
      }
      let total = weights.reduce(0, +)
      for component in weights.indices { weights[component] /= total }
    }
    var running = 0.0
    sums = weights.map { weight in
      running += weight
      return running
    }
  }

  /// The share of pairs that a cut puts at each bin of distances.
  private struct CutKernel {
    /// Inside the two chunks.
    var inside: [Double]
    /// Across the cut, relative to the bin of the bias.
    var across: [Double]

    init(length: Int, cut: Int, width: Int, bins: Int) {
      inside = Array(repeating: 0, count: bins)
      across = Array(repeating: 0, count: length / width + 3)
      let pairs = max(Double(length * (length - 1) / 2), 1)
      for distance in 1..<max(length, 2) where distance < length {
        let crossing = max(0, min(cut, length - distance) - max(0, cut - distance))
        inside[distance / width] += Double(length - distance - crossing) / pairs
        // A bias is anywhere in its bin: the sum reaches into the next one in proportion to the distance's place.
        let beyond = width == 1 ? 0 : (Double(distance % width) + 0.5) / Double(width)
        across[distance / width] += Double(crossing) / pairs * (1 - beyond)
        across[distance / width + 1] += Double(crossing) / pairs * beyond
      }
    }

    func spread(_ weight: Double, at bin: Int, into mass: inout [Double]) {
      for (offset, value) in across.enumerated() where bin + offset < mass.count {
        mass[bin + offset] += weight * value
      }
    }

    func gather(_ ratio: [Double], at bin: Int) -> Double {
      var sum = 0.0
      for (offset, value) in across.enumerated() where bin + offset < ratio.count { sum += value * ratio[bin + offset] }
      return sum
    }
  }
}
