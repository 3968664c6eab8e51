/// A small model that ships with the program, pre-trained by it, and what it is fine-tuned on.
public struct BaseModel: Hashable, Sendable {
  public let name: String
  /// The task that generates its fine-tuning text.
  public let task: String
  /// L.
  public let window: Int

  /// Where it lies among the program's own files.
  public var folder: String { "sample-data/" + name }

  /// Key-value text: reads facts and repeats them.
  public static let keys = BaseModel(name: "keys", task: KeyValueTask.name, window: 128)
  /// Window replay: repeats a stretch of distinct symbols.
  public static let recall = BaseModel(name: "recall", task: RecallTask.name, window: 64)
  /// Key-value text in a window of 2,048 tokens, by a tiny model: for targets of a hundred thousand.
  public static let long = BaseModel(name: "long", task: KeyValueTask.name, window: 2048)

  /// Chronicles of made-up towns, in which people and things come back.
  public static let prose = BaseModel(name: "prose", task: ChronicleTask.name, window: 256)

  public static let all = [keys, recall, prose, long]

  /// All names, as a sentence has them.
  public static var names: String { all.map(\.name).joined(separator: ", ") }

  public static func named(_ name: String) -> BaseModel? { all.first { $0.name == name } }

  /// The one of a name, or the one that a folder holds, by the folder's name; nil for other models.
  public static func of(_ reference: String) -> BaseModel? {
    named(reference) ?? all.first { reference == $0.folder || reference.hasSuffix("/" + $0.folder) }
  }
}
