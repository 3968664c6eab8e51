import Canvas
import Foundation

extension Expectation {
  /// Whether it holds on a stage; a probe that the stage does not have holds nothing.
  func holds(_ stage: LessonStage) -> Bool {
    guard let found = Probe.value(probe, stage) else { return false }
    switch (comparison, found, value) {
    case (.equal, _, _): return found.isSame(as: value)
    case (.unequal, _, _): return !found.isSame(as: value)
    case (.less, .number(let a), .number(let b)): return a < b
    case (.atMost, .number(let a), .number(let b)): return a <= b
    case (.greater, .number(let a), .number(let b)): return a > b
    case (.atLeast, .number(let a), .number(let b)): return a >= b
    case (.within, .number(let a), .ranges(let ranges)):
      return ranges.contains { Double($0.lowerBound) <= a && a <= Double($0.upperBound) }
    case (.about, .number(let a), .number(let b)): return abs(a - b) <= abs(b) * tolerance / 100
    default: return false
    }
  }
}

extension ProbeValue {
  /// A number and a range of that one number are the same.
  func isSame(as other: ProbeValue) -> Bool {
    switch (self, other) {
    case (.number(let a), .number(let b)): a == b || abs(a - b) <= 1e-9 * min(max(1, abs(a), abs(b)), 1e15)
    case (.ranges(let ranges), .number(let value)), (.number(let value), .ranges(let ranges)):
      ranges.count == 1 && Double(ranges[0].lowerBound) == value && ranges[0].count == 1
    default: self == other
    }
  }
}

/// What comes of an answer.
public struct Verdict: Equatable, Sendable {
  public var isRight: Bool
  public var reply: String
  /// Nobody answered: the solution was shown.
  public var isShown = false
}

extension LessonQuestion {
  /// Judges an answer: a letter, a number, letters in order, or for a goal whatever the stage is by now.
  ///
  /// - Returns: nil for what is no answer yet.
  func verdict(_ answer: String, _ stage: LessonStage) -> Verdict? {
    switch kind {
    case .choice(let options):
      guard let option = options.first(where: { String($0.letter) == answer }) else { return nil }
      return Verdict(isRight: option.isRight, reply: option.reply.isEmpty ? otherwise : option.reply)
    case .number(let number): return verdict(answer, number, stage)
    case .goal(let goals):
      let isRight = goals.allSatisfy { $0.holds(stage) }
      return Verdict(isRight: isRight, reply: isRight ? "" : otherwise)
    case .order(let options, let right):
      guard answer.count == options.count else { return nil }
      return Verdict(isRight: answer == right, reply: answer == right ? "" : otherwise)
    }
  }

  private func verdict(_ answer: String, _ number: NumberAnswer, _ stage: LessonStage) -> Verdict? {
    guard let value = Double(answer), case .number(let right) = Probe.value(number.probe, stage) else { return nil }
    func isNear(_ other: Double) -> Bool {
      abs(value - other) <= (number.isRelative ? number.tolerance * abs(other) : number.tolerance)
    }
    if isNear(right) { return Verdict(isRight: true, reply: "") }
    return Verdict(isRight: false, reply: number.likely.first { isNear($0.value) }?.reply ?? otherwise)
  }

  /// An answer as it is told: an order by its letters one after the other.
  func told(_ answer: String) -> String {
    if case .order = kind { answer.map(String.init).joined(separator: ", ") } else { answer }
  }

  /// What answers it rightly, as it would be typed; empty for a goal, which its solution reaches.
  func rightAnswer(_ stage: LessonStage) -> String {
    switch kind {
    case .choice(let options): return options.first(where: \.isRight).map { String($0.letter) } ?? ""
    case .number(let number):
      guard case .number(let value) = Probe.value(number.probe, stage) else { return "" }
      return brief(value).contains("k") || brief(value).contains("M") ? String(format: "%.0f", value) : brief(value)
    case .goal: return ""
    case .order(_, let right): return right
    }
  }
}

extension Lesson {
  /// The stage at a step: everything that came before it replayed, solutions included.
  ///
  /// - Parameters:
  ///   - isRevealed: whether the step's own answer is given.
  ///   - fault: broken on purpose.
  /// - Throws: `LessonProblem` for a command that cannot be carried out.
  func stage(at index: Int, isRevealed: Bool, fault: LessonFault? = nil, file: String = "") throws(LessonProblem)
    -> LessonStage
  {
    var stage = LessonStage(seed: seed)
    stage.fault = fault
    for (place, step) in steps.prefix(index + 1).enumerated() {
      let isPast = place < index || isRevealed
      let commands = step.setup + (isPast ? (step.question?.solution ?? []) + step.reveal : [])
      // Knobs belong to their step.
      stage.knobs = []
      for command in commands {
        do {
          try stage.perform(command, runs: runs)
        } catch {
          throw LessonProblem(file: file.isEmpty ? id : file, line: step.line, sentence: error.sentence)
        }
      }
    }
    return stage
  }
}

extension LessonStep {
  /// The narration with its numbers, wrapped.
  func spoken(_ stage: LessonStage, columns: Int) -> [String] {
    wrapped(narration.map { Self.filled($0, stage) }.joined(separator: " "), columns: columns)
  }

  /// A text with `{probe}` replaced: `{probe:2}` has two digits behind the point, `{probe:%}` is in percent.
  static func filled(_ text: String, _ stage: LessonStage) -> String {
    var result = ""
    var rest = Substring(text)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      result += rest[..<open]
      result += shown(String(rest[rest.index(after: open)..<close]), stage)
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  /// The probes that a text names.
  static func probes(in text: String) -> [String] {
    text.split(separator: "{").dropFirst().compactMap { piece in
      piece.contains("}") ? piece.prefix { $0 != "}" && $0 != ":" }.description : nil
    }
  }

  private static func shown(_ name: String, _ stage: LessonStage) -> String {
    let halves = name.split(separator: ":").map(String.init)
    guard let value = Probe.value(halves.first ?? "", stage) else { return "–" }
    if case .ranges(let ranges) = value {
      return ranges.map { "\(grouped($0.lowerBound)) to \(grouped($0.upperBound))" }.joined(separator: " and ")
    }
    guard case .number(let number) = value, let format = halves[checked: 1] else { return value.text }
    if number.isInfinite { return "over 1,000" }
    if format == "%" { return percent(number) }
    return Int(format).map { Workbench.number(number, $0) } ?? value.text
  }
}
