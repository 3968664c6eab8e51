import Foundation
import Testing

/// Runs that are killed and gone on with: what a crash or a power cut may leave.
@Suite(.serialized)
struct KilledRunTests {
  private static let settings = [
    "train", "--model", "recall", "--method", "pose", "--scaling", "yarn", "--target", "128", "--steps", "24",
    "--batch", "2", "--eval-every", "0", "--checkpoint-every", "1", "--threads", "1", "--seed", "4",
  ]

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("killed-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func losses(of run: String) throws -> [Double] {
    try String(contentsOfFile: run + "/metrics.jsonl", encoding: .utf8).split(separator: "\n").compactMap { line in
      (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["loss"] as? Double
    }
  }

  private func checkpoint(of run: String) throws -> [Data] {
    try ["model.safetensors", "trainer.safetensors", "config.json"].map {
      try Data(contentsOf: URL(fileURLWithPath: run + "/checkpoint/" + $0))
    }
  }

  /// Killed at instants drawn over the whole length of a run that writes a checkpoint at every step, and resumed until it is
  /// done: weights, moments and losses are those of the run that nobody disturbed. `SKIPWISE_KILLS` sets how many kills.
  @Test func aRunKilledAtAnyInstantEndsAsIfItHadNot() throws {
    try inFolder { folder in
      let whole = folder + "/whole"
      let started = ContinuousClock.now
      #expect(try ProgramRun(Self.settings + ["--out", whole]).status == 0)
      let length = started.duration(to: .now)
      let wantedKills = ProcessInfo.processInfo.environment["SKIPWISE_KILLS"].flatMap(Int.init) ?? 12
      var kills = 0
      var restarts = 0
      while kills < wantedKills {
        let run = folder + "/run-\(restarts)"
        var isDone = false
        while !isDone {
          let resumes = FileManager.default.fileExists(atPath: run + "/checkpoint/trainer.json")
          // Killed before its first checkpoint there is nothing to go on from.
          if !resumes { try? FileManager.default.removeItem(atPath: run) }
          let arguments = Self.settings + ["--out", run] + (resumes ? ["--resume"] : [])
          let instant = kills < wantedKills ? length * Double.random(in: 0...0.7) : nil
          let ended = try ProgramRun(arguments, killedAfter: instant)
          kills += ended.wasKilled ? 1 : 0
          restarts += 1
          #expect(ended.wasKilled || ended.status == 0, "\(ended.standardError)")
          isDone = !ended.wasKilled
          try #require(restarts < 20 * wantedKills + 100)
        }
        #expect(try checkpoint(of: run) == checkpoint(of: whole))
        #expect(try losses(of: run) == losses(of: whole))
        let left = try FileManager.default.contentsOfDirectory(atPath: run).filter { $0.hasPrefix("checkpoint.") }
        #expect(left.isEmpty)
      }
    }
  }

  @Test func aFolderInUseIsRefusedAndNotTouched() throws {
    try inFolder { folder in
      let run = folder + "/run"
      #expect(try ProgramRun(Self.settings + ["--out", run]).status == 0)
      let before = try checkpoint(of: run)
      let descriptor = open(run + "/run.json", O_RDONLY)
      defer { close(descriptor) }
      #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
      let refused = try ProgramRun(Self.settings + ["--out", run, "--resume"])
      #expect(try checkpoint(of: run) == before)
      #expect(refused.status == 64)
      #expect(refused.standardError.contains("another process"))
    }
  }
}
