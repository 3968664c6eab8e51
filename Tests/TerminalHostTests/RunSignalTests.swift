import Foundation
import Testing

/// Runs that are told to end, stopped for a while, or left alone without a terminal.
@Suite(.serialized)
struct RunSignalTests {
  /// The steps of one run, cut in the middle by a signal, are those of a run that was left alone.
  @Test(arguments: [SIGHUP, SIGTERM, SIGINT])
  func aSignalKeepsTheCheckpointAndTheRunGoesOn(signal: Int32) throws {
    try ShortRun.inFolder { folder in
      let (whole, run) = (folder + "/whole", folder + "/run")
      let arguments = ShortRun.arguments(steps: 60, every: 0)
      #expect(try ProgramRun(arguments + ["--out", whole]).status == 0)
      var ended: ProgramRun
      repeat {
        try? FileManager.default.removeItem(atPath: run)
        ended = try ProgramRun(arguments + ["--out", run]) { process in
          try wait(for: "two steps") { (try? ShortRun.losses(of: run).count) ?? 0 >= 2 }
          kill(process, signal)
        }
        // On a busy machine it may have ended before it was told to.
      } while ended.status == 0
      #expect(!ended.wasKilled)
      #expect(ended.status == 130)
      #expect(ended.standardError.contains("of 60; model in \(run)/checkpoint"))
      #expect(try ProgramRun(arguments + ["--out", run, "--resume"]).status == 0)
      #expect(try ShortRun.checkpoint(of: run) == ShortRun.checkpoint(of: whole))
      #expect(try ShortRun.losses(of: run) == ShortRun.losses(of: whole))
    }
  }

  /// An evaluation under way is given up: whoever ends a run waits for its checkpoint alone.
  @Test func aSignalEndsAnEvaluation() throws {
    try ShortRun.inFolder { folder in
      let run = folder + "/run"
      let arguments = [
        "train", "--task", "keys", "--target", "1024", "--steps", "3", "--batch", "1", "--eval-every", "1",
        "--threads", "1", "--out", run,
      ]
      // It may come between two evaluations, but not five times.
      let wasCut = try (1...5).contains { _ in
        try? FileManager.default.removeItem(atPath: run)
        let ended = try ProgramRun(arguments) { process in
          try wait(for: "a step") { (try? ShortRun.losses(of: run).count) ?? 0 >= 1 }
          kill(process, SIGHUP)
        }
        #expect(ended.status == 130 && ShortRun.hasCheckpoint(run))
        let metrics = try String(contentsOfFile: run + "/metrics.jsonl", encoding: .utf8)
        return try metrics.components(separatedBy: "\"eval\"").count == 2 && ShortRun.losses(of: run).count == 1
      }
      #expect(wasCut)
    }
  }

  @Test func aRunThatIsStoppedAndContinuedHasTheSameBits() throws {
    try ShortRun.inFolder { folder in
      let (whole, run) = (folder + "/whole", folder + "/run")
      #expect(try ProgramRun(ShortRun.arguments() + ["--out", whole]).status == 0)
      let ended = try ProgramRun(ShortRun.arguments() + ["--out", run]) { process in
        for count in 1...5 {
          try wait(for: "a step") { (try? ShortRun.losses(of: run).count) ?? 0 >= count }
          kill(process, SIGSTOP)
          usleep(20_000)
          kill(process, SIGCONT)
        }
      }
      #expect(ended.status == 0)
      #expect(try ShortRun.checkpoint(of: run) == ShortRun.checkpoint(of: whole))
      #expect(try ShortRun.losses(of: run) == ShortRun.losses(of: whole))
    }
  }

  /// Under `nohup` a terminal that goes away ends nothing; with `setsid` there is none to begin with.
  @Test(arguments: ["set -- nohup \"$@\"", "set -- setsid --wait nohup \"$@\" </dev/null"])
  func aRunGoesOnWithoutATerminal(preparation: String) throws {
    try ShortRun.inFolder { folder in
      let run = folder + "/run"
      let ended = try ProgramRun(ShortRun.arguments() + ["--out", run], after: preparation) { _ in
        try wait(for: "a step") { (try? ShortRun.losses(of: run).count) ?? 0 >= 1 }
        // By what it has open: `setsid` starts it under a number of its own.
        let holders = try Self.processes(in: run)
        #expect(!holders.isEmpty)
        for process in holders { kill(process, SIGHUP) }
      }
      #expect(ended.status == 0)
      #expect(try ShortRun.losses(of: run).count == 24)
      #expect(ShortRun.hasCheckpoint(run))
    }
  }

  /// The processes of this program that write a run.
  private static func processes(in run: String) throws -> [pid_t] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }.filter { process in
      let command = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
      let words = command.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      return words.first?.hasSuffix("/skipwise") == true && words.contains(run)
    }
  }
}
