/// How far somebody has come in the lessons: a file of JSON.
public struct LessonProgress: Codable, Equatable, Sendable {
  public struct Answer: Codable, Equatable, Sendable {
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
    /// The step last seen, 0 the first.
    public var step = 0
    public var isFinished = false
    /// By the question's id.
    public var answers: [String: Answer] = [:]
    /// The sentence written at the end.
    public var sentence = ""
  }

  /// By the lesson's id.
  public var lessons: [String: Entry] = [:]

  public init() {}

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
