import Foundation
import Testing

/// Programs that are killed: what a crash or a power cut may leave.
@Suite(.serialized)
struct KilledRunTests {
  /// Killed at instants drawn over the whole length of a run that writes a checkpoint at every step, and resumed until it is
  /// done: weights, moments and losses are those of the run that nobody disturbed.
  @Test func aRunKilledAtAnyInstantEndsAsIfItHadNot() throws {
    try ShortRun.inFolder { folder in
      let whole = folder + "/whole"
      let started = ContinuousClock.now
      #expect(try ProgramRun(ShortRun.arguments() + ["--out", whole]).status == 0)
      let length = started.duration(to: .now)
      var kills = 0
      var restarts = 0
      while kills < ShortRun.kills {
        let run = folder + "/run-\(restarts)"
        var isDone = false
        while !isDone {
          let resumes = ShortRun.hasCheckpoint(run)
          // Killed before its first checkpoint there is nothing to go on from.
          if !resumes { try? FileManager.default.removeItem(atPath: run) }
          let arguments = ShortRun.arguments() + ["--out", run] + (resumes ? ["--resume"] : [])
          let instant = kills < ShortRun.kills ? length * Double.random(in: 0...0.7) : nil
          let ended = try ProgramRun(arguments, killedAfter: instant)
          kills += ended.wasKilled ? 1 : 0
          restarts += 1
          #expect(ended.wasKilled || ended.status == 0, "\(ended.standardError)")
          isDone = !ended.wasKilled
          try #require(restarts < 20 * ShortRun.kills + 100)
        }
        #expect(try ShortRun.checkpoint(of: run) == ShortRun.checkpoint(of: whole))
        #expect(try ShortRun.losses(of: run) == ShortRun.losses(of: whole))
        #expect(try ShortRun.unfinished(in: run).isEmpty)
        try FileManager.default.removeItem(atPath: run)
      }
    }
  }

  /// Files that a verb writes are there whole or not at all.
  @Test func aKilledExportLeavesNoHalfFile() throws {
    try ShortRun.inFolder { folder in
      let export = ["compose", "--task", "chronicle", "--length", "200000", "--count", "8", "--seed", "1", "--out"]
      let started = ContinuousClock.now
      #expect(try ProgramRun(export + [folder + "/whole"]).status == 0)
      let length = started.duration(to: .now)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/whole")
      #expect(names.count == 8)
      var kills = 0
      var tries = 0
      while kills < ShortRun.kills {
        let killed = folder + "/killed"
        kills += try ProgramRun(export + [killed], killedAfter: length * Double.random(in: 0...1)).wasKilled ? 1 : 0
        for name in names where FileManager.default.fileExists(atPath: killed + "/" + name) {
          #expect(FileManager.default.contentsEqual(atPath: killed + "/" + name, andPath: folder + "/whole/" + name))
        }
        try? FileManager.default.removeItem(atPath: killed)
        tries += 1
        try #require(tries < 20 * ShortRun.kills + 100)
      }
    }
  }
}
