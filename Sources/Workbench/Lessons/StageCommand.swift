import Positions

/// What a lesson does to its stage: one line of a `do`, `reveal` or `solution`.
public enum StageCommand: Equatable, Sendable {
  case set(Setting, [String])
  case show(LessonFigure)
  /// Hides a part of the picture until it is uncovered: what is asked for must not be on the screen.
  case cover(LessonPart)
  case uncover(LessonPart)
  case mark(ClosedRange<Int>, label: String)
  /// What the arrows change, in the order Tab walks them.
  case knobs([LessonKnob])
  /// Draws this many examples of the sampler.
  case draw(Int)
  /// Shows a recorded run, whole.
  case play(String)
  /// What Space trains here.
  case train([String])

  public enum Setting: String, CaseIterable, Sendable {
    case window = "Lc"
    case target = "Lt"
    /// Lengths of the chunks.
    case chunks
    /// A skip bias a chunk.
    case skip
    /// A content offset a chunk, or a rule.
    case content
    case sampler
    case chunkCount = "N"
    case scaling, factor
    /// Positions of the query and the key.
    case query = "m"
    case key = "n"
    /// Both positions, farther by this much.
    case slide
    case pair
    case distance = "d"
    /// Tokens of the document.
    case document
    /// The cell of the attention map: the tokens of the query and the key.
    case cell
    /// Tokens whose cache is counted.
    case context
    case guess
  }
}

/// A picture that a lesson can show.
public enum LessonFigure: String, CaseIterable, Sendable {
  /// The training window, the target window and the distances of one example.
  case lanes
  /// Who attends to whom, and how many pairs.
  case pairs
  /// Probability that an example trains a distance, by sampler.
  case coverage
  /// Rotary pairs as clocks, and the score of two tokens.
  case clocks
  /// Which angles at which distance were never met.
  case phases
  /// The same for three scalings, with what a step turns.
  case scalings
  /// Cells, tokens and bytes of full length and PoSE.
  case cost
  /// The text under the positions.
  case content
  /// Adjacent tokens that stay neighbours.
  case neighbours
  /// Loss and perplexity before and after.
  case training
  /// Attention over positions.
  case attention
  /// What is paid inside the window for reach, and the cache.
  case reach
}

/// A part of a picture that can be covered.
public enum LessonPart: String, CaseIterable, Sendable { case dist, curve, score, verdict, numbers, after }

/// Something that the arrows change.
public enum LessonKnob: String, CaseIterable, Sendable {
  case split
  case skip
  case query = "m"
  /// Both tokens slide together.
  case slide
  case pair
  case distance = "d"
  case factor
  case chunkCount = "N"
  case target = "Lt"
  case document
  case guess
  case row
  case column
  case context
  case scaling
  case content
  case sampler
}

extension StageCommand {
  /// What is wrong with a line, and what is allowed.
  struct Problem: Error, Equatable {
    var sentence: String
  }

  /// - Throws: `Problem` for a verb, a name or an argument that is not known.
  init(_ line: String) throws(Problem) {
    var words = line.split(separator: " ").map(String.init)
    guard !words.isEmpty else { throw Problem(sentence: "an empty command") }
    let verb = words.removeFirst()
    func one<Value: RawRepresentable & CaseIterable>(_ kind: String, _ word: String?) throws(Problem) -> Value
    where Value.RawValue == String {
      guard let word, let value = Value(rawValue: word) else {
        let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw Problem(sentence: "\(verb) needs a \(kind), not '\(word ?? "")'; known are \(known)")
      }
      return value
    }
    switch verb {
    case "set":
      let setting: Setting = try one("setting", words.first)
      guard words.count >= 2 else { throw Problem(sentence: "set \(setting.rawValue) needs a value") }
      self = .set(setting, Array(words.dropFirst()))
    case "show": self = .show(try one("figure", words.first))
    case "cover": self = .cover(try one("part", words.first))
    case "uncover": self = .uncover(try one("part", words.first))
    case "mark":
      guard words.count >= 2, let range = ProbeValue.range(words[0]) else {
        throw Problem(sentence: "mark needs distances and a label, such as mark 6049..8095 \"across the skip\"")
      }
      self = .mark(range, label: words.dropFirst().joined(separator: " ").filter { $0 != "\"" })
    case "knobs":
      var knobs: [LessonKnob] = []
      for word in words { knobs.append(try one("knob", word)) }
      self = .knobs(knobs)
    case "draw":
      guard let count = words.first.flatMap({ Int($0) }), (1...20_000).contains(count) else {
        throw Problem(sentence: "draw needs a number of examples from 1 to 20000")
      }
      self = .draw(count)
    case "play":
      guard let name = words.first else { throw Problem(sentence: "play needs the name of a recorded run") }
      self = .play(name)
    case "train": self = .train(words)
    default:
      let known = "set, show, cover, uncover, mark, knobs, draw, play, train"
      throw Problem(sentence: "unknown verb '\(verb)'; known are \(known)")
    }
  }
}

extension ProbeValue {
  /// A whole number or `first..last`.
  static func range(_ text: String) -> ClosedRange<Int>? {
    let ends = text.split(separator: ".", omittingEmptySubsequences: true).map { Int($0) }
    guard let first = ends.first ?? nil else { return nil }
    if ends.count == 1 { return first...first }
    guard ends.count == 2, text.contains(".."), let last = ends[1], last >= first else { return nil }
    return first...last
  }

  /// A value as lesson files write it: a number, ranges such as `1..5,9..12`, or a word.
  init(_ text: String) {
    let plain = text.trimmed
    if let value = Double(plain) {
      self = .number(value)
      return
    }
    let parts = plain.split(separator: ",").map { Self.range(String($0).trimmed) }
    if !parts.isEmpty, parts.allSatisfy({ $0 != nil }), plain.contains("..") {
      self = .ranges(parts.compactMap { $0 })
    } else {
      self = .text(plain)
    }
  }
}

extension String {
  /// Without blanks at its ends.
  var trimmed: String {
    var text = Substring(self)
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
