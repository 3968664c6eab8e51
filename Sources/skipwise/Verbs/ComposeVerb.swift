import FineTuning
import Foundation
import Positions
import Transformer

/// `compose`: writes texts of a generator to files.
struct ComposeVerb: Verb {
  static let name = "compose"
  static let summary = "writes texts of a generator, to train on or to look at"
  static let example = "skipwise compose --task chronicle --length 24000 --count 24 --seed 1 --out texts"
  static let options: [Option] = [
    .choice("task", "NAME", "the generator", of: TaskRegistry.names, default: ChronicleTask.name),
    .value("length", "BYTES", "bytes of each text (default: 2000)"),
    .value("count", "K", "texts (default: 1)"),
    .value("seed", "S", "seed of the texts (default: 0)"),
    .value("out", "DIR", "a file a text, TASK-NUMBER.txt (default: standard output)"),
  ]

  private let task: any TextSource
  private let length: Int
  private let count: Int
  private let seed: UInt64
  private let out: String?

  init(_ arguments: Arguments) throws {
    task = try TaskRegistry.task(named: arguments.string("task") ?? ChronicleTask.name)
    length =
      try arguments.integer("length", in: 1...(task.longestText ?? 1 << 28)) ?? min(2000, task.longestText ?? 2000)
    count = try arguments.integer("count", in: 1...1_000_000) ?? 1
    seed = try arguments.seed() ?? 0
    out = arguments.string("out")
  }

  func run() throws {
    Interrupt.listen()
    if let out { try DurableFile.createFolder(out) }
    for index in 0..<count where !Interrupt.isRequested {
      var random = RandomStream(seed: seed, path: [UInt64(index), 3])
      let bytes = task.text(minimum: length, wanted: length, progress: 1, using: &random)
      guard let out else {
        Output.bytes(bytes)
        continue
      }
      let name = "\(task.name)-\(String(format: "%03d", index + 1)).txt"
      try DurableFile.write(Data(bytes), to: out + "/" + name)
    }
  }
}
