import Positions

/// Perplexity by context size at one moment of a run: a line of `metrics.jsonl`.
public struct EvaluationRecord: Encodable, Equatable, Sendable {
  /// Steps taken; 0 is the base model, before its scaling is changed.
  public var step: Int
  public var eval: Results
  /// What the model wrote then; nil where nothing was asked.
  public var sample: WrittenSample?

  /// What was measured, by context size.
  public struct Results: Codable, Equatable, Sendable {
    public var perplexity: [String: Double]
    /// The share of passkeys retrieved; nil where it was not measured.
    public var passkey: [String: Double]?
  }

  public init(step: Int, lengths: [Int], perplexities: [Double]) {
    self.step = step
    let pairs = zip(lengths.map(String.init), perplexities)
    eval = Results(perplexity: Dictionary(uniqueKeysWithValues: pairs))
  }

  init(step: Int, _ result: EvaluationResult) {
    let known = zip(result.columns, result.values.joined()).compactMap { length, value in value.map { (length, $0) } }
    self.init(step: step, lengths: known.map(\.0), perplexities: known.map(\.1))
  }

  mutating func add(passkey result: EvaluationResult?) {
    guard let result else { return }
    let pairs = zip(result.columns, result.values.joined()).compactMap { length, value in
      value.map { ("\(length)", $0) }
    }
    eval.passkey = Dictionary(uniqueKeysWithValues: pairs)
  }

  /// The context sizes measured, rising.
  public var lengths: [Int] { eval.perplexity.keys.compactMap { Int($0) }.sorted() }

  public func perplexity(at length: Int) -> Double? { eval.perplexity[String(length)] }
}

extension EvaluationRecord: Decodable {
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    step = try fields.whole(.counts, forKey: .step)
    eval = try fields.decode(Results.self, forKey: .eval)
    sample = try fields.decodeIfPresent(WrittenSample.self, forKey: .sample)
  }
}
