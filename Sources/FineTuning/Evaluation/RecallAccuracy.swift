import Positions

/// Window replay by length: the share of replayed symbols that a model predicts.
public struct RecallAccuracy: Evaluation {
  public static let name = RecallTask.name
  public var measure: String { Self.name }

  public let columns: [Int]
  public let trials: Int
  private let seed: UInt64

  /// - Parameters:
  ///   - lengths: tokens of each text, its mark and replay included.
  ///   - trials: texts for each number.
  /// - Throws: `EvaluationError.lengthOutOfRange` for lengths that the task has no texts of.
  public init(lengths: [Int], trials: Int, seed: UInt64) throws(EvaluationError) {
    columns = Set(lengths).sorted()
    self.trials = max(1, trials)
    self.seed = seed
    let allowed = 2 * RecallTask.replayLength + 1...RecallTask.longest
    if let wrong = columns.first(where: { !allowed.contains($0) }) {
      throw .lengthOutOfRange(measure: Self.name, length: wrong, allowed: allowed)
    }
  }

  public func readings(row: Int, column: Int) -> [Reading] {
    let task = RecallTask()
    return (0..<trials).map { trial in
      var random = RandomStream(seed: seed, path: [UInt64.max - 1, UInt64(columns[column]), UInt64(trial)])
      let text = task.text(minimum: columns[column], wanted: columns[column], progress: 1, using: &random)
      return Reading(tokens: text.map(Int32.init), asked: task.targets(in: text))
    }
  }

  public func value(_ answers: [Reading.Answer]) -> Double {
    let all = answers.flatMap(\.isRight)
    return Double(all.filter { $0 }.count) / Double(max(1, all.count))
  }
}
