import FineTuning

extension LessonCheck {
  /// A step that trains, and what.
  public struct LiveStep: Sendable {
    public let index: Int
    public let settings: RunSettings
  }

  /// The steps that train.
  ///
  /// - Throws: `LessonProblem` for a command that cannot be carried out.
  public func liveSteps() throws(LessonProblem) -> [LiveStep] {
    var steps: [LiveStep] = []
    for index in lesson.steps.indices where lesson.steps[index].kind == .live {
      let stage = try lesson.stage(at: index, isRevealed: false, file: file)
      if let settings = stage.training { steps.append(LiveStep(index: index, settings: settings)) }
    }
    return steps
  }

  /// What a live step and those after it expect and a run that was trained does not bear out.
  ///
  /// - Parameter seed: the run's, for the sentences.
  public func problems(
    of run: LessonRun, seed: UInt64, trainedIn live: LiveStep
  ) throws(LessonProblem) -> [LessonProblem] {
    var problems: [LessonProblem] = []
    for index in live.index..<lesson.steps.count {
      var stage = try lesson.stage(at: index, isRevealed: true, file: file)
      guard stage.run != nil else { continue }
      stage.run = run
      for expectation in lesson.steps[index].expectations where !expectation.holds(stage) {
        let found = Probe.value(expectation.probe, stage)?.text ?? "nothing"
        problems.append(
          LessonProblem(
            file: file, line: expectation.line,
            sentence: "trained with seed \(seed), expected \(expectation.text), found \(found)"))
      }
    }
    return problems
  }
}
