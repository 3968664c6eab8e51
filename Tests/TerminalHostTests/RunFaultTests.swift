import Foundation
import Testing

/// What a disk, a user or a second program does to a run while it is written.
@Suite(.serialized)
struct RunFaultTests {
  private static let limiter = "/usr/bin/prlimit"
  private static let demoter = "/usr/bin/setpriv"

  /// A limit on the size of files in place of a full disk: the same writes fail, and it needs no disk.
  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: limiter), "needs util-linux"),
    arguments: [(1, 100_000, "checkpoint.part-"), (8, 10, "metrics.jsonl")])
  func aDiskThatFillsUpIsASentenceAndTheLastCheckpointGoesOn(every: Int, limit: Int, file: String) throws {
    try ShortRun.inFolder { folder in
      let arguments = ShortRun.arguments(every: every)
      let (whole, run) = (folder + "/whole", folder + "/run")
      #expect(try ProgramRun(arguments + ["--out", whole]).status == 0)
      var ended: ProgramRun
      var tries = 0
      repeat {
        try? FileManager.default.removeItem(atPath: run)
        ended = try ProgramRun(arguments + ["--out", run]) { process in
          try wait(for: "a checkpoint") { ShortRun.hasCheckpoint(run) }
          // It must not come to its next checkpoint before the disk is full.
          kill(process, SIGSTOP)
          try Process.run(
            URL(fileURLWithPath: Self.limiter), arguments: ["--pid", "\(process)", "--fsize=\(limit)"]
          ).waitUntilExit()
          kill(process, SIGCONT)
        }
        // On a busy machine the disk may fill up too late, or for another file.
        tries += 1
      } while tries < 20 && !ended.standardError.contains("cannot write \(run)/\(file)")
      #expect(!ended.wasKilled)
      #expect(ended.status == 74)
      #expect(ended.standardError.contains("the last checkpoint stays in \(run)/checkpoint"))
      #expect(ended.standardError.contains("cannot write \(run)/\(file)"))
      #expect(ended.standardError.contains("File too large"))
      #expect(try ShortRun.unfinished(in: run).isEmpty)
      #expect(try ProgramRun(arguments + ["--out", run, "--resume"]).status == 0)
      #expect(try ShortRun.checkpoint(of: run) == ShortRun.checkpoint(of: whole))
      #expect(try ShortRun.losses(of: run) == ShortRun.losses(of: whole))
    }
  }

  /// It is told at the next step, and nothing comes back where the folder was.
  @Test(arguments: [true, false])
  func aFolderThatIsDeletedOrMovedInUseIsASentence(isMoved: Bool) throws {
    try ShortRun.inFolder { folder in
      let (run, moved) = (folder + "/run", folder + "/moved")
      let ended = try ProgramRun(ShortRun.arguments(steps: 100_000) + ["--out", run]) { _ in
        try wait(for: "a checkpoint") { ShortRun.hasCheckpoint(run) }
        try FileManager.default.moveItem(atPath: run, toPath: moved)
        if !isMoved { try FileManager.default.removeItem(atPath: moved) }
      }
      #expect(!ended.wasKilled)
      #expect(ended.status == 74)
      #expect(ended.standardError.contains("\(run): it was deleted or moved while the run wrote to it"))
      #expect(!FileManager.default.fileExists(atPath: run))
      guard isMoved else { return }
      let shown = try ProgramRun(["runs", "show", moved])
      #expect(shown.status == 0 && shown.output.contains("model in \(moved)/checkpoint"))
    }
  }

  /// Permissions do not bind root, so root becomes nobody.
  @Test(
    .enabled(if: geteuid() != 0 || FileManager.default.isExecutableFile(atPath: demoter), "needs util-linux"))
  func aFolderThatCannotBeWrittenIsASentence() throws {
    try ShortRun.inFolder { folder in
      let run = folder + "/run"
      #expect(try ProgramRun(ShortRun.arguments() + ["--out", run]).status == 0)
      let before = try ShortRun.checkpoint(of: run)
      for path in [run, folder] {
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: path)
      }
      let become =
        geteuid() == 0 ? "set -- \(Self.demoter) --reuid=65534 --regid=65534 --clear-groups \"$@\"" : ":"
      for arguments in [["--out", run, "--resume"], ["--out", folder + "/other"]] {
        let refused = try ProgramRun(ShortRun.arguments() + arguments, after: become)
        #expect(!refused.wasKilled)
        #expect(refused.status == 74)
        #expect(refused.standardError.contains("skipwise train: cannot write \(arguments[1])"))
      }
      let shown = try ProgramRun(["runs", "show", run], after: become)
      #expect(shown.status == 0 && shown.output.contains("step 24 of 24"))
      #expect(try ShortRun.checkpoint(of: run) == before)
      for path in [run, folder] {
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
      }
    }
  }

  /// The second is told and changes nothing, `runs` reads on, and the lock goes with the process that held it.
  @Test func aSecondProgramOnTheSameFolderIsTold() throws {
    try ShortRun.inFolder { folder in
      let run = folder + "/run"
      let arguments = ShortRun.arguments(steps: 100_000, every: 10) + ["--out", run]
      let first = try ProgramRun(arguments) { process in
        try wait(for: "a checkpoint") { ShortRun.hasCheckpoint(run) }
        for second in [arguments, arguments + ["--resume"], ["runs", "delete", run]] {
          let refused = try ProgramRun(second)
          #expect(!refused.wasKilled)
          #expect(refused.status == 64)
          #expect(refused.standardError.contains("\(run) is being trained by another process"))
        }
        for reading in [["runs", "show", run], ["runs", "list", "--folder", folder], ["runs", "export", run]] {
          let read = try ProgramRun(reading)
          #expect(read.status == 0 && !read.output.isEmpty)
        }
        kill(process, SIGKILL)
      }
      #expect(first.wasKilled)
      let resumed = try ProgramRun(arguments + ["--resume"]) { process in
        let before = try ShortRun.losses(of: run).count
        try wait(for: "a step") { (try? ShortRun.losses(of: run).count) ?? 0 > before }
        kill(process, SIGINT)
      }
      #expect(resumed.status == 130)
    }
  }
}
