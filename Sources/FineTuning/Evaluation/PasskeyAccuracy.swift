import Positions

/// Passkey retrieval: the share of texts whose five digits a model repeats without an error.
///
/// With depths given it is the needle grid, a row a depth; without, each length's trials spread evenly over all depths.
public struct PasskeyAccuracy: Evaluation {
  public static let name = "passkey"
  /// The same by depth.
  public static let gridName = "needle"
  public var measure: String { spreads ? Self.name : Self.gridName }

  /// Tokens of the shortest text that holds a fact, its question and the answer.
  public static let shortest = KeyValueText.shortestPasskey + 5

  public let columns: [Int]
  /// 0 at the start of the text, 1 just before the question.
  public let rows: [Double]
  public let trials: Int
  private let spreads: Bool
  private let seed: UInt64

  /// - Parameters:
  ///   - lengths: tokens of each text, the digits included.
  ///   - depths: where the fact stands, 0 … 1; nil spreads the trials.
  ///   - trials: texts for each number.
  /// - Throws: `EvaluationError.lengthOutOfRange` for lengths that cannot hold a fact and its question.
  public init(lengths: [Int], depths: [Double]? = nil, trials: Int, seed: UInt64) throws(EvaluationError) {
    columns = Set(lengths).sorted()
    rows = depths ?? [0.5]
    spreads = depths == nil
    self.trials = max(1, trials)
    self.seed = seed
    if let wrong = columns.first(where: { $0 < Self.shortest }) {
      throw .lengthOutOfRange(measure: Self.name, length: wrong, allowed: Self.shortest...Int(Int32.max))
    }
  }

  public func readings(row: Int, column: Int) throws -> [Reading] {
    try (0..<trials).map { trial in
      let depth = spreads ? (Double(trial) + 0.5) / Double(trials) : rows[row]
      var random = RandomStream(
        seed: seed, path: [UInt64.max - 1, UInt64(columns[column]), UInt64(row), UInt64(trial)])
      return try Self.reading(length: columns[column], depth: depth, using: &random)
    }
  }

  /// A passkey text with its digits, which are asked for.
  static func reading(length: Int, depth: Double, using random: inout RandomStream) throws -> Reading {
    let passkey = try KeyValueText.passkey(length: length - 5, depth: depth, using: &random)
    return Reading(
      tokens: (passkey.prompt + passkey.digits).map(Int32.init),
      asked: passkey.prompt.count..<passkey.prompt.count + passkey.digits.count)
  }

  public func value(_ answers: [Reading.Answer]) -> Double {
    Double(answers.filter { $0.isRight.allSatisfy { $0 } }.count) / Double(max(1, answers.count))
  }
}

/// Loss by distance: the digits of a fact, in nats a digit, by how many tokens back the fact was told.
///
/// All texts are equally long, so that distance alone differs and not how much there is to read.
public struct DistanceLoss: Evaluation {
  public static let name = "distance"
  public var measure: String { Self.name }

  public let columns: [Int]
  private let length: Int
  private let trials: Int
  private let seed: UInt64

  /// - Parameters:
  ///   - length: tokens of each text, T.
  ///   - distances: from a fact to its question; those that do not fit are left out.
  /// - Throws: `EvaluationError.lengthOutOfRange` for a length that cannot hold a fact and its question.
  public init(length: Int, distances: [Int], trials: Int, seed: UInt64) throws(EvaluationError) {
    guard length >= PasskeyAccuracy.shortest else {
      throw .lengthOutOfRange(measure: Self.name, length: length, allowed: PasskeyAccuracy.shortest...Int(Int32.max))
    }
    columns = Set(distances).filter { $0 >= 32 && $0 <= length - 16 }.sorted()
    self.length = length
    self.trials = max(1, trials)
    self.seed = seed
  }

  /// Distances that double from L / 4 on, with one between each two, up to T.
  public static func distances(window: Int, target: Int) -> [Int] {
    sequence(first: Double(max(32, window / 4))) { $0 * 2.squareRoot() }.prefix { $0 < Double(target - 40) }
      .map { Int($0.rounded()) } + [target - 40]
  }

  public func readings(row: Int, column: Int) throws -> [Reading] {
    try (0..<trials).map { trial in
      var random = RandomStream(seed: seed, path: [UInt64.max - 2, UInt64(columns[column]), UInt64(trial)])
      // A fact and its question are about 35 bytes: what is left of the text is filler, before and between them.
      let room = Double(length - 40)
      let between = Double(columns[column] - 20)
      return try PasskeyAccuracy.reading(length: length, depth: min(1, max(0, 1 - between / room)), using: &random)
    }
  }

  public func value(_ answers: [Reading.Answer]) -> Double { answers.meanLoss }
}
