import Positions

/// Questions of our own: the claim on each base model, and what the paper leaves open.
enum OwnExperiments {
  private static let perplexity = SlidingPerplexity.name
  private static let passkey = PasskeyAccuracy.name
  private static let recall = RecallAccuracy.name
  private static let distance = DistanceLoss.name

  /// The whole claim on the base model for keys, T = 8 L: 300 steps, with both forms of YaRN; the revised one is judged.
  static func keys(_ size: ExperimentSize) -> Experiment {
    let window = BaseModel.keys.window
    let target = 8 * window
    var longer = size
    longer.steps = size.steps * 3 / 2
    return Experiment(
      "keys", "PoSE on key-value text", target: target, size: longer,
      arms: [.original, .full("yarn"), .pose("yarn"), .pose("yarn-revised"), .randomPositions("yarn")],
      measurements: [
        .passkey(lengths: Experiment.lengths(window / 2, target), trials: size.trials),
        .perplexity(lengths: Experiment.lengths(window, target), documents: size.documents),
      ]
    ) { result in
      func at(_ arm: String, _ length: Int? = nil) -> Double { result.number(arm, perplexity, length ?? target) }
      let (full, pose, random) = ("full length, yarn", "PoSE, yarn-revised", "RandPos, yarn")
      let lengths = result.columns(passkey)
      let seeds = lengths.flatMap { result.values(pose, passkey, $0) }
      let before = lengths.filter { $0 >= 4 * window }.map { result.number("original", passkey, $0) }.max() ?? .nan
      return [
        Finding(
          "PoSE repeats a passkey at every length and seed in at least 95 % of the trials (\(Finding.percent(seeds.min() ?? .nan)))",
          (seeds.min() ?? 0) >= 0.95),
        Finding(
          "PoSE at T is within 5 % of full length's perplexity (\(Finding.signed(at(pose) / at(full))))",
          abs(at(pose) / at(full) - 1) <= 0.05),
        Finding(
          "and below its own at L + 10 % (\(Finding.signed(at(pose) / at(pose, window))))",
          at(pose) < 1.1 * at(pose, window)),
        Finding(
          "the original model's perplexity at T is over 100 × that at L (\(Finding.times(at("original") / at("original", window)))), "
            + "its passkey 0 beyond (\(Finding.percent(before)))",
          at("original") > 100 * at("original", window) && before == 0),
        Finding(
          "RandPos has at least 5 × PoSE's perplexity (\(Finding.times(at(random) / at(pose))))",
          at(random) >= 5 * at(pose)),
      ]
    }
  }

  /// The claim on window replay, T = 4 L: 300 steps.
  static func recall(_ size: ExperimentSize) -> Experiment {
    let window = BaseModel.recall.window
    let target = 4 * window
    var longer = size
    longer.steps = size.steps * 3 / 2
    longer.tokensPerStep = size.tokensPerStep / 2
    return Experiment(
      "recall", "PoSE on window replay", base: .recall, target: target, size: longer,
      arms: [
        .original, .untuned("linear"), .randomPositions("linear"), .pose("linear"), .pose("ntk"), .pose("yarn"),
        .pose("yarn-revised"), .full("yarn"),
      ],
      measurements: [.recall(lengths: [window, 2 * window, 3 * window, target], trials: size.trials)]
    ) { result in
      func at(_ arm: String) -> Double { result.number(arm, recall, target) }
      let least = result.values("PoSE, yarn", recall, target).min() ?? .nan
      let most = result.values("RandPos, linear", recall, target).max() ?? .nan
      return [
        Finding("PoSE with YaRN recalls at least .90 at T with every seed (\(Finding.percent(least)))", least >= 0.9),
        Finding("RandPos recalls at most .15 (\(Finding.percent(most)))", most <= 0.15),
        Finding(
          "so does linear interpolation alone (\(Finding.percent(at("untuned, linear"))))",
          at("untuned, linear") <= 0.15),
        Finding(
          "YaRN recalls more than linear (\(Finding.percent(at("PoSE, yarn"))) against \(Finding.percent(at("PoSE, linear"))))",
          at("PoSE, yarn") > at("PoSE, linear")),
      ]
    }
  }

  /// Samplers and scalings of the registries against each other.
  ///
  /// - Parameters:
  ///   - samplers: empty takes all that need nothing given by hand.
  ///   - scalings: empty takes YaRN alone.
  static func samplers(_ size: ExperimentSize, samplers: [String] = [], scalings: [String] = []) -> Experiment {
    let window = BaseModel.keys.window
    let target = 8 * window
    let all = SamplerRegistry.names.filter { $0 != ScriptedSampler.name }
    let arms = (samplers.isEmpty ? all : samplers).flatMap { sampler in
      (scalings.isEmpty ? ["yarn"] : scalings).map {
        ExperimentArm("\(sampler), \($0)", method: sampler, scaling: $0)
      }
    }
    return Experiment(
      "samplers", "Position samplers and scalings", target: target, size: size, arms: [.original] + arms,
      measurements: [
        .perplexity(lengths: Experiment.lengths(window, target), documents: size.documents),
        .passkey(lengths: [window, target], trials: size.trials),
      ]
    ) { result in
      let ranked = arms.map { ($0.label, result.number($0.label, perplexity, target)) }.filter { !$0.1.isNaN }
        .sorted { $0.1 < $1.1 }
      return [
        Finding(
          "every sampler reads T better than the original model; best: \(ranked.prefix(3).map(\.0).joined(separator: "; "))",
          !ranked.isEmpty && ranked.allSatisfy { $0.1 < result.number("original", perplexity, target) })
      ]
    }
  }

  /// Does a sampler that meets all distances equally often learn the far ones sooner?
  static func policy(_ size: ExperimentSize) -> Experiment {
    let target = 8 * BaseModel.keys.window
    func arms(_ name: String, _ method: String) -> [ExperimentArm] {
      [size.steps / 4, size.steps / 2, size.steps].map { steps in
        ExperimentArm("\(name), \(steps) steps", method: method, scaling: "yarn").taking(steps: steps)
      }
    }
    return Experiment(
      "policy", "Balanced against uniform skips", target: target, size: size,
      arms: arms("uniform", SkipWiseSampler.name) + arms("balanced", BalancedSampler.name),
      measurements: [.distance(length: target, trials: size.trials)]
    ) { result in
      func far(_ name: String, _ steps: Int) -> Double {
        let columns = result.columns(distance).filter { $0 >= BaseModel.keys.window }
        return columns.map { result.number("\(name), \(steps) steps", distance, $0) }.reduce(0, +)
          / Double(columns.count)
      }
      let (uniform, half, all) = (
        far("uniform", size.steps), far("balanced", size.steps / 2), far("balanced", size.steps)
      )
      return [
        Finding(
          "balanced skips reach PoSE's final far loss (\(words(uniform))) in half the steps (\(words(half)))",
          half <= uniform),
        Finding("at equal steps they end lower (\(words(all)))", all < uniform),
      ]
    }
  }

  /// How far skips carry: 8, 64 and 256 times the window.
  static func reach(_ size: ExperimentSize) -> Experiment {
    let window = BaseModel.keys.window
    let factors = [8, 64, 256]
    return Experiment(
      "reach", "64 and 256 times the window", target: 256 * window, size: size,
      arms: factors.map { factor in
        ExperimentArm.pose("yarn", label: "T = \(factor) L").aiming(at: factor * window)
      },
      measurements: [
        .wholePerplexity(lengths: [window, 8 * window, 64 * window, 256 * window], documents: 1),
        .passkey(lengths: [window, 8 * window, 64 * window], trials: min(20, size.trials)),
      ]
    ) { result in
      factors.flatMap { factor in
        let (arm, far) = ("T = \(factor) L", factor * window)
        let ratio = result.number(arm, perplexity, far) / result.number(arm, perplexity, window)
        return [
          Finding("trained for \(factor) L it reads \(factor) L as it reads L (\(Finding.signed(ratio)))", ratio < 1.1)
        ]
      } + [
        Finding(
          "each finds the passkey at 8 L (\(factors.map { Finding.percent(result.number("T = \($0) L", passkey, 8 * window)) }.joined(separator: ", ")))",
          factors.allSatisfy { result.number("T = \($0) L", passkey, 8 * window) >= 0.9 })
      ]
    }
  }

  /// What reach costs inside the window.
  static func tradeoff(_ size: ExperimentSize) -> Experiment {
    let window = BaseModel.keys.window
    let factors = [2, 4, 8, 16, 32, 64]
    return Experiment(
      "tradeoff", "Perplexity at L against reach", target: 64 * window, size: size,
      arms: [.original]
        + factors.map { factor in
          ExperimentArm.pose("yarn", label: "T = \(factor) L").aiming(at: factor * window)
        },
      measurements: [
        .perplexity(lengths: [window], documents: 4 * size.documents),
        .passkey(lengths: [window], trials: size.trials),
      ]
    ) { result in
      func at(_ arm: String) -> Double { result.number(arm, perplexity, window) }
      let cost = at("T = 64 L") / at("original")
      return [
        Finding(
          "reading 8 L costs less than 5 % at L (\(Finding.signed(at("T = 8 L") / at("original"))))",
          at("T = 8 L") < 1.05 * at("original")),
        Finding("reading 64 L costs more than reading 8 L (\(Finding.signed(cost)))", at("T = 64 L") > at("T = 8 L")),
      ]
    }
  }

  /// Do the distances that are met seldom stay badly predicted?
  static func distances(_ size: ExperimentSize) -> Experiment {
    let window = BaseModel.keys.window
    let target = 8 * window
    return Experiment(
      "distance", "Loss by distance", target: target, size: size,
      arms: [.untuned("yarn"), .pose("yarn"), .pose("yarn", chunks: 3, label: "PoSE N = 3, yarn"), .full("yarn")],
      measurements: [.distance(length: target, trials: size.trials)]
    ) { result in
      let columns = result.columns(distance)
      let pose = columns.map { result.number("PoSE, yarn", distance, $0) }
      let profile = (try? SkipWiseSampler(SamplerSettings(window: TokenWindow(training: window, target: target))))?
        .exactProfile()
      let mass = columns.map { profile?.coverage[min($0, target - 1)] ?? .nan }
      let relation = rankCorrelation(mass, pose)
      return [
        Finding(
          "distances met more often have a lower loss after PoSE (rank correlation \(words(relation)))", relation < -0.3
        )
      ]
    }
  }

  /// Spearman's rank correlation of two equally long rows.
  static func rankCorrelation(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count, a.count > 2, (a + b).allSatisfy(\.isFinite) else { return .nan }
    func ranks(_ values: [Double]) -> [Double] {
      values.map { value in
        // The mean rank of what is equal.
        Double(values.filter { $0 < value }.count) + Double(values.filter { $0 == value }.count - 1) / 2
      }
    }
    let (x, y) = (ranks(a), ranks(b))
    let middle = Double(a.count - 1) / 2
    let product = zip(x, y).reduce(0) { $0 + ($1.0 - middle) * ($1.1 - middle) }
    let (sx, sy) = (
      x.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }, y.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
    )
    return sx > 0 && sy > 0 ? product / (sx * sy).squareRoot() : .nan
  }

  private static func words(_ value: Double) -> String {
    value.isNaN ? "—" : "\((1000 * value).rounded() / 1000)"
  }
}
