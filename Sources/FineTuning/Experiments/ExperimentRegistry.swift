/// Every experiment that trains, by its name. A new one is a function and a line here.
public enum ExperimentRegistry {
  private static let all: KeyValuePairs<String, @Sendable (ExperimentSize) -> Experiment> = [
    "figure2": PaperExperiments.figure2, "figure4": PaperExperiments.figure4, "table1": PaperExperiments.table1,
    "table2": PaperExperiments.table2, "table3": PaperExperiments.table3, "table4": PaperExperiments.table4,
    "table5": PaperExperiments.table5,
    "table6": PaperExperiments.table6, "keys": OwnExperiments.keys, "recall": OwnExperiments.recall,
    "policy": OwnExperiments.policy, "reach": OwnExperiments.reach, "tradeoff": OwnExperiments.tradeoff,
    "distance": OwnExperiments.distances, "samplers": { OwnExperiments.samplers($0) },
  ]

  public static var names: [String] { all.map(\.key) }

  /// The comparison of samplers with each scaling that is named.
  public static func samplers(_ size: ExperimentSize, samplers: [String], scalings: [String]) -> Experiment {
    OwnExperiments.samplers(size, samplers: samplers, scalings: scalings)
  }

  /// Those that are tables and figures of the paper.
  public static var paperNames: [String] {
    names.filter { $0.hasPrefix("table") || $0.hasPrefix("figure") }
  }

  public static func experiment(named name: String, _ size: ExperimentSize) -> Experiment? {
    all.first { $0.key == name }?.value(size)
  }
}

extension Experiment {
  /// What the numbers so far bear out.
  public func findings(_ result: ExperimentResult) -> [Finding] { findings(result) }
}
