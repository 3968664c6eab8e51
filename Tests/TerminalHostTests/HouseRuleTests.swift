import Foundation
import Testing

/// Rules that the documents promise and the compiler does not hold: what may stand only in some files of the sources.
@Suite struct HouseRuleTests {
  private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Sources").path

  /// A pattern, and the ends of the paths where it may stand.
  static let rules: [(pattern: String, allowed: [String])] = [
    // Clocks that somebody can set name new runs, and time nothing.
    (#"\bDate\(\)|gettimeofday|CLOCK_REALTIME"#, ["FineTuning/Installation.swift"]),
    // A mapped file that is cut ends the process.
    (#"\bmmap\(|alwaysMapped|mappedIfSafe"#, []),
    (#"@unchecked Sendable"#, ["Transformer/Engine/WorkerTeam.swift"]),
    (#"nonisolated\(unsafe\)|fatalError\(|\btry!"#, []),
    (#"import CNcurses"#, ["TerminalHost/"]), (#"import COpenBLAS"#, ["Transformer/"]),
  ]

  @Test(arguments: rules.indices)
  func whatMayStandOnlyInSomeFilesStandsThereAlone(index: Int) throws {
    let (pattern, allowed) = Self.rules[index]
    let expression = try NSRegularExpression(pattern: pattern)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: Self.sources).filter { $0.hasSuffix(".swift") }
    #expect(paths.count > 100)
    let places = try paths.filter { path in
      let text = try String(contentsOfFile: Self.sources + "/" + path, encoding: .utf8)
      return expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
    }
    #expect(places.allSatisfy { place in allowed.contains { place.hasPrefix($0) } }, "\(places)")
    #expect(allowed.isEmpty || !places.isEmpty)
  }
}
