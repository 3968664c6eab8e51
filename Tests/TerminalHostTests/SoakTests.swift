import Foundation
import Testing

/// Runs of many steps. `SKIPWISE_SOAK` multiplies them, by up to 250.
@Suite struct SoakTests {
  private static let factor = ProcessInfo.processInfo.environment["SKIPWISE_SOAK"].flatMap(Int.init) ?? 1

  /// The resident memory of a process in kB; nil once it has ended.
  private static func residentMemory(of process: pid_t) -> Int? {
    let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
  }

  /// Once everything has been used memory stays, with metrics after every step and checkpoints now and then; of a million steps
  /// the metrics hold 190,000.
  @Test func theMemoryOfARunIsFlat() throws {
    try ShortRun.inFolder { folder in
      let steps = 4000 * Self.factor
      var samples: [Int] = []
      let ended = try ProgramRun(
        [
          "pretrain", "--width", "8", "--layers", "1", "--heads", "1", "--window", "16", "--batch", "2", "--threads",
          "1",
          "--eval-every", "0", "--checkpoint-every", "500", "--steps", "\(steps)", "--out", folder + "/run",
        ]
      ) { process in
        while let memory = Self.residentMemory(of: process) {
          samples.append(memory)
          usleep(2000)
        }
      }
      #expect(ended.status == 0)
      #expect(try ShortRun.losses(of: folder + "/run").count == min(steps, 100_000) + max(0, steps - 100_000) / 10)
      let quarter = samples.count / 4
      try #require(quarter > 4)
      // The last quarter holds the measuring at the end, which is not of the steps.
      let (early, late) = (samples[quarter..<2 * quarter], samples[2 * quarter..<3 * quarter])
      let growth = (late.max() ?? 0) - (early.max() ?? 0)
      #expect(growth < 1024, "kB more in the third quarter of \(steps) steps than in the second")
      print("resident memory over \(steps) steps: \(early.max() ?? 0) kB, then \(growth) kB more")
    }
  }
}
