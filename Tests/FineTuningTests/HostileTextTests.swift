import Foundation
import HostileInput
import Positions
import Testing

@testable import FineTuning
@testable import Transformer

/// Bent texts and bent runs: whatever the bytes are, a text is a text; a run is read or refused.
@Suite struct HostileTextTests {
  @Test func anyBytesAreText() throws {
    let folder = try HostileFolder()
    let tokenizer = ByteTokenizer()
    let models = ["The river. The harbour!\nAmber holds 48213. ", "é漢🙂 \u{0}\u{1B}[2J\r\n", ""]
    let slowest = Campaign("text", models, count: 3000).run { bent in
      #expect(tokenizer.decode(tokenizer.encode(bent.bytes)) == bent.bytes)
      let shown = tokenizer.text(bent.bytes.map(Int32.init)) + tokenizer.line(bent.bytes.map(Int32.init))
      #expect(!shown.controlsTerminal, "\(bent)")
      let ends = sentenceEnds(in: bent.bytes)
      #expect(ends == Array(Set(ends)).sorted() && ends.last ?? 0 <= bent.bytes.count)
      guard bent.number % 8 == 0 else { return }
      do {
        let corpus = try Corpus(paths: [folder.file("x", bent.bytes)])
        var random = bent.random
        #expect(corpus.byteCount == bent.bytes.count)
        #expect(!corpus.stretch(minimum: 1, wanted: 64, using: &random).isEmpty)
      } catch {
        #expect(error as? CorpusError == .empty(path: folder.path + "/x") && bent.bytes.isEmpty, "\(error)")
      }
    }
    #expect(slowest.seconds < 10, "case \(slowest.number)")
  }

  /// Sizes that a run's file claims reach everything that is worked out of its settings.
  @Test func bentSettingsAreReadOrRefused() throws {
    let folder = try HostileFolder()
    let good = try HostileRun.description()
    var read = 0
    let slowest = Campaign("run", [good], words: ["scripted", "full", "cream", "randpos"], count: 1500).run { bent in
      do {
        try folder.file("run.json", bent.bytes)
        let run = try RunCatalog.run(at: folder.path)
        read += 1
        #expect(!run.settings.command.isEmpty)
        if let sampler = try? SamplerRegistry.sampler(named: run.settings.method, run.settings.samplerSettings()),
          run.settings.target < 1 << 16
        {
          #expect(sampler.layout(seed: 1, example: 0).tokenCount > 0)
        }
      } catch {
        #expect(error is ModelFileError, "\(error) for \(bent)")
      }
    }
    #expect(read > 50)
    #expect(slowest.seconds < 10, "case \(slowest.number)")
  }

  /// Numbers that no sum or range could hold are no record.
  @Test(arguments: [
    (#""length":16"#, #""length":-1"#), (#""length":16"#, #""length":9223372036854775807"#),
    (#""start":16"#, #""start":9223372036854775807"#), (#""bias":7"#, #""bias":-9223372036854775808"#),
    (#""content":1"#, #""content":4294967296"#), (#""step":1"#, #""step":-1"#),
    (#""tokens":64"#, #""tokens":9223372036854775807"#),
  ])
  func recordsThatCannotBeAreNone(good: String, bad: String) throws {
    let line = try HostileRun.metrics().split(separator: "\n")[1]
    #expect(try JSONDecoder.ofRuns.decode(StepRecord.self, from: Data(line.utf8)).chunks == HostileRun.settings.script)
    let bent = line.replacingOccurrences(of: good, with: bad)
    #expect(bent != line)
    #expect(throws: DecodingError.self) { try JSONDecoder.ofRuns.decode(StepRecord.self, from: Data(bent.utf8)) }
  }

  @Test(arguments: ["window", "target", "chunks", "batch", "steps", "warmup", "checkpoint_every", "evaluate_every"])
  func settingsThatCannotBeAreRefused(field: String) throws {
    let json = try RunFolder.line(HostileRun.settings)
    var fields = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(fields[field] != nil)
    for number in [-1, Int.max] {
      fields[field] = number
      let bent = try JSONSerialization.data(withJSONObject: fields)
      #expect(throws: DecodingError.self) { try JSONDecoder.ofRuns.decode(RunSettings.self, from: bent) }
    }
  }

  /// A line that is no record is passed over; the others count.
  @Test func bentMetricsAreReadByLine() throws {
    let folder = try HostileFolder()
    try folder.file("run.json", Array(HostileRun.description().utf8))
    let slowest = Campaign("metrics", [try HostileRun.metrics()], count: 1500).run { bent in
      do {
        try folder.file("metrics.jsonl", bent.bytes)
        let run = try RunCatalog.run(at: folder.path)
        for step in run.steps { #expect(step.chunks.allSatisfy { $0.positions.count == $0.length }) }
      } catch {
        #expect(error is ModelFileError, "\(error) for \(bent)")
      }
    }
    #expect(slowest.seconds < 10, "case \(slowest.number)")
  }
}

/// The files of a run that was never trained.
enum HostileRun {
  static var settings: RunSettings {
    var settings = RunSettings(window: 32, target: 256)
    settings.wantedMass = [1, 2]
    settings.script = [
      Chunk(start: 0, length: 16, skipBias: 0), Chunk(start: 16, length: 16, skipBias: 7, contentOffset: 1),
    ]
    return settings
  }

  static func description() throws -> String {
    let line = try RunFolder.line(settings)
    return #"{"skipwise":"1","command":"skipwise train","parameters":9,"blas":"x","lanes":2,"settings":"# + line + "}"
  }

  static func metrics() throws -> String {
    var evaluation = EvaluationRecord(step: 0, lengths: [32, 64, 256], perplexities: [1.5, 20, 300])
    evaluation.eval.passkey = ["64": 0.5]
    let step = StepRecord(
      step: 1, loss: 2.5, gradNorm: 0.5, lr: 1e-3, tokens: 64, seconds: 0.25, chunks: settings.script)
    var later = settings
    later.target = 512
    return try RunFolder.line(evaluation) + "\n" + RunFolder.line(step) + "\n"
      + RunFolder.line(RunChange(step: 1, from: settings, to: later)) + "\n"
  }
}

extension JSONDecoder {
  /// Reads keys as runs write them.
  fileprivate static var ofRuns: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }
}
