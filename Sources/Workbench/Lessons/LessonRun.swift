import FineTuning
import Foundation

/// What a lesson shows of a run: as it goes, or recorded before.
public struct LessonRun: Equatable, Sendable {
  public var steps: [StepRecord]
  public var evaluations: [EvaluationRecord]
  /// One head's attention at the end, where it was recorded.
  public var attention: SessionNews.AttentionView?
  /// It is a recording: the screen says so.
  public var isRecorded: Bool

  public init(
    steps: [StepRecord] = [], evaluations: [EvaluationRecord] = [], attention: SessionNews.AttentionView? = nil,
    isRecorded: Bool
  ) {
    self.steps = steps
    self.evaluations = evaluations
    self.attention = attention
    self.isRecorded = isRecorded
  }

  /// Reads a run's `metrics.jsonl`, and behind it a line of attention where there is one.
  ///
  /// - Throws: `Unreadable` naming the line.
  public init(recording text: String) throws(Unreadable) {
    self.init(isRecorded: true)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    for (index, line) in text.split(separator: "\n").enumerated() {
      let data = Data(line.utf8)
      if let step = try? decoder.decode(StepRecord.self, from: data) {
        steps.append(step)
      } else if let evaluation = try? decoder.decode(EvaluationRecord.self, from: data) {
        evaluations.append(evaluation)
      } else if let recorded = try? decoder.decode(RecordedAttention.self, from: data), let view = recorded.view {
        attention = view
      } else {
        throw Unreadable(line: index + 1)
      }
    }
  }

  public struct Unreadable: Error, Equatable {
    public var line: Int
  }

  /// The last measurement, once something was trained.
  var last: EvaluationRecord? { evaluations.last { $0.step > 0 } }
}
