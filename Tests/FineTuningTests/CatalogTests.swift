import Foundation
import Positions
import Testing

@testable import FineTuning
@testable import Transformer

/// Runs on disk as lists show them, and models measured on a thread of their own.
@Suite struct CatalogTests {
  private static let configuration = TransformerConfiguration(
    vocabularySize: 256, hiddenSize: 32, intermediateSize: 64, layerCount: 1, headCount: 2, maximumPositions: 64)

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("catalog-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func makeRun(_ path: String, steps: Int) throws -> RunFolder {
    var settings = RunSettings(window: 32, target: 64)
    settings.batch = 2
    settings.steps = 5
    let run = try TrainingRun(
      settings, model: TransformerModel(Self.configuration, seed: 1), source: KeyValueTask(curriculum: false),
      threads: 1)
    let folder = try RunFolder(creating: path, settings: settings, model: run.model)
    try folder.append(run.before)
    for _ in 0..<steps { try folder.append(try run.step().record) }
    if steps > 0 { try folder.saveCheckpoint(of: run) }
    return folder
  }

  @Test func aRunIsReadBackAndACutLineIsPassedOver() throws {
    try inFolder { folder in
      let run = try makeRun(folder + "/one", steps: 3)
      let metrics = try #require(FileHandle(forWritingAtPath: folder + "/one/metrics.jsonl"))
      try metrics.seekToEnd()
      try metrics.write(contentsOf: Data(#"{"step":4,"lo"#.utf8))
      let summary = try RunCatalog.run(at: folder + "/one")
      #expect(summary.steps.map(\.step) == [1, 2, 3])
      #expect(summary.evaluations.map(\.step) == [0])
      #expect(summary.hasCheckpoint)
      #expect(summary.settings.target == 64)
      _ = run
    }
  }

  @Test func whatIsNoRunIsPassedOver() throws {
    try inFolder { folder in
      _ = try makeRun(folder + "/one", steps: 0)
      try FileManager.default.createDirectory(atPath: folder + "/empty", withIntermediateDirectories: true)
      try FileManager.default.createDirectory(atPath: folder + "/broken", withIntermediateDirectories: true)
      try Data("{".utf8).write(to: URL(fileURLWithPath: folder + "/broken/run.json"))
      try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/file"))
      #expect(RunCatalog.runs(in: folder).map(\.name) == ["one"])
      #expect(RunCatalog.runs(in: folder + "/nowhere").isEmpty)
    }
  }

  @Test func aRunThatIsWrittenCannotBeDeleted() throws {
    try inFolder { folder in
      var run: RunFolder? = try makeRun(folder + "/one", steps: 1)
      #expect(throws: RunFolder.Failure.inUse(path: folder + "/one")) { try RunCatalog.delete(folder + "/one") }
      #expect(throws: RunFolder.Failure.self) { _ = try makeRun(folder + "/one", steps: 1) }
      #expect(run != nil)
      run = nil
      try RunCatalog.delete(folder + "/one")
      #expect(!FileManager.default.fileExists(atPath: folder + "/one"))
    }
  }

  /// Every measure of key-value text arrives, the perplexity first; a folder without a model is a sentence.
  @Test func aSessionMeasuresModelsInTurn() throws {
    try inFolder { folder in
      try ModelFolder.save(try TransformerModel(Self.configuration, seed: 1), to: folder + "/model")
      let arrived = EventDescriptor()
      let session = EvaluationSession(newsArrived: arrived)
      defer { session.stop() }
      let settings = RunSettings(window: 64, target: 128)
      session.ask(EvaluationRequest(label: "broken", folder: folder + "/none", settings: settings))
      session.ask(EvaluationRequest(label: "model", folder: folder + "/model", settings: settings))
      var known: [String: EvaluationNews] = [:]
      while known["model"]?.phase != .finished {
        arrived.wait()
        for news in session.takeNews() { known[news.request.label] = news }
      }
      guard case .failed(let reason)? = known["broken"]?.phase else {
        Issue.record("a missing model was measured")
        return
      }
      #expect(reason.contains("config.json"))
      #expect(known["model"]?.results.map(\.measure) == ["perplexity", "position", "passkey", "needle", "distance"])
      #expect(known["model"]?.result("perplexity")?.value(at: 128) ?? 0 > 100)
    }
  }

  @Test func aSavedModelSaysHowOthersLoadIt() throws {
    try inFolder { folder in
      try ModelFolder.save(try TransformerModel(Self.configuration, seed: 1), to: folder)
      let readme = try String(contentsOfFile: folder + "/README.md", encoding: .utf8)
      #expect(readme.contains("all-ones attention mask"))
      #expect(readme.contains("plain rotary positions"))
    }
  }
}
