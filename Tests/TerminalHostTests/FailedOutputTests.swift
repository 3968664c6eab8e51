import Foundation
import Testing

/// Results that nobody takes: a full disk, a reader that has gone.
@Suite struct FailedOutputTests {
  /// Texts of `Output.text`, lines of JSON, bytes, and help.
  private static let commands = [
    ["positions", "--count", "3"], ["positions", "--json", "--count", "3"], ["compose"], ["rope"], ["--version"],
    ["--help"], ["train", "--help"],
  ]

  private func full() throws -> FileHandle { try #require(FileHandle(forWritingAtPath: "/dev/full")) }

  /// The writing end of a pipe that nobody reads.
  private func closedPipe() throws -> FileHandle {
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    return pipe.fileHandleForWriting
  }

  @Test(arguments: commands)
  func aFullDiskIsASentence(command: [String]) throws {
    let run = try ProgramRun(command, standardOutput: full())
    #expect(!run.wasKilled)
    #expect(run.status == 74)
    #expect(run.standardError == "skipwise: standard output: No space left on device\n")
  }

  @Test(arguments: commands, [false, true])
  func aReaderThatHasGoneEndsItQuietly(command: [String], ignoresSIGPIPE: Bool) throws {
    let run = try ProgramRun(command, standardOutput: closedPipe(), after: ignoresSIGPIPE ? "trap '' PIPE" : ":")
    #expect(run.wasKilled ? run.status == SIGPIPE : run.status == 141)
    #expect(!(run.wasKilled && ignoresSIGPIPE))
    #expect(run.standardError == "")
  }

  @Test func messagesThatNobodyTakesCostNothing() throws {
    let run = try ProgramRun(["runs", "list", "--folder", "/nowhere"], errorsTo: full())
    #expect(run.status == 0)
    let refused = try ProgramRun(["positions", "--count", "x"], errorsTo: full())
    #expect(!refused.wasKilled)
    #expect(refused.status == 64)
  }

  /// What was trained is kept, as on Ctrl-C.
  @Test(arguments: [74, 141] as [Int32])
  func aRunWhoseMetricsCannotBePrintedKeepsItsCheckpoint(status: Int32) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("unread-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try ProgramRun(
      [
        "train", "--model", "recall", "--target", "128", "--steps", "1000", "--batch", "2", "--eval-every", "0",
        "--threads", "1", "--json", "--out", folder,
      ], standardOutput: status == 74 ? full() : closedPipe())
    #expect(!run.wasKilled)
    #expect(run.status == status)
    #expect(FileManager.default.fileExists(atPath: folder + "/checkpoint/model.safetensors"))
    #expect(run.standardError.contains("model in \(folder)/checkpoint"))
  }
}
