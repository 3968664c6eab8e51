import Positions

/// Every task that generates its own text. A new one is a file of its own and a line here.
public enum TaskRegistry {
  public static let all: [any TextSource] = [
    KeyValueTask(curriculum: false), KeyValueTask(curriculum: true), RecallTask(), ChronicleTask(),
  ]

  public static var names: [String] { all.map(\.name) }

  /// - Throws: `PositionError.unknownName`.
  public static func task(named name: String) throws(PositionError) -> any TextSource {
    guard let task = all.first(where: { $0.name == name }) else {
      throw .unknownName(kind: "task", name: name, known: names)
    }
    return task
  }
}
