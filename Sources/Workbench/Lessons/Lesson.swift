import FineTuning

/// A lesson as its file tells it: steps that say something, show something, ask something, and check themselves.
public struct Lesson: Equatable, Sendable {
  /// What other lessons and the command line call it, such as `06-skip-bias`.
  public var id: String
  public var title: String
  /// Lessons to take before this one.
  public var needs: [String]
  /// Minutes that it takes a class.
  public var minutes: Int
  public var seed: UInt64
  /// Seconds that checking it may take.
  public var budget: Double
  /// Solutions are not shown before a question is answered: for graded use.
  public var keepsSolutions: Bool
  public var steps: [LessonStep]
  /// What tells this text from an edited one: a hash of the file.
  public var fingerprint = ""
  /// Recorded runs that live steps fall back on, by the name that the lesson gives.
  public var runs: [String: LessonRun] = [:]

  /// Its place in the course, from the digits that its name begins with.
  public var number: Int { Int(id.prefix { $0.isNumber }) ?? 0 }
}

/// One step: at most one question, and what is seen before and after it.
public struct LessonStep: Equatable, Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    /// A number that fails, to begin with.
    case hook
    case read
    case predict
    /// Knobs to turn.
    case vary
    /// Training, for real or recorded.
    case live
    /// The formula with its live numbers.
    case explain
    case check
    /// Free play: break it.
    case breakIt = "break"
    /// The sentence that every lesson ends with.
    case write
  }

  /// `3-predict`: its number and its kind.
  public var id: String
  public var kind: Kind
  public var title: String
  /// Lines of at most 78 columns; `{probe}` stands for a live number.
  public var narration: [String]
  /// For the lecturer.
  public var notes: [String] = []
  /// Seconds planned.
  public var seconds: Int?
  /// The recorded run that a live step falls back on.
  public var fallback: String?
  /// What is said of the picture to those who cannot see it; made from the picture where it is empty.
  public var plain: String?
  /// What is set up before anything is asked.
  public var setup: [StageCommand] = []
  public var question: LessonQuestion?
  /// What happens once an answer is given.
  public var reveal: [StageCommand] = []
  public var expectations: [Expectation] = []
  /// Where it begins in its file.
  public var line: Int
}

/// Something asked, with the replies to what may be answered.
public struct LessonQuestion: Equatable, Sendable {
  public struct Option: Equatable, Sendable {
    public var letter: Character
    public var text: String
    public var isRight: Bool
    /// What is said to those who pick it.
    public var reply: String
  }

  public struct NumberAnswer: Equatable, Sendable {
    public var probe: String
    /// How far off still counts, as a share of the answer or in its own units.
    public var tolerance: Double
    public var isRelative: Bool
    public var unit: String
    /// Replies to numbers that are likely to be given.
    public var likely: [Likely]

    public struct Likely: Equatable, Sendable {
      public var value: Double
      public var reply: String
    }
  }

  public enum Kind: Equatable, Sendable {
    case choice([Option])
    case number(NumberAnswer)
    /// Turn the knobs until all of this holds.
    case goal([Expectation])
    /// Letters in their right order.
    case order([Option], right: String)
  }

  public var id: String
  public var kind: Kind
  public var hints: [String]
  /// The reply to a wrong answer that has none of its own.
  public var otherwise: String
  /// What reaches a goal.
  public var solution: [StageCommand]
}

/// What has to hold of a number that is computed, never typed.
public struct Expectation: Equatable, Sendable {
  public enum Comparison: String, CaseIterable, Sendable {
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="
    case within = "in"
    /// Within a share, in percent.
    case about = "~="
  }

  public var probe: String
  public var comparison: Comparison
  public var value: ProbeValue
  /// For `~=`: percent.
  public var tolerance = 0.0
  /// It must not hold before the reveal.
  public var isOnlyAfter = false
  public var line: Int

  /// As it stands in the file.
  public var text: String {
    let within = comparison == .about ? " ±\(brief(tolerance))%" : ""
    return "\(isOnlyAfter ? "after: " : "")\(probe) \(comparison.rawValue) \(value.text)\(within)"
  }
}

/// A number, a text, ranges of whole numbers or a list: what probes give and expectations name.
public enum ProbeValue: Equatable, Sendable {
  case number(Double)
  case text(String)
  case ranges([ClosedRange<Int>])
  case list([Double])

  /// As lesson files write it and screens show it.
  public var text: String {
    switch self {
    case .number(let value): Self.text(value)
    case .text(let text): text
    case .ranges(let ranges):
      ranges.isEmpty
        ? "none"
        : ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)..\($0.upperBound)" }.joined(
          separator: ",")
    case .list(let values): values.map(Self.text).joined(separator: ", ")
    }
  }

  private static func text(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return grouped(Int(value)) }
    return abs(value) >= 100
      ? Workbench.number(value, 1) : abs(value) >= 0.1 ? Workbench.number(value, 3) : brief(value)
  }
}
