/// The lessons, how far one is in them, and the one that is open.
public struct LearnState: Equatable, Sendable {
  /// In the order of the course.
  public var lessons: [Lesson] = []
  /// What is wrong with the files that could not be read.
  public var problems: [LessonProblem] = []
  public var selected = 0
  public var progress = LessonProgress()
  public internal(set) var play: LessonPlay?
  /// What was trained in the lesson that is open; its later steps show it in the place of the recorded run.
  var live: LessonRun?
  /// Hands counted by the lecturer, by option.
  public var hands: [Character: Int] = [:]
  /// Nothing but the lesson is drawn: for an audience.
  public var isPresenting = false

  public init() {}

  public var lesson: Lesson? { play.flatMap { lessons[checked: $0.lesson] } }
  public var step: LessonStep? { play.flatMap { lesson?.steps[checked: $0.step] } }
}

/// A lesson being played.
public struct LessonPlay: Equatable, Sendable {
  /// Index in the list of lessons.
  public internal(set) var lesson: Int
  public internal(set) var step: Int
  public internal(set) var stage: LessonStage
  /// What is typed or picked and not yet given.
  public internal(set) var answer = ""
  /// How sure one is, 1 to 3.
  var sureness = 2
  public internal(set) var isRevealed = false
  public internal(set) var verdict: Verdict?
  /// Hints shown in this step.
  var hints = 0
  /// The picture in a sentence.
  var isDescribed = false
  /// Keys go to the workbench instead of the question.
  var isFree = false

  /// Whether an answer is waited for.
  func waits(_ step: LessonStep?) -> Bool { step?.question != nil && !isRevealed }
}
