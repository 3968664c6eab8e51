/// Settings changed in mid-run: a line of `metrics.jsonl`, and a mark on the curve.
public struct RunChange: Codable, Equatable, Sendable {
  /// Steps taken before it.
  public var step: Int
  /// What changed, "scaling yarn → linear, T 1024 → 2048".
  public var change: String

  public init(step: Int, from old: RunSettings, to new: RunSettings) {
    self.step = step
    func part(_ name: String, _ value: (RunSettings) -> String) -> String? {
      let (was, now) = (value(old), value(new))
      return was == now ? nil : "\(name) \(was) → \(now)"
    }
    let parts = [
      part("sampler", \.method), part("N") { "\($0.chunks)" }, part("T") { "\($0.target)" },
      part("scaling", \.scaling), part("rate") { "\($0.learningRate)" }, part("content", \.content.rawValue),
      part("split", \.split.rawValue), part("skips", \.biases.rawValue), part("seam", \.seam.rawValue),
      part("wanted") { $0.wantedMass.isEmpty ? "even" : "given" }, part("script") { "\($0.script.count) chunks" },
    ]
    change = parts.compactMap { $0 }.joined(separator: ", ")
  }
}

extension RunSettings {
  /// These settings with everything taken from `other` that a run can take on between two steps.
  public func steered(like other: RunSettings) -> RunSettings { steered(from: self, to: other) }

  /// These settings after a change of others: a run takes on what was changed, not what else the others have.
  public func steered(from before: RunSettings, to after: RunSettings) -> RunSettings {
    var settings = self
    func take<Value: Equatable>(_ field: WritableKeyPath<RunSettings, Value>) {
      if before[keyPath: field] != after[keyPath: field] { settings[keyPath: field] = after[keyPath: field] }
    }
    take(\.method)
    take(\.chunks)
    take(\.target)
    take(\.content)
    take(\.split)
    take(\.biases)
    take(\.seam)
    take(\.wantedMass)
    take(\.script)
    take(\.scaling)
    take(\.learningRate)
    return settings
  }
}
