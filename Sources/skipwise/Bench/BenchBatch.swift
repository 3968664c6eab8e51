import Foundation
import Positions
import Transformer

/// What benches compute on, and how they say it.
enum BenchBatch {
  /// Sequences of random tokens at the given positions, each asked for the next one.
  static func random(
    _ configuration: TransformerConfiguration, sequences: Int, positions: [Int32]
  ) throws -> TokenBatch {
    let length = positions.count
    var random = RandomStream(seed: 3)
    let tokens = (0..<sequences * length).map { _ in
      Int32(Int.random(in: 0..<configuration.vocabularySize, using: &random))
    }
    let targets = (0..<sequences).flatMap { sequence in
      tokens[sequence * length + 1..<(sequence + 1) * length] + [TokenBatch.ignored]
    }
    return try TokenBatch(
      sequenceCount: sequences, length: length, tokens: tokens,
      positions: (0..<sequences).flatMap { _ in positions }, targets: targets,
      vocabularySize: configuration.vocabularySize)
  }

  /// The most memory that the process has held.
  static var peakMegabytes: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) / 1024
  }

  /// Three digits or so.
  static func short(_ value: Double) -> String { String(format: abs(value) < 100 ? "%.1f" : "%.0f", value) }
}
