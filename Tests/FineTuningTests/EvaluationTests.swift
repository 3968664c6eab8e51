import Foundation
import Positions
import Testing

@testable import FineTuning
@testable import Transformer

/// What evaluations read and ask, and what they make of a model's answers.
@Suite struct EvaluationTests {
  private static let configuration = TransformerConfiguration(
    vocabularySize: 256, hiddenSize: 32, intermediateSize: 64, layerCount: 2, headCount: 2, maximumPositions: 64)

  private func inference(threads: Int = 1) throws -> Inference {
    Inference(try TransformerModel(Self.configuration, seed: 3), threads: threads)
  }

  private func answer(_ losses: [Float], _ isRight: [Bool]) -> Reading.Answer {
    Reading.Answer(losses: losses, isRight: isRight)
  }

  // MARK: - Window replay

  @Test(arguments: [49, 64, 128, 256, 280])
  func aReplayRepeatsAStretchOfDistinctSymbols(length: Int) {
    let task = RecallTask()
    for seed in 0..<20 {
      var random = RandomStream(seed: UInt64(seed))
      let text = task.text(minimum: length, wanted: 4 * length, progress: 0, using: &random)
      #expect(text.count == length)
      #expect(text[0] == RecallTask.mark)
      let symbols = Array(text[1..<length - 24])
      #expect(Set(symbols).count == symbols.count)
      #expect(!symbols.contains(RecallTask.mark))
      let replay = Array(text.suffix(24))
      let start = symbols.firstIndex(of: replay[0]) ?? symbols.count
      #expect(Array(symbols.dropFirst(start).prefix(24)) == replay)
      #expect(task.targets(in: text) == length - 23..<length)
    }
  }

  @Test func trainingOnReplaysAsksForNothingElse() throws {
    let builder = try BatchBuilder(
      source: RecallTask(), samplerName: "pose",
      sampler: SamplerSettings(window: TokenWindow(training: 64, target: 256)), vocabularySize: 256, seed: 5)
    let batch = try builder.batch(step: 1, count: 4, progress: 0).tokens
    for sequence in 0..<4 {
      let asked = (0..<64).filter { batch.targets[sequence * 64 + $0] != TokenBatch.ignored }
      #expect(asked == Array(40..<63))
    }
  }

  @Test func replaysLongerThanTheirSymbolsAreRefused() {
    #expect(throws: EvaluationError.self) { try RecallAccuracy(lengths: [64, 281], trials: 1, seed: 0) }
    #expect(throws: CorpusError.self) {
      try BatchBuilder(
        source: RecallTask(), samplerName: "full",
        sampler: SamplerSettings(window: TokenWindow(training: 64, target: 512)), vocabularySize: 256, seed: 5)
    }
  }

  // MARK: - Perplexity

  /// Every token but the first counts exactly once, each with the context that its window gives it.
  @Test(arguments: [(8, 8), (8, 3), (20, 5), (50, 64), (64, 1)])
  func slidingWindowsScoreEveryTokenOnce(window: Int, stride: Int) throws {
    let evaluation = try SlidingPerplexity(
      of: KeyValueTask(curriculum: false), lengths: [window], stride: stride, documents: 1, documentLength: 50, seed: 4)
    let document = EvaluationText.documents(
      of: KeyValueTask(curriculum: false), length: max(50, window), count: 1, seed: 4)[0]
    let readings = evaluation.readings(row: 0, column: 0)
    var start = 0
    var scored: [Int] = []
    for reading in readings {
      #expect(reading.tokens == Array(document[start..<min(start + window, document.count)]))
      scored += reading.asked.map { start + $0 }
      start += min(stride, window)
    }
    // Where the window moves by its own size, its first token has nothing before it.
    let skipped = stride >= window ? Set(Swift.stride(from: 0, to: document.count, by: window)) : [0]
    #expect(scored == (0..<document.count).filter { !skipped.contains($0) })
  }

  @Test func perplexityIsTheExponentOfTheMeanLossOfAllTokens() throws {
    let evaluation = try SlidingPerplexity(
      of: KeyValueTask(curriculum: false), lengths: [16], stride: 8, documents: 2, seed: 0)
    let value = evaluation.value([answer([1, 2, 3], [true, true, true]), answer([6], [false])])
    #expect(abs(value - exp(3)) < 1e-9)
  }

  @Test(arguments: [1, 2, 3])
  func numbersDoNotDependOnThreads(threads: Int) throws {
    let evaluation = try SlidingPerplexity(
      of: KeyValueTask(curriculum: false), lengths: [32, 64], stride: 16, documents: 2, seed: 1)
    #expect(try evaluation.run(inference(threads: threads)) == evaluation.run(inference()))
  }

  /// Against one plain pass over the whole document.
  @Test func positionsHaveTheLossOfOnePass() throws {
    let task = KeyValueTask(curriculum: false)
    let evaluation = try PositionPerplexity(of: task, length: 64, stretches: 4, documents: 1, seed: 9)
    let inference = try inference()
    let found = try evaluation.run(inference)
    let document = EvaluationText.documents(of: task, length: 64, count: 1, seed: 9)[0]
    let batch = try TokenBatch(
      sequenceCount: 1, length: 64, tokens: document, positions: (0..<64).map(Int32.init),
      targets: Array(document.dropFirst()) + [TokenBatch.ignored], vocabularySize: 256)
    let losses = inference.run(batch).losses
    #expect(found.columns == [16, 32, 48, 64])
    for (index, start) in [1, 16, 32, 48].enumerated() {
      let part = losses[start - 1..<found.columns[index] - 1]
      let mean = part.reduce(0.0) { $0 + Double($1) } / Double(part.count)
      #expect(abs((found.values[0][index] ?? 0) - exp(mean)) < 1e-3 * exp(mean))
    }
  }

  @Test func textsThatAreTooShortAreRefusedWithWhatFits() {
    #expect(throws: EvaluationError.notForText(measure: "perplexity", source: "recall", instead: "recall")) {
      try SlidingPerplexity(of: RecallTask(), lengths: [64], stride: 8, documents: 1, seed: 0)
    }
    #expect(throws: EvaluationError.self) {
      try SlidingPerplexity(of: ShortText(), lengths: [64], stride: 8, documents: 1, seed: 0)
    }
  }

  private struct ShortText: TextSource {
    let name = "short"
    let longestText: Int? = 10
    func text(minimum: Int, wanted: Int, progress: Double, using random: inout RandomStream) -> [UInt8] { [] }
  }

  // MARK: - Retrieval

  @Test func passkeysAskForFiveDigitsAtTheEnd() throws {
    let evaluation = try PasskeyAccuracy(lengths: [64, 100], trials: 7, seed: 2)
    for (column, length) in [64, 100].enumerated() {
      let readings = try evaluation.readings(row: 0, column: column)
      #expect(readings.count == 7)
      for reading in readings {
        #expect(reading.tokens.count == length)
        #expect(reading.asked == length - 5..<length)
        let digits = reading.tokens.suffix(5)
        #expect(digits.allSatisfy { (48...57).contains($0) })
      }
    }
  }

  @Test func aPasskeyCountsOnlyWithoutAnError() throws {
    let evaluation = try PasskeyAccuracy(lengths: [64], trials: 4, seed: 2)
    let right = answer([0, 0], [true, true])
    let wrong = answer([0, 0], [true, false])
    #expect(evaluation.value([right, wrong, right, right]) == 0.75)
    let recall = try RecallAccuracy(lengths: [64], trials: 4, seed: 2)
    #expect(recall.value([right, wrong]) == 0.75)
  }

  @Test func aNeedleStandsWhereItsDepthSays() throws {
    let evaluation = try PasskeyAccuracy(lengths: [512], depths: [0, 0.5, 1], trials: 3, seed: 2)
    #expect(evaluation.measure == "needle")
    for (row, wanted) in [0.0, 0.5, 1.0].enumerated() {
      for reading in try evaluation.readings(row: row, column: 0) {
        let text = reading.tokens.map { UInt8($0) }
        let digits = Array(text.suffix(5))
        let place = (0..<text.count - 5).first { Array(text[$0..<$0 + 5]) == digits } ?? -1
        #expect(abs(Double(place) / 512 - wanted) < 0.12)
      }
    }
  }

  @Test func distancesAreThoseBetweenAFactAndItsQuestion() throws {
    let evaluation = try DistanceLoss(length: 512, distances: [64, 128, 300, 460], trials: 5, seed: 2)
    for column in evaluation.columns.indices {
      for reading in try evaluation.readings(row: 0, column: column) {
        let digits = Array(reading.tokens.suffix(5))
        let place = (0..<507).last { $0 < 500 && Array(reading.tokens[$0..<$0 + 5]) == digits } ?? -1
        // A fact stands between sentences, so its distance is off by half a sentence at most.
        #expect(abs(507 - place - evaluation.columns[column]) <= 24)
      }
    }
  }

  /// Where each of a reading's tokens is the likeliest, greedy decoding writes the same.
  @Test func rightPredictionsAreWhatGreedyDecodingWrites() throws {
    let model = try TransformerModel(Self.configuration, seed: 3)
    let decoder = CachedDecoder(model, capacity: 32)
    var tokens: [Int32] = [5, 9, 17]
    var logits = try decoder.read(5)
    for token in [9, 17] as [Int32] { logits = try decoder.read(token) }
    for _ in 0..<10 {
      let next = Int32(logits.indices.max { logits[$0] < logits[$1] } ?? 0)
      tokens.append(next)
      logits = try decoder.read(next)
    }
    let answers = try Reading.answers(
      [Reading(tokens: tokens, asked: 3..<13)], Inference(model, threads: 1), progress: { _ in })
    #expect(answers[0].isRight == Array(repeating: true, count: 10))
    tokens[12] = (tokens[12] + 1) % 256
    let changed = try Reading.answers(
      [Reading(tokens: tokens, asked: 3..<13)], Inference(model, threads: 1), progress: { _ in })
    #expect(changed[0].isRight == Array(repeating: true, count: 9) + [false])
  }

  @Test func anEvaluationCanBeStopped() throws {
    let evaluation = try PasskeyAccuracy(lengths: [64, 128], trials: 2, seed: 2)
    var seen = 0
    #expect(throws: CancellationError.self) {
      try evaluation.run(inference()) { result, _ in
        seen = result.values[0].compactMap { $0 }.count
        return seen == 0
      }
    }
    #expect(seen == 1)
  }
}
