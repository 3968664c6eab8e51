import Transformer

/// Something measured of a model: a table of numbers, each from texts of its own.
public protocol Evaluation: Sendable {
  /// What is measured, as `eval` calls it.
  var measure: String { get }
  /// What the columns stand for: context sizes, or distances in tokens.
  var columns: [Int] { get }
  /// Depths in the needle grid; one row elsewhere.
  var rows: [Double] { get }

  /// The texts behind a number.
  func readings(row: Int, column: Int) throws -> [Reading]

  /// The number that the answers give.
  func value(_ answers: [Reading.Answer]) -> Double
}

extension Evaluation {
  public var rows: [Double] { [0] }

  /// Measures everything, a number after the other, the shortest texts first.
  ///
  /// - Parameter observe: told each number as it is known and the share of all tokens that are read by then; returns whether
  ///   to go on.
  /// - Throws: `CancellationError` where `observe` says no.
  public func run(
    _ inference: Inference, observe: (_ result: EvaluationResult, _ share: Double) -> Bool = { _, _ in true }
  ) throws -> EvaluationResult {
    var result = EvaluationResult(
      measure: measure, columns: columns, rows: rows,
      values: rows.map { _ in Array(repeating: nil, count: columns.count) })
    let cells = columns.indices.flatMap { column in rows.indices.map { (row: $0, column: column) } }
    let readings = try cells.map { try self.readings(row: $0.row, column: $0.column) }
    let all = readings.joined().reduce(0) { $0 + $1.tokens.count }
    var done = 0
    for (cell, texts) in zip(cells, readings) {
      let answers = try Reading.answers(texts, inference) { tokens in
        done += tokens
        guard observe(result, Double(done) / Double(max(all, 1))) else { throw CancellationError() }
      }
      result.values[cell.row][cell.column] = try number(answers, column: cell.column)
      guard observe(result, Double(done) / Double(max(all, 1))) else { throw CancellationError() }
    }
    return result
  }

  /// The number that the answers give; nil where nothing was asked, as in a text of one token.
  private func number(_ answers: [Reading.Answer], column: Int) throws(EvaluationError) -> Double? {
    guard answers.contains(where: { !$0.losses.isEmpty }) else { return nil }
    let number = value(answers)
    guard number.isFinite else { throw .notFinite(measure: measure, length: columns[column]) }
    return number
  }
}

/// A table of an evaluation's numbers.
public struct EvaluationResult: Codable, Equatable, Sendable {
  public var measure: String
  public var columns: [Int]
  public var rows: [Double]
  /// [rows, columns]; nil where nothing is measured yet, or there was nothing to ask.
  public var values: [[Double?]]

  public init(measure: String, columns: [Int], rows: [Double], values: [[Double?]]) {
    self.measure = measure
    self.columns = columns
    self.rows = rows
    self.values = values
  }

  /// The number of the first row at a column; nil where it is not measured.
  public func value(at column: Int) -> Double? {
    columns.firstIndex(of: column).flatMap { values.first?[$0] }
  }
}

/// Why something cannot be evaluated.
public enum EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
  case textTooShort(name: String, tokens: Int, needed: Int)
  case notForText(measure: String, source: String, instead: String)
  case lengthOutOfRange(measure: String, length: Int, allowed: ClosedRange<Int>)
  case notFinite(measure: String, length: Int)
  case tooLarge(length: Int, megabytes: Int, available: Int, fitting: Int)

  public var description: String {
    switch self {
    case .textTooShort(let name, let tokens, let needed):
      "\(name) is too short: its longest document has \(tokens) tokens, not \(needed); lengths up to \(tokens) fit"
    case .notForText(let measure, let source, let instead):
      "\(measure) says nothing about \(source), whose texts cannot be cut; measure \(instead)"
    case .lengthOutOfRange(let measure, let length, let allowed):
      "\(measure) needs lengths from \(allowed.lowerBound) to \(allowed.upperBound), not \(length)"
    case .notFinite(let measure, let length):
      "\(measure) at \(length) is not a finite number: the model's weights are broken or have grown out of bounds"
    case .tooLarge(let length, let megabytes, let available, let fitting):
      "reading \(length) tokens takes \(megabytes) MB of the machine's \(available) MB; lengths up to \(fitting) fit"
    }
  }
}
