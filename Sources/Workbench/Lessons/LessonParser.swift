/// What is wrong with a lesson file: where, what, and what is allowed.
public struct LessonProblem: Error, Equatable, Sendable, CustomStringConvertible {
  public var file: String
  public var line: Int
  public var sentence: String

  public init(file: String, line: Int, sentence: String) {
    (self.file, self.line, self.sentence) = (file, line, sentence)
  }

  public var description: String { "\(file), line \(line): \(sentence)" }
}

extension Lesson {
  /// Reads a `.lesson.md` file.
  ///
  /// - Parameter file: what problems call it.
  /// - Throws: the first `LessonProblem`.
  public init(parsing text: String, file: String) throws(LessonProblem) {
    self = try LessonParser.lesson(text, file: file)
  }
}

/// Reads a `.lesson.md` file: front matter, then `## kind: title` steps of narration, quoted remarks and fences.
struct LessonParser {
  private let file: String
  private let lines: [String]
  private var next = 0

  /// - Throws: the first `LessonProblem`.
  static func lesson(_ text: String, file: String) throws(LessonProblem) -> Lesson {
    var parser = LessonParser(text, file: file)
    var lesson = try parser.frontMatter()
    while parser.next < parser.lines.count { lesson.steps.append(try parser.step(number: lesson.steps.count + 1)) }
    lesson.fingerprint = fingerprint(parser.lines)
    guard !lesson.steps.isEmpty else { throw parser.problem("the lesson has no steps; a step is ## predict: Title") }
    return lesson
  }

  /// FNV-1a, 64 bits, as hexadecimal digits; how lines end does not count.
  private static func fingerprint(_ lines: [String]) -> String {
    let bytes = lines.lazy.map { $0.utf8 }.joined(separator: CollectionOfOne(UInt8(ascii: "\n")))
    let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private init(_ text: String, file: String) {
    self.file = file
    lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
  }

  private func problem(_ sentence: String, at line: Int? = nil) -> LessonProblem {
    LessonProblem(file: file, line: min((line ?? next) + 1, lines.count), sentence: sentence)
  }

  // MARK: - Front matter

  private mutating func frontMatter() throws(LessonProblem) -> Lesson {
    guard lines.first?.trimmed == "---" else { throw problem("the file does not begin with --- and its front matter") }
    var fields: [String: (value: String, line: Int)] = [:]
    next = 1
    while next < lines.count, lines[next].trimmed != "---" {
      let halves = lines[next].split(separator: ":", maxSplits: 1).map { String($0).trimmed }
      if !lines[next].trimmed.isEmpty {
        guard halves.count == 2, Self.fields.contains(halves[0]) else {
          throw problem("front matter has KEY: VALUE with \(Self.fields.joined(separator: ", "))")
        }
        guard fields[halves[0]] == nil else { throw problem("'\(halves[0])' is given twice") }
        fields[halves[0]] = (halves[1], next)
      }
      next += 1
    }
    guard next < lines.count else { throw problem("the front matter has no --- at its end", at: 0) }
    next += 1
    skipBlank()
    func text(_ name: String) throws(LessonProblem) -> String {
      guard let value = fields[name]?.value, !value.isEmpty else {
        throw LessonProblem(file: file, line: 1, sentence: "the front matter has no '\(name)'")
      }
      return value
    }
    func whole(_ name: String, _ range: ClosedRange<Int>, default value: Int? = nil) throws(LessonProblem) -> Int {
      if fields[name] == nil, let value { return value }
      guard let number = Int(try text(name).replacing("s", with: "")), range.contains(number) else {
        throw problem(
          "\(name) is '\(fields[name]?.value ?? "")'; it must be a whole number from \(range.lowerBound) to "
            + "\(range.upperBound)", at: fields[name]?.line ?? 0)
      }
      return number
    }
    let format = try whole("format", 1...Int(Int32.max), default: LessonParser.format)
    guard format == LessonParser.format else {
      throw problem(
        "format is \(format); this version of Skipwise reads format \(LessonParser.format)",
        at: fields["format"]?.line ?? 0)
    }
    let lock = fields["lock-skip"]?.value ?? "false"
    guard ["true", "false"].contains(lock) else {
      throw problem("lock-skip is '\(lock)'; it must be true or false", at: fields["lock-skip"]?.line ?? 0)
    }
    return Lesson(
      id: try text("lesson"), title: try text("title"),
      needs: (fields["needs"]?.value ?? "").split(separator: ",").map { String($0).trimmed },
      minutes: try whole("minutes", 1...120), seed: UInt64(try whole("seed", 0...Int(Int32.max), default: 0)),
      budget: Double(try whole("budget", 1...600, default: 5)), keepsSolutions: lock == "true", steps: [])
  }

  /// The version of the format that is read here.
  private static let format = 1
  private static let fields = ["lesson", "title", "needs", "minutes", "seed", "budget", "format", "lock-skip"]

  private mutating func skipBlank() {
    while next < lines.count, lines[next].trimmed.isEmpty { next += 1 }
  }

  // MARK: - Steps

  private mutating func step(number: Int) throws(LessonProblem) -> LessonStep {
    let first = next
    let heading = lines[next]
    let halves = heading.dropFirst(3).split(separator: ":", maxSplits: 1).map { String($0).trimmed }
    guard heading.hasPrefix("## "), halves.count == 2, let kind = LessonStep.Kind(rawValue: halves[0]) else {
      let kinds = LessonStep.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw problem("a step begins with ## KIND: TITLE; kinds are \(kinds)")
    }
    var step = LessonStep(
      id: "\(number)-\(kind.rawValue)", kind: kind, title: halves[1], narration: [], line: first + 1)
    next += 1
    while next < lines.count, !lines[next].hasPrefix("## ") {
      let line = lines[next]
      if line.hasPrefix("```") {
        try fence(into: &step)
      } else if line.hasPrefix(">") {
        try remark(line, &step)
        next += 1
      } else {
        if !line.trimmed.isEmpty { step.narration.append(line.trimmed) }
        next += 1
      }
    }
    return step
  }

  private func remark(_ line: String, _ step: inout LessonStep) throws(LessonProblem) {
    let halves = line.dropFirst().split(separator: ":", maxSplits: 1).map { String($0).trimmed }
    guard halves.count == 2 else { throw problem("a remark is > note: TEXT, or time, fallback, plain") }
    switch halves[0] {
    case "note": step.notes.append(halves[1])
    case "plain": step.plain = halves[1]
    case "fallback": step.fallback = halves[1]
    case "time":
      guard let seconds = Int(halves[1].replacing("s", with: "")), (1...3600).contains(seconds) else {
        throw problem("time is '\(halves[1])'; it must be seconds, such as 90s")
      }
      step.seconds = seconds
    default: throw problem("there is no remark '\(halves[0])'; known are note, time, fallback, plain")
    }
  }

  /// A fence's lines with their numbers, without blank ones.
  private mutating func fence(into step: inout LessonStep) throws(LessonProblem) {
    let start = next
    let words = lines[next].dropFirst(3).split(separator: " ").map(String.init)
    var content: [(text: String, line: Int)] = []
    next += 1
    while next < lines.count, lines[next].trimmed != "```" {
      if !lines[next].trimmed.isEmpty { content.append((lines[next].trimmed, next)) }
      next += 1
    }
    guard next < lines.count else { throw problem("the fence has no ``` at its end", at: start) }
    next += 1
    switch words.first {
    case "do": step.setup += try commands(content)
    case "reveal": step.reveal += try commands(content)
    case "expect":
      for (text, line) in content { step.expectations.append(try expectation(text, line)) }
    case "ask":
      guard step.question == nil else { throw problem("a step asks one question", at: start) }
      step.question = try question(Array(words.dropFirst()), content, start)
    default:
      throw problem("there is no fence '\(words.first ?? "")'; known are do, ask, reveal, expect", at: start)
    }
  }

  private func commands(_ content: [(text: String, line: Int)]) throws(LessonProblem) -> [StageCommand] {
    var commands: [StageCommand] = []
    for (text, line) in content { commands.append(try command(text, line)) }
    return commands
  }

  private func command(_ text: String, _ line: Int) throws(LessonProblem) -> StageCommand {
    do {
      return try StageCommand(text)
    } catch {
      throw problem(error.sentence, at: line)
    }
  }

  /// `probe op value`, with `after:` before it where it must not hold before the reveal; `~=` may end in `±5%`.
  private func expectation(_ text: String, _ line: Int) throws(LessonProblem) -> Expectation {
    let isOnlyAfter = text.hasPrefix("after:")
    let words = (isOnlyAfter ? String(text.dropFirst(6)) : text).split(separator: " ", maxSplits: 2).map(String.init)
    guard words.count == 3 else {
      throw problem("an expectation is PROBE OP VALUE, such as dist.count == 3582", at: line)
    }
    guard Probe.exists(words[0]) else {
      throw problem("there is no probe '\(words[0])'; known are \(Probe.known(like: words[0]))", at: line)
    }
    guard let comparison = Expectation.Comparison(rawValue: words[1]) else {
      let known = Expectation.Comparison.allCases.map(\.rawValue).joined(separator: " ")
      throw problem("'\(words[1])' is no comparison; known are \(known)", at: line)
    }
    var expectation = Expectation(
      probe: words[0], comparison: comparison, value: ProbeValue(words[2]), isOnlyAfter: isOnlyAfter, line: line + 1)
    guard comparison == .about else { return expectation }
    let halves = words[2].split(separator: "±").map { String($0).trimmed }
    guard halves.count == 2, let percent = Double(halves[1].replacing("%", with: "")), percent > 0 else {
      throw problem("~= needs a value and a tolerance, such as ~= 0.143 ±5%", at: line)
    }
    expectation.value = ProbeValue(halves[0])
    expectation.tolerance = percent
    return expectation
  }

  // MARK: - Questions

  /// The lines of an `ask` by the word before their colon.
  private struct Entry {
    var key: String
    var value: String
    var line: Int
  }

  private func question(
    _ words: [String], _ content: [(text: String, line: Int)], _ start: Int
  ) throws(LessonProblem) -> LessonQuestion {
    guard words.count == 2 else {
      throw problem("a question is ```ask KIND ID with choice, number, goal or order", at: start)
    }
    var entries: [Entry] = []
    for (text, line) in content {
      let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map { String($0).trimmed }
      guard halves.count == 2 else { throw problem("'\(text)' has no colon: a line is KEY: TEXT", at: line) }
      entries.append(Entry(key: halves[0], value: halves[1], line: line))
    }
    func all(_ key: String) -> [Entry] { entries.filter { $0.key == key } }
    var question = LessonQuestion(
      id: words[1], kind: .goal([]), hints: all("hint").map(\.value), otherwise: all("else").first?.value ?? "",
      solution: try commands(all("solution").map { ($0.value, $0.line) }))
    var allowed = ["hint", "else"]
    switch words[0] {
    case "choice":
      question.kind = .choice(try options(entries))
      allowed += entries.map(\.key).filter { $0.last?.isLetter == true && $0.count <= 2 }
    case "number":
      question.kind = .number(try numberAnswer(all("answer"), all("unit"), all("wrong"), start))
      allowed += ["answer", "unit", "wrong"]
    case "goal":
      var goals: [Expectation] = []
      for entry in all("goal") { goals.append(try expectation(entry.value, entry.line)) }
      guard !goals.isEmpty, !question.solution.isEmpty else {
        throw problem("a goal needs goal: PROBE OP VALUE and solution: COMMAND", at: start)
      }
      question.kind = .goal(goals)
      allowed += ["goal", "solution"]
    case "order":
      guard let right = all("order").first?.value.filter({ $0 != " " }) else {
        throw problem("an order needs order: with the letters in their right order", at: start)
      }
      let options = try options(entries.filter { $0.key != "order" })
      guard right.sorted() == options.map(\.letter).sorted() else {
        throw problem("the order '\(right)' does not have each letter once", at: start)
      }
      question.kind = .order(options, right: right)
      allowed += entries.map(\.key).filter { $0.count == 1 } + ["order"]
    default: throw problem("there is no question '\(words[0])'; known are choice, number, goal, order", at: start)
    }
    if let unknown = entries.first(where: { !allowed.contains($0.key) }) {
      throw problem(
        "'\(unknown.key)' means nothing in \(words[0]); known are \(Set(allowed).sorted().joined(separator: ", "))",
        at: unknown.line)
    }
    return question
  }

  /// `a: text | reply`, the right ones with `*` before their letter.
  private func options(_ entries: [Entry]) throws(LessonProblem) -> [LessonQuestion.Option] {
    var options: [LessonQuestion.Option] = []
    for entry in entries where !["hint", "else", "solution"].contains(entry.key) {
      let isRight = entry.key.hasPrefix("*")
      let name = isRight ? String(entry.key.dropFirst()) : entry.key
      let expected = Character(UnicodeScalar(UInt8(0x61 + min(options.count, 25))))
      guard name.count == 1, name.first == expected else {
        throw problem("the next option is '\(expected):' or '*\(expected):', not '\(entry.key):'", at: entry.line)
      }
      let halves = entry.value.split(separator: "|", maxSplits: 1).map { String($0).trimmed }
      options.append(
        .init(letter: expected, text: halves.first ?? "", isRight: isRight, reply: halves[checked: 1] ?? ""))
    }
    guard (2...6).contains(options.count) else {
      throw problem("a question has 2 to 6 options, not \(options.count)", at: entries.first?.line)
    }
    return options
  }

  private func numberAnswer(
    _ answers: [Entry], _ units: [Entry], _ wrong: [Entry], _ start: Int
  ) throws(LessonProblem) -> LessonQuestion.NumberAnswer {
    guard let answer = answers.first else { throw problem("a number needs answer: PROBE ±TOLERANCE", at: start) }
    let parts = answer.value.split(separator: "±").map { String($0).trimmed }
    let isRelative = parts.last?.hasSuffix("%") == true
    guard parts.count == 2, Probe.exists(parts[0]), let tolerance = Double(parts[1].replacing("%", with: "")) else {
      throw problem("the answer is PROBE ±TOLERANCE, such as cov.8192 ±5%: no number is typed by hand", at: answer.line)
    }
    var likely: [LessonQuestion.NumberAnswer.Likely] = []
    for entry in wrong {
      let halves = entry.value.split(separator: "|", maxSplits: 1).map { String($0).trimmed }
      guard halves.count == 2, let value = Double(halves[0]) else {
        throw problem("a likely wrong answer is wrong: NUMBER | REPLY", at: entry.line)
      }
      likely.append(.init(value: value, reply: halves[1]))
    }
    return .init(
      probe: parts[0], tolerance: isRelative ? tolerance / 100 : tolerance, isRelative: isRelative,
      unit: units.first?.value ?? "", likely: likely)
  }
}
