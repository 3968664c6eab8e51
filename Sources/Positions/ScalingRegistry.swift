/// Every rotary scaling, in the order the screens list them. A new one is a file of its own and a line here.
public enum ScalingRegistry {
  public static let all: [any RotaryScaling.Type] = [
    UnscaledRotary.self, LinearScaling.self, NTKScaling.self, DynamicNTKScaling.self, YaRNScaling.self,
    RevisedYaRNScaling.self, Llama3Scaling.self, LongRoPEScaling.self, AdjustedBaseScaling.self,
  ]

  public static var names: [String] { all.map { $0.name } }

  /// - Throws: `PositionError.unknownName`, or what the scaling has against the settings.
  public static func scaling(
    named name: String, _ settings: ScalingSettings
  ) throws(PositionError) -> any RotaryScaling {
    guard let type = all.first(where: { $0.name == name }) else {
      throw .unknownName(kind: "scaling", name: name, known: names)
    }
    return try type.init(settings)
  }
}
