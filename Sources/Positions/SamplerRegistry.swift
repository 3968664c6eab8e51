/// Every position sampler, in the order the screens list them. A new one is a file of its own and a line here.
public enum SamplerRegistry {
  public static let all: [any PositionSampler.Type] = [
    SkipWiseSampler.self, RandomPositionSampler.self, ContiguousSampler.self, FullSampler.self,
    ReferenceSkipWiseSampler.self, EqualChunkSampler.self, SentenceChunkSampler.self,
    ContinuityRelativitySampler.self, SentenceSkipSampler.self, ScriptedSampler.self, BalancedSampler.self,
  ]

  /// - Throws: `PositionError.unknownName`.
  public static func type(named name: String) throws(PositionError) -> any PositionSampler.Type {
    guard let type = all.first(where: { $0.name == name }) else {
      throw .unknownName(kind: "sampler", name: name, known: names)
    }
    return type
  }

  public static var names: [String] { all.map { $0.name } }

  /// - Throws: `PositionError.unknownName`, or what the rule has against the settings.
  public static func sampler(
    named name: String, _ settings: SamplerSettings
  ) throws(PositionError) -> any PositionSampler {
    try type(named: name).init(settings)
  }
}
