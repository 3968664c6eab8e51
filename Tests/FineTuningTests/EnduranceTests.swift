import Foundation
import Testing

@testable import FineTuning

/// What must not grow however long the program runs. `SKIPWISE_SOAK` multiplies the work.
@Suite struct EnduranceTests {
  private static let factor = ProcessInfo.processInfo.environment["SKIPWISE_SOAK"].flatMap(Int.init) ?? 1

  /// A line of `/proc/self/status`, in kB.
  private static func kilobytes(_ name: String) throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(name + ":") })
    return try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
  }

  /// A thread that is neither waited for nor let go of would leave its stack behind, eight megabytes of addresses each; the
  /// allocator takes two gigabytes of them for threads at most.
  @Test func threadsThatEndLeaveNothingBehind() throws {
    let before = try Self.kilobytes("VmSize")
    for _ in 0..<1000 * Self.factor {
      let ended = EventDescriptor()
      RunLister.list("/nowhere") { _ in ended.raise() }
      ended.wait()
    }
    #expect(try Self.kilobytes("VmSize") - before < 4_000_000)
  }
}
