import FineTuning
import Positions

/// A command line being typed: settings with their arguments, and everything that keys do.
public struct Prompt: Equatable, Sendable {
  public var text = ""
  /// Which of what is found Enter takes.
  public var selected = 0

  public init() {}

  /// A setting that the prompt can change.
  struct Command: Sendable {
    let name: String
    /// What stands behind the name.
    let argument: String
    let title: String
    /// Changes the settings; returns what is wrong with the argument.
    let apply: @Sendable (String, inout RunSettings) -> String?
  }

  /// Every command, in the order help lists them.
  static let commands: [Command] = [
    // Nothing is set by it: `carryOut` goes there.
    Command(name: "go", argument: "N", title: "to a step, a distance, a query or a run") { _, _ in nil },
    Command(name: "text", argument: "FILE", title: "fine-tune on a file or a folder of text") { value, settings in
      settings.texts = [value]
      return nil
    },
    Command(name: "task", argument: "NAME", title: "text from a generator") { value, settings in
      settings.texts = []
      settings.task = value
      return named("task", value, TaskRegistry.names)
    },
    Command(name: "model", argument: "DIR", title: "start from another base model") { value, settings in
      settings.model = value
      return nil
    },
    Command(name: "method", argument: "NAME", title: "position sampler") { value, settings in
      settings.method = value
      return named("sampler", value, SamplerRegistry.names)
    },
    Command(name: "scaling", argument: "NAME", title: "rotary scaling") { value, settings in
      settings.scaling = value
      return named("scaling", value, ScalingRegistry.names)
    },
    Command(name: "content", argument: "RULE", title: "random, continuous or aligned") { value, settings in
      rule(value, \.content, &settings)
    },
    Command(name: "split", argument: "RULE", title: "how pose cuts: uniform or sequential") { value, settings in
      rule(value, \.split, &settings)
    },
    Command(name: "biases", argument: "RULE", title: "how pose draws skips: chained or sorted") { value, settings in
      rule(value, \.biases, &settings)
    },
    Command(name: "seam", argument: "RULE", title: "loss at a seam: kept, masked or true-next") { value, settings in
      rule(value, \.seam, &settings)
    },
    Command(name: "wanted", argument: "WEIGHTS", title: "balanced: weights of equal stretches of distances") {
      value, settings in
      let weights = value.split(separator: ",").map { Double($0) ?? -1 }
      guard weights.allSatisfy({ $0 >= 0 && $0.isFinite }), weights.reduce(0, +) > 0 else {
        return "wanted is '\(value)'; it must be numbers from 0 on, separated by commas, not all 0"
      }
      settings.method = BalancedSampler.name
      settings.wantedMass = weights
      return nil
    },
    Command(name: "script", argument: "L@U,…", title: "chunks by hand: length@skip, such as 60@0,68@500") {
      value, settings in
      guard let chunks = script(value) else {
        return "script is '\(value)'; it must be LENGTH@SKIP for every chunk, such as 60@0,68@500"
      }
      settings.method = ScriptedSampler.name
      settings.script = chunks
      return nil
    },
    integer("window", "training window L, in tokens", 2...16_384, \.window),
    integer("target", "target window T, in tokens", 2...(1 << 22), \.target),
    integer("chunks", "chunks N in a window", 1...65_536, \.chunks),
    integer("steps", "optimizer steps of a run", 1...10_000_000, \.steps),
    integer("batch", "sequences in a step", 1...65_536, \.batch),
    integer("warmup", "steps until the full learning rate", 0...10_000_000, \.warmup),
    Command(name: "lr", argument: "RATE", title: "peak learning rate") { value, settings in
      guard let rate = Double(value), rate > 0, rate.isFinite else { return "lr is '\(value)'; it must be above 0" }
      settings.learningRate = rate
      return nil
    },
    Command(name: "seed", argument: "N", title: "seed of texts and layouts") { value, settings in
      guard let seed = UInt64(value) else { return "seed is '\(value)'; it must be a whole number, 0 or more" }
      settings.seed = seed
      return nil
    },
  ]

  private static func integer(
    _ name: String, _ title: String, _ range: ClosedRange<Int>,
    _ field: any WritableKeyPath<RunSettings, Int> & Sendable
  ) -> Command {
    Command(name: name, argument: "N", title: title) { value, settings in
      guard let number = Int(value), range.contains(number) else {
        return "\(name) is '\(value)'; it must be a whole number from \(range.lowerBound) to \(range.upperBound)"
      }
      settings[keyPath: field] = number
      return nil
    }
  }

  private static func rule<Rule: RawRepresentable & CaseIterable>(
    _ value: String, _ field: WritableKeyPath<RunSettings, Rule>, _ settings: inout RunSettings
  ) -> String? where Rule.RawValue == String {
    guard let rule = Rule(rawValue: value) else {
      return "'\(value)' is none of \(Rule.allCases.map(\.rawValue).joined(separator: ", "))"
    }
    settings[keyPath: field] = rule
    return nil
  }

  private static func script(_ value: String) -> [Chunk]? {
    var chunks: [Chunk] = []
    for part in value.split(separator: ",") {
      let numbers = part.split(separator: "@", omittingEmptySubsequences: false).map { Int($0) }
      guard numbers.count == 2, let length = numbers[0], let bias = numbers[1] else { return nil }
      // Lengths that overflow are no lengths of a window.
      let (start, isTooLong) = (chunks.last?.start ?? 0).addingReportingOverflow(chunks.last?.length ?? 0)
      guard !isTooLong, length >= 0, length < 1 << 32, bias >= 0, bias < 1 << 32 else { return nil }
      chunks.append(Chunk(start: start, length: length, skipBias: bias))
    }
    return chunks
  }

  private static func named(_ kind: String, _ value: String, _ known: [String]) -> String? {
    known.contains(value) ? nil : PositionError.unknownName(kind: kind, name: value, known: known).description
  }

  /// The command that is typed out, with its argument; nil while there is none.
  ///
  private var typed: (command: Command, argument: String)? {
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    guard let name = words.first, let command = Self.commands.first(where: { $0.name == name }) else { return nil }
    return (command, words.count == 2 ? words[1].trimmed : "")
  }

  /// Whether a command's argument is being typed.
  var hasArgument: Bool { text.contains(" ") && typed != nil }

  /// The settings with the typed command applied; nil where none is typed out with an argument.
  ///
  /// - Throws: `Refusal` with the sentence to show.
  func applied(to settings: RunSettings) throws(Refusal) -> RunSettings? {
    guard let typed, hasArgument else { return nil }
    guard !typed.argument.isEmpty else {
      throw Refusal(sentence: "\(typed.command.name) needs \(typed.command.argument): \(typed.command.title)")
    }
    var changed = settings
    if let problem = typed.command.apply(typed.argument, &changed) { throw Refusal(sentence: problem) }
    return changed
  }

  /// Why a command was not carried out.
  struct Refusal: Error, Equatable { let sentence: String }
}
