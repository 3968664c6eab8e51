import Foundation

/// A run of a second, to be disturbed: 24 steps of the smallest model with a checkpoint after each.
enum ShortRun {
  static func arguments(steps: Int = 24, every: Int = 1) -> [String] {
    [
      "train", "--model", "recall", "--method", "pose", "--scaling", "yarn", "--target", "128", "--steps", "\(steps)",
      "--batch", "2", "--eval-every", "0", "--checkpoint-every", "\(every)", "--threads", "1", "--seed", "4",
    ]
  }

  static func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("short-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  static func losses(of run: String) throws -> [Double] {
    try String(contentsOfFile: run + "/metrics.jsonl", encoding: .utf8).split(separator: "\n").compactMap { line in
      (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["loss"] as? Double
    }
  }

  static func checkpoint(of run: String) throws -> [Data] {
    try ["model.safetensors", "trainer.safetensors", "config.json"].map {
      try Data(contentsOf: URL(fileURLWithPath: run + "/checkpoint/" + $0))
    }
  }

  static func hasCheckpoint(_ run: String) -> Bool {
    FileManager.default.fileExists(atPath: run + "/checkpoint/trainer.json")
  }

  /// Checkpoints that were begun and not finished.
  static func unfinished(in run: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: run).filter { $0.hasPrefix("checkpoint.") }
  }

  /// How often what happens at random is tried: few times in the suite, as many as `SKIPWISE_KILLS` says by hand.
  static let kills = ProcessInfo.processInfo.environment["SKIPWISE_KILLS"].flatMap(Int.init) ?? 12
}
