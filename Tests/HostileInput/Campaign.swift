import Foundation
import Positions

/// Many bent files, one after the other, each from its own number.
///
/// `SKIPWISE_FUZZ=50` runs fifty times as many; the number of the case at hand is then in the temporary folder's
/// `skipwise-fuzz-NAME`, where a crash leaves it. `SKIPWISE_FUZZ_FROM=1234` begins at that case again.
public struct Campaign: Sendable {
  /// A bent file and its number.
  public struct Case: Sendable, CustomStringConvertible {
    public let name: String
    public let number: UInt64
    public let bytes: [UInt8]
    /// Random numbers of its own, for what else the test has to choose.
    public var random: RandomStream

    /// The bytes as text; what is not UTF-8 is replaced.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
    public var description: String { "case \(number) of \(name): \(String(text.prefix(400)).debugDescription)" }
  }

  private let name: String
  private let mutator: Mutator
  private let numbers: Range<UInt64>

  /// - Parameters:
  ///   - name: also decides what is drawn.
  ///   - models: good files.
  ///   - count: cases in a plain run of the tests.
  public init(_ name: String, _ models: [String], words: [String] = [], count: Int) {
    self.name = name
    mutator = Mutator(models, words: words)
    let first = Self.setting("SKIPWISE_FUZZ_FROM") ?? 0
    numbers = first..<first + UInt64(count) * max(Self.setting("SKIPWISE_FUZZ") ?? 1, 1)
  }

  /// Runs every case.
  ///
  /// - Returns: seconds that the slowest took, and its number: a hang that ends is still one.
  @discardableResult
  public func run(_ body: (Case) throws -> Void) rethrows -> (seconds: Double, number: UInt64) {
    let trace = Self.setting("SKIPWISE_FUZZ") == nil ? nil : FileHandle(creating: "skipwise-fuzz-\(name)")
    var slowest = (seconds: 0.0, number: numbers.lowerBound)
    for number in numbers {
      if let trace {
        trace.seek(toFileOffset: 0)
        trace.write(Data("\(number)\n".utf8))
      }
      var random = RandomStream(seed: number, path: name.utf8.map(UInt64.init))
      let bytes = mutator.mutated(using: &random)
      let start = ContinuousClock.now
      try body(Case(name: name, number: number, bytes: bytes, random: random))
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      if seconds > slowest.seconds { slowest = (seconds, number) }
    }
    return slowest
  }

  private static func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }
}

extension FileHandle {
  /// An empty file in the temporary folder.
  fileprivate convenience init?(creating name: String) {
    let path = NSTemporaryDirectory() + name
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    self.init(forWritingAtPath: path)
  }
}
