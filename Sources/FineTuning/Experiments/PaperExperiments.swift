import Positions

/// The paper's tables and figures that fine-tune, each in the ratio of windows that the paper has.
enum PaperExperiments {
  private static let perplexity = SlidingPerplexity.name
  private static let passkey = PasskeyAccuracy.name
  /// T of most of the paper's runs: eight times the window, 2,048 → 16,384.
  private static let target = 8 * BaseModel.keys.window
  private static let window = BaseModel.keys.window

  private static func perplexities(_ size: ExperimentSize, to target: Int = target) -> [Measurement] {
    [.perplexity(lengths: Experiment.lengths(window, target), documents: size.documents)]
  }

  /// Figure 2: the original model repeats nothing told beyond its window, PoSE's repeats it up to its target.
  static func figure2(_ size: ExperimentSize) -> Experiment {
    let near = ExperimentArm.pose("yarn", label: "PoSE, T = 8 L")
    let far = ExperimentArm.pose("yarn", label: "PoSE, T = 16 L").aiming(at: 2 * target)
    return Experiment(
      "figure2", "Passkey retrieval by length", target: target, size: size, arms: [.original, near, far],
      measurements: [.passkey(lengths: Experiment.lengths(window / 2, 2 * target), trials: size.trials)]
    ) { result in
      func least(_ arm: String, upTo length: Int) -> Double {
        result.columns(passkey).filter { $0 <= length }.map { result.number(arm, passkey, $0) }.min() ?? .nan
      }
      let beyond = result.columns(passkey).filter { $0 > 2 * window }.map {
        result.number(ExperimentArm.original.label, passkey, $0)
      }
      return [
        Finding(
          "the original model repeats what was told inside L (\(Finding.percent(least("original", upTo: window))))",
          least("original", upTo: window) >= 0.9),
        Finding(
          "and next to nothing beyond 2 L (at most \(Finding.percent(beyond.max() ?? .nan)))",
          (beyond.max() ?? 1) <= 0.1),
        Finding(
          "PoSE repeats at least 90 % at every length up to T = 8 L (\(Finding.percent(least(near.label, upTo: target))))",
          least(near.label, upTo: target) >= 0.9),
        Finding(
          "and up to T = 16 L (\(Finding.percent(least(far.label, upTo: 2 * target))))",
          least(far.label, upTo: 2 * target) >= 0.9),
      ]
    }
  }

  /// Figure 4: PoSE works with each scaling; NTK and YaRN do better than linear, and NTK turns up before T.
  static func figure4(_ size: ExperimentSize) -> Experiment {
    Experiment(
      "figure4", "PoSE with linear, NTK and YaRN", target: target, size: size,
      arms: [.original, .pose("linear"), .pose("ntk"), .pose("yarn")], measurements: perplexities(size)
    ) { result in
      func at(_ arm: String, _ length: Int) -> Double { result.number(arm, perplexity, length) }
      return [
        Finding("the original model fails beyond L", at("original", target) > 2 * at("original", window)),
        Finding("linear keeps reading to T", at("PoSE, linear", target) < 1.5 * at("PoSE, linear", window)),
        Finding("YaRN is below linear at T", at("PoSE, yarn", target) <= at("PoSE, linear", target)),
        Finding("NTK is below linear inside L", at("PoSE, ntk", window) <= at("PoSE, linear", window)),
        Finding("NTK turns up before T", at("PoSE, ntk", target) > 1.05 * at("PoSE, ntk", target / 2)),
      ]
    }
  }

  /// Table 1: perplexity by context size of every method, with linear interpolation.
  static func table1(_ size: ExperimentSize) -> Experiment {
    let twice = 2 * target
    var arms: [ExperimentArm] = [.original, .full("linear")]
    for (name, arm) in [("RandPos", ExperimentArm.randomPositions("linear")), ("PoSE", .pose("linear"))] {
      for (factor, aim) in [(8, target), (16, twice)] {
        var made = arm.aiming(at: aim)
        made.label = "\(name), T = \(factor) L"
        arms.append(made)
      }
    }
    return Experiment(
      "table1", "Perplexity by context size", target: target, size: size, arms: arms,
      measurements: perplexities(size, to: twice), paper: .table1
    ) { result in
      func at(_ arm: String, _ length: Int = target) -> Double { result.number(arm, perplexity, length) }
      return [
        Finding(
          "none ≫ PoSE: the original model's perplexity at T is over 100 × that at L (\(Finding.times(at("original") / at("original", window))))",
          at("original") > 100 * at("original", window)),
        Finding(
          "PoSE ≈ full length at T (\(Finding.signed(at("PoSE, T = 8 L") / at("full length, linear"))))",
          at("PoSE, T = 8 L") <= 1.05 * at("full length, linear")),
        Finding(
          "RandPos ≫ PoSE (\(Finding.times(at("RandPos, T = 8 L") / at("PoSE, T = 8 L"))))",
          at("RandPos, T = 8 L") > 2 * at("PoSE, T = 8 L")),
        Finding(
          "RandPos gets worse as T grows, PoSE hardly",
          at("RandPos, T = 16 L") > at("RandPos, T = 8 L") && at("PoSE, T = 16 L") < 1.1 * at("PoSE, T = 8 L")),
      ]
    }
  }

  /// Table 2: a window of 2,048 tokens made to read 131,072, 64 times as far. One seed: the reading takes minutes.
  static func table2(_ size: ExperimentSize) -> Experiment {
    let scalings = ["linear", "ntk", "yarn"]
    let target = 131_072
    let lengths = size.seeds.count == 1 ? [8192, 16_384, 32_768] : [32_768, 65_536, 98_304, target]
    var small = size
    small.seeds = Array(size.seeds.prefix(1))
    if size.seeds.count == 1 { small.steps = max(1, size.steps / 3) }
    return Experiment(
      "table2", "64 times the window", base: .long, target: target, size: small,
      arms: scalings.map { ExperimentArm.pose($0) },
      measurements: [.wholePerplexity(lengths: lengths, documents: 1)], paper: .table2
    ) { result in
      let (near, far) = (lengths[0], lengths[lengths.count - 1])
      func at(_ arm: String, _ length: Int) -> Double { result.number("PoSE, \(arm)", perplexity, length) }
      return [
        Finding(
          "YaRN reads \(far) tokens best (\(Finding.times(at("linear", far) / at("yarn", far))) below linear, "
            + "\(Finding.times(at("ntk", far) / at("yarn", far))) below NTK)",
          at("yarn", far) < at("linear", far) && at("yarn", far) < at("ntk", far)),
        Finding(
          "NTK turns up on the way (\(Finding.times(at("ntk", far) / at("ntk", near))))",
          at("ntk", far) > 1.2 * at("ntk", near)),
        Finding(
          "YaRN stays level (\(Finding.signed(at("yarn", far) / at("yarn", near))))",
          at("yarn", far) < 1.25 * at("yarn", near)),
      ]
    }
  }

  /// Table 3: what could be done inside the window can still be done.
  static func table3(_ size: ExperimentSize) -> Experiment {
    let far = ExperimentArm.pose("yarn", label: "PoSE, yarn, T = 64 L").aiming(at: 64 * window)
    return Experiment(
      "table3", "Abilities inside the original window", target: target, size: size,
      arms: [.original, .full("linear"), .full("yarn"), .pose("linear"), .pose("ntk"), .pose("yarn"), far],
      measurements: [
        .passkey(lengths: [window / 2, window], trials: size.trials),
        .perplexity(lengths: [window / 2, window], documents: 4 * size.documents),
      ], paper: .table3
    ) { result in
      func at(_ arm: String, _ measure: String) -> Double { result.number(arm, measure, window) }
      let tuned = result.arms.dropFirst()
      let worst = tuned.map { at($0, passkey) }.min() ?? .nan
      return [
        Finding("what was told inside L is still repeated by all (at worst \(Finding.percent(worst)))", worst >= 0.9),
        Finding(
          "PoSE with YaRN loses at most 5 % of perplexity at L "
            + "(\(Finding.signed(at("PoSE, yarn", perplexity) / at("original", perplexity))))",
          at("PoSE, yarn", perplexity) <= 1.05 * at("original", perplexity)),
        Finding(
          "and no more than full length does + 5 %",
          at("PoSE, yarn", perplexity) <= 1.05 * at("full length, yarn", perplexity)),
      ]
    }
  }

  /// Table 4: it hardly matters which tokens fill the chunks.
  static func table4(_ size: ExperimentSize) -> Experiment {
    let arms = ContentRule.allCases.map { content in
      ExperimentArm.pose("linear", label: content.rawValue).filled(by: content)
    }
    return Experiment(
      "table4", "What fills the chunks", target: target, size: size, arms: arms, measurements: perplexities(size),
      paper: .table4
    ) { result in
      let values = arms.map { result.number($0.label, perplexity, target) }
      let ratio = (values.max() ?? .nan) / (values.min() ?? .nan)
      return [
        Finding("random, continuous and aligned differ by less than 5 % at T (\(Finding.signed(ratio)))", ratio < 1.05)
      ]
    }
  }

  /// Table 5: one chunk teaches nothing far, two and three teach it, L chunks spoil what is near.
  static func table5(_ size: ExperimentSize) -> Experiment {
    let one = ExperimentArm("N = 1", method: ContiguousSampler.name, scaling: UnscaledRotary.name, chunks: 1)
    let random = ExperimentArm("N = L, RandPos", method: RandomPositionSampler.name, scaling: "linear")
    let arms = [one, .pose("linear", label: "N = 2"), .pose("linear", chunks: 3, label: "N = 3"), random]
    return Experiment(
      "table5", "How many chunks", target: target, size: size, arms: arms, measurements: perplexities(size),
      paper: .table5
    ) { result in
      func at(_ arm: String) -> Double { result.number(arm, perplexity, target) }
      return [
        Finding(
          "one chunk fails beyond L (\(Finding.times(at("N = 1") / at("N = 2"))) N = 2)", at("N = 1") > 2 * at("N = 2")),
        Finding(
          "two and three are close (\(Finding.signed(at("N = 3") / at("N = 2"))))",
          abs(at("N = 3") / at("N = 2") - 1) < 0.1),
        Finding(
          "three is slightly better than two", at("N = 3") <= at("N = 2")),
        Finding(
          "N = L is much worse (\(Finding.times(at(random.label) / at("N = 2"))))", at(random.label) > 2 * at("N = 2")),
      ]
    }
  }

  /// Table 6: full length ≈ PoSE > interpolation alone ≫ none, with each scaling.
  static func table6(_ size: ExperimentSize) -> Experiment {
    let scalings = ["linear", "ntk", "yarn"]
    let arms = scalings.flatMap { [ExperimentArm.untuned($0), .full($0), .pose($0)] }
    return Experiment(
      "table6", "Scalings, with and without fine-tuning", target: target, size: size, arms: [.original] + arms,
      measurements: perplexities(size), paper: .table6
    ) { result in
      func at(_ arm: String) -> Double { result.number(arm, perplexity, target) }
      return scalings.flatMap { scaling in
        [
          Finding(
            "\(scaling): PoSE ≈ full length at T (\(Finding.signed(at("PoSE, \(scaling)") / at("full length, \(scaling)"))))",
            at("PoSE, \(scaling)") <= 1.05 * at("full length, \(scaling)")),
          Finding(
            "\(scaling): PoSE is below interpolation alone (\(Finding.times(at("untuned, \(scaling)") / at("PoSE, \(scaling)"))))",
            at("PoSE, \(scaling)") < at("untuned, \(scaling)")),
        ]
      } + [
        Finding("interpolation alone with YaRN is below none", at("untuned, yarn") < at("original"))
      ]
    }
  }
}
