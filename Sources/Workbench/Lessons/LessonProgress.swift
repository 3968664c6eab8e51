import Positions

/// How far somebody has come in the lessons: a file of JSON.
public struct LessonProgress: Codable, Equatable, Sendable {
  public struct Answer: Encodable, Equatable, Sendable {
    /// Never goes down, whatever is undone.
    public var attempts = 0
    public var isRight = false
    /// How sure one was of the first answer: 1 a guess, 2 think so, 3 certain.
    public var sureness: Int?
    public var hints = 0
    /// The solution was shown instead.
    public var isSkipped = false
  }

  public struct Entry: Codable, Equatable, Sendable {
    /// `Lesson.fingerprint` of the text that it was.
    public var fingerprint = ""
    /// Seconds spent with the lesson open, pauses counted as three minutes at most.
    public var seconds = 0.0
    /// The step last seen, 0 the first.
    public var step = 0
    public var isFinished = false
    /// By the question's id.
    public var answers: [String: Answer] = [:]
    /// The sentence written at the end.
    public var sentence = ""

    public init() {}

    /// Files of older versions lack some of it.
    public init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      fingerprint = try fields.decodeIfPresent(String.self, forKey: .fingerprint) ?? ""
      seconds = try fields.decodeIfPresent(Double.self, forKey: .seconds) ?? 0
      step = try fields.whole(.counts, forKey: .step)
      isFinished = try fields.decode(Bool.self, forKey: .isFinished)
      answers = try fields.decode([String: Answer].self, forKey: .answers)
      sentence = try fields.decode(String.self, forKey: .sentence)
    }
  }

  /// By the lesson's id.
  public var lessons: [String: Entry] = [:]

  public init() {}

  /// What of a pause between two events is time spent, in seconds: whoever does nothing for three minutes is elsewhere.
  public static func counted(_ pause: Duration) -> Double { min(pause, .seconds(180)) / .seconds(1) }

  /// Adds time to a lesson.
  public mutating func spend(_ seconds: Double, on lesson: Lesson) { self[lesson].seconds += seconds }

  public func entry(_ lesson: Lesson) -> Entry { self[lesson] }

  subscript(_ lesson: Lesson) -> Entry {
    get { lessons[lesson.id] ?? Entry() }
    set { lessons[lesson.id] = newValue }
  }

  /// Questions of a lesson answered rightly, without their solution shown.
  func score(_ lesson: Lesson) -> (right: Int, of: Int) {
    let questions = lesson.steps.compactMap(\.question)
    let answers = self[lesson].answers
    return (
      questions.filter { answers[$0.id]?.isRight == true && answers[$0.id]?.isSkipped == false }.count, questions.count
    )
  }
}

extension LessonProgress.Answer: Decodable {
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    attempts = try fields.whole(.counts, forKey: .attempts)
    isRight = try fields.decode(Bool.self, forKey: .isRight)
    sureness = try fields.decodeIfPresent(Int.self, forKey: .sureness)
    hints = try fields.whole(.counts, forKey: .hints)
    isSkipped = try fields.decode(Bool.self, forKey: .isSkipped)
  }
}
