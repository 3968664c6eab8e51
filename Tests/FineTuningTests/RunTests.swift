import Foundation
import Positions
import Synchronization
import Testing

@testable import FineTuning
@testable import Transformer

/// Batches, runs and sessions, on a model small enough for a test.
@Suite struct RunTests {
  private static let configuration = TransformerConfiguration(
    vocabularySize: 256, hiddenSize: 32, intermediateSize: 64, layerCount: 2, headCount: 2, maximumPositions: 32)

  private static let settings: RunSettings = {
    var settings = RunSettings(window: 32, target: 128)
    settings.batch = 8
    settings.steps = 30
    settings.learningRate = 1e-2
    settings.warmup = 3
    settings.evaluateEvery = 10
    return settings
  }()

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func run(_ settings: RunSettings = settings, threads: Int = 1) throws -> TrainingRun {
    try TrainingRun(
      settings, model: TransformerModel(Self.configuration, seed: 1), source: KeyValueTask(curriculum: false),
      threads: threads)
  }

  @Test(arguments: SamplerRegistry.names)
  func batchesHoldWhatTheLayoutsPick(method: String) throws {
    let builder = try BatchBuilder(
      source: KeyValueTask(curriculum: false), samplerName: method,
      sampler: SamplerSettings(window: TokenWindow(training: 32, target: 96)), vocabularySize: 256, seed: 5)
    let batch = try builder.batch(step: 3, count: 4, progress: 0.5)
    let length = batch.tokens.length
    for (sequence, layout) in batch.layouts.enumerated() {
      var random = RandomStream(seed: 5, path: [UInt64(2 * 4 + sequence), 0])
      let text = builder.source.text(minimum: length, wanted: 96, progress: 0.5, using: &random)
      let range = sequence * length..<(sequence + 1) * length
      #expect(Array(batch.tokens.tokens[range]) == layout.textIndices.map { Int32(text[$0]) })
      #expect(Array(batch.tokens.positions[range]) == layout.positions.map(Int32.init))
      #expect(Array(batch.tokens.targets[range].dropLast()) == Array(batch.tokens.tokens[range].dropFirst()))
      #expect(batch.tokens.targets[range].last == TokenBatch.ignored)
    }
    // What a step draws does not depend on the steps before it.
    _ = try builder.batch(step: 1, count: 4, progress: 0)
    #expect(try builder.batch(step: 3, count: 4, progress: 0.5) == batch)
  }

  /// The label of a chunk's last token: the next token of the example, none, or the one that follows in the text.
  @Test(arguments: SeamRule.allCases)
  func seamsAreLabelledAsAsked(seam: SeamRule) throws {
    let builder = try BatchBuilder(
      source: KeyValueTask(curriculum: false), samplerName: "pose",
      sampler: SamplerSettings(window: TokenWindow(training: 32, target: 96), chunkCount: 3), seam: seam,
      vocabularySize: 256, seed: 5)
    let batch = try builder.batch(step: 1, count: 6, progress: 0)
    for (sequence, layout) in batch.layouts.enumerated() {
      var random = RandomStream(seed: 5, path: [UInt64(sequence), 0])
      let text = builder.source.text(minimum: 32, wanted: 96, progress: 0, using: &random)
      let labels = batch.tokens.targets[sequence * 32..<(sequence + 1) * 32]
      for chunk in layout.chunks.dropLast() {
        let last = sequence * 32 + chunk.start + chunk.length - 1
        let expected =
          switch seam {
          case .kept: batch.tokens.tokens[last + 1]
          case .masked: TokenBatch.ignored
          case .trueNext: Int32(text[chunk.tokens.upperBound])
          }
        #expect(labels[last] == expected)
      }
      let masked = seam == .masked ? layout.chunks.count - 1 : 0
      #expect(labels.filter { $0 == TokenBatch.ignored }.count == 1 + masked)
    }
  }

  /// A run written before there were rules for seams and scripts is read as what it drew.
  @Test func olderRunsAreRead() throws {
    var settings = Self.settings
    settings.seam = .masked
    settings.script = [Chunk(start: 0, length: 32, skipBias: 0)]
    let json = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode(RunSettings.self, from: json) == settings)
    var fields = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    for added in ["split", "biases", "seam", "wantedMass", "script"] { fields[added] = nil }
    let older = try JSONSerialization.data(withJSONObject: fields)
    #expect(try JSONDecoder().decode(RunSettings.self, from: older) == Self.settings)
    fields["window"] = nil
    let broken = try JSONSerialization.data(withJSONObject: fields)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(RunSettings.self, from: broken) }
  }

  @Test func rulesAreInTheCommandThatRepeatsARun() {
    var settings = Self.settings
    settings.seam = .trueNext
    settings.wantedMass = [1, 2.5]
    settings.script = [Chunk(start: 0, length: 20, skipBias: 0), Chunk(start: 20, length: 12, skipBias: 40)]
    #expect(
      settings.command.hasSuffix("--seam true-next --wanted 1.0,2.5 --lengths 20,12 --skips 0,40 --offsets 0,0"))
    #expect(!Self.settings.command.contains("--seam"))
  }

  @Test func lossFallsAndReachGrows() throws {
    let training = try run()
    var losses: [Double] = []
    while training.stepCount < 30 { losses.append(try training.step().record.loss) }
    let (first, last) = (losses.prefix(5).reduce(0, +), losses.suffix(5).reduce(0, +))
    #expect(last < 0.8 * first)
    let after = try training.evaluate()
    #expect(training.before.lengths == [32, 64, 128])
    let (was, now) = (try #require(training.before.perplexity(at: 128)), try #require(after.perplexity(at: 128)))
    #expect(now < was / 2)
  }

  @Test func threadsDoNotShowInARun() throws {
    let (alone, together) = (try run(threads: 1), try run(threads: 2))
    for _ in 0..<3 { #expect(try alone.step().record.loss == together.step().record.loss) }
  }

  @Test func textsTooShortAreRefusedByName() throws {
    try inFolder { folder in
      try Data("too short for a window".utf8).write(to: URL(fileURLWithPath: folder + "/note.txt"))
      let corpus = try Corpus(paths: [folder + "/note.txt"])
      #expect(throws: CorpusError.tooShort(name: "note.txt", tokens: 22, needed: 32, method: "pose")) {
        try TrainingRun(
          Self.settings, model: TransformerModel(Self.configuration, seed: 1), source: corpus, threads: 1)
      }
    }
  }

  @Test func lengthsBeyondMemoryAreRefusedWithWhatWouldFit() throws {
    var settings = Self.settings
    settings.method = FullSampler.name
    settings.target = 1 << 32
    let error = #expect(throws: TransformerError.self) { try run(settings) }
    guard case .tooLarge(let length, let megabytes, let available, let fitting) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(length == 1 << 32 && megabytes > available && fitting < length)
  }

  @Test func batchesBeyondMemoryAreRefused() throws {
    var settings = Self.settings
    settings.batch = 1 << 40
    #expect(throws: TransformerError.self) { try run(settings) }
  }

  // MARK: - On disk

  @Test func aRunsFolderHoldsWhatTheContractSays() throws {
    try inFolder { parent in
      let training = try run()
      let folder = try RunFolder(creating: parent + "/run", settings: Self.settings, model: training.model)
      try folder.append(training.before)
      for _ in 0..<3 { try folder.append(training.step().record) }
      try folder.saveCheckpoint(of: training)
      try folder.saveCheckpoint(of: training)

      let text = try String(contentsOfFile: folder.path + "/metrics.jsonl", encoding: .utf8)
      let lines = try text.split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      #expect(lines.count == 4)
      #expect(Set(lines[0].keys) == ["step", "eval", "sample"])
      #expect(Set(lines[1].keys) == ["step", "loss", "grad_norm", "lr", "tokens", "seconds", "chunks"])
      let chunk = try #require((lines[1]["chunks"] as? [[String: Any]])?.first)
      #expect(Set(chunk.keys) == ["start", "length", "bias", "content"])
      #expect(lines[3]["tokens"] as? Int == 3 * 8 * 32)

      let json = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/run.json"))
      let run = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
      #expect(run["command"] as? String == Self.settings.command)
      // Only whole checkpoints are left, nothing half-written.
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
          == ["checkpoint", "metrics.jsonl", "run.json"])

      let loaded = try ModelFolder.load(folder.checkpointPath)
      #expect(loaded.configuration == training.model.configuration)
      #expect(loaded.parameters.floats.map(\.bitPattern) == training.model.parameters.floats.map(\.bitPattern))
    }
  }

  /// Steps after a change are the same whether the run went on or was stopped there and resumed with what it had come to.
  @Test func aChangedRunGoesOnAndResumesAlike() throws {
    try inFolder { folder in
      var wanted = Self.settings
      wanted.method = "randpos"
      wanted.scaling = "linear"
      wanted.target = 256
      wanted.learningRate = 2e-3
      wanted.batch = 99
      let training = try run()
      for _ in 0..<3 { _ = try training.step() }
      let before = training.settings
      let change = try #require(try training.change(to: wanted))
      #expect(change.step == 3)
      #expect(change.change == "sampler pose → randpos, T 128 → 256, scaling yarn → linear, rate 0.01 → 0.002")
      // What a run cannot take on stays.
      #expect(training.settings.batch == before.batch)
      #expect(training.model.configuration.maximumPositions == 256)
      #expect(try training.change(to: wanted) == nil)
      do {
        let written = try RunFolder(creating: folder + "/run", settings: before, model: training.model)
        try written.append(change)
        try written.describe(training.settings, model: training.model)
        try written.saveCheckpoint(of: training)
      }
      let resumed = try TrainingRun(
        training.settings, model: TransformerModel(Self.configuration, seed: 1),
        source: KeyValueTask(curriculum: false), threads: 1)
      let opened = try RunFolder(resuming: folder + "/run", resumed)
      #expect(opened.path == folder + "/run")
      for _ in 0..<3 { #expect(try training.step().record.loss == resumed.step().record.loss) }
      #expect(training.model.parameters.floats.elementsEqual(resumed.model.parameters.floats))
      #expect(try RunCatalog.run(at: folder + "/run").changes == [change])
    }
  }

  @Test func aChangeThatClashesLeavesTheRunAsItWas() throws {
    let training = try run()
    _ = try training.step()
    let before = training.settings
    var wanted = before
    wanted.chunks = 1000
    #expect(throws: PositionError.self) { try training.change(to: wanted) }
    #expect(training.settings == before)
    _ = try training.step()
  }

  /// Six steps in one go, and four, a stop, and the rest: the same bits in the model, the moments and the metrics.
  @Test func aResumedRunIsTheUninterruptedOne() throws {
    try inFolder { parent in
      func steps(_ training: TrainingRun, _ folder: RunFolder, to last: Int) throws {
        while training.stepCount < last { try folder.append(training.step().record) }
        try folder.saveCheckpoint(of: training)
      }
      let whole = try run()
      try steps(whole, RunFolder(creating: parent + "/whole", settings: Self.settings, model: whole.model), to: 6)

      let first = try run()
      // In a scope of its own, as a process: what holds the folder lets go of it.
      do {
        let folder = try RunFolder(creating: parent + "/parts", settings: Self.settings, model: first.model)
        try steps(first, folder, to: 4)
        // Steps behind the checkpoint are lost with a kill; their metrics must not stay.
        try folder.append(first.step().record)
      }
      let second = try run(threads: 2)
      try steps(second, RunFolder(resuming: parent + "/parts", second), to: 6)

      for name in ["model.safetensors", "trainer.safetensors", "config.json"] {
        let (a, b) = ("\(parent)/whole/checkpoint/\(name)", "\(parent)/parts/checkpoint/\(name)")
        #expect(FileManager.default.contentsEqual(atPath: a, andPath: b), "\(name)")
      }
      func losses(_ name: String) throws -> [Double] {
        try String(contentsOfFile: "\(parent)/\(name)/metrics.jsonl", encoding: .utf8).split(separator: "\n").compactMap
        {
          (try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["loss"] as? Double
        }
      }
      #expect(try losses("whole") == losses("parts"))
      #expect(try losses("whole").count == 6)
    }
  }

  @Test func anotherRunsCheckpointIsNotResumed() throws {
    try inFolder { parent in
      let training = try run()
      var folder: RunFolder? = try RunFolder(
        creating: parent + "/run", settings: Self.settings, model: training.model)
      let none = #expect(throws: RunFolder.Failure.self) { try RunFolder(resuming: parent + "/run", training) }
      #expect(none?.description.contains("it holds no checkpoint") == true)
      try folder?.saveCheckpoint(of: training)
      folder = nil
      var other = Self.settings
      other.seed = 99
      let error = #expect(throws: RunFolder.Failure.self) {
        try RunFolder(resuming: parent + "/run", try run(other))
      }
      #expect(error?.description.contains("its settings differ") == true)
    }
  }

  /// Somebody copies a file of another model over the checkpoint's: a sentence that names it.
  @Test(arguments: ["model.safetensors", "trainer.safetensors"])
  func aCheckpointOfAnotherShapeIsNotResumed(name: String) throws {
    try inFolder { parent in
      var other = Self.configuration
      other.hiddenSize *= 2
      for (path, configuration) in [("run", Self.configuration), ("other", other)] {
        let training = try TrainingRun(
          Self.settings, model: TransformerModel(configuration, seed: 1), source: KeyValueTask(curriculum: false),
          threads: 1)
        try RunFolder(creating: "\(parent)/\(path)", settings: Self.settings, model: training.model)
          .saveCheckpoint(of: training)
      }
      let path = parent + "/run/checkpoint/" + name
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: parent + "/other/checkpoint/" + name, toPath: path)
      let error = #expect(throws: ModelFileError.self) { try RunFolder(resuming: parent + "/run", run()) }
      #expect(error?.description.hasPrefix("\(path): tensor ") == true)
      #expect(error?.description.contains("it must be [") == true)
    }
  }

  /// However many start at once, one has the folder, and nobody writes over what it wrote.
  @Test func ofManyThatStartAtOnceOneHasTheFolder() throws {
    try inFolder { parent in
      for round in 1...20 {
        let path = "\(parent)/run-\(round)"
        let holders = Mutex(0)
        let told = Mutex<[RunFolder.Failure]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { number in
          var settings = Self.settings
          settings.seed = UInt64(number)
          do {
            let folder = try RunFolder(
              creating: path, settings: settings, model: TransformerModel(Self.configuration, seed: 1))
            try folder.append(RunChange(step: number, from: Self.settings, to: settings))
            holders.withLock { $0 += 1 }
          } catch let failure as RunFolder.Failure {
            told.withLock { $0.append(failure) }
          } catch {
            Issue.record(error)
          }
        }
        #expect(holders.withLock { $0 } == 1)
        let answers: [RunFolder.Failure] = [.inUse(path: path), .occupied(path: path)]
        #expect(told.withLock { $0.count == 7 && $0.allSatisfy(answers.contains) })
        let written = try RunCatalog.run(at: path)
        #expect(written.changes.map(\.step) == [Int(written.settings.seed)])
      }
    }
  }

  @Test func aFolderWithARunIsNotWrittenOver() throws {
    try inFolder { parent in
      let model = try TransformerModel(Self.configuration, seed: 1)
      _ = try RunFolder(creating: parent + "/run", settings: Self.settings, model: model)
      #expect(throws: RunFolder.Failure.occupied(path: parent + "/run")) {
        try RunFolder(creating: parent + "/run", settings: Self.settings, model: model)
      }
    }
  }

  @Test func theCommandIsQuotedForAShell() {
    var settings = Self.settings
    settings.model = "my model's folder"
    settings.texts = ["a.txt", "$(rm)"]
    #expect(settings.command.contains("--model 'my model'\\''s folder' --text a.txt --text '$(rm)'"))
  }

  // MARK: - Sessions

  /// What a session tells until a condition holds; fails after a minute.
  private func news(
    _ session: TrainingSession, until isEnough: (SessionNews) -> Bool
  ) throws -> SessionNews {
    var all = SessionNews(phase: .loading)
    let patience = ContinuousClock.now + .seconds(60)
    while !isEnough(all) {
      guard ContinuousClock.now < patience else {
        Issue.record("the session said no more than \(all.phase), \(all.steps.count) steps")
        return all
      }
      let new = session.takeNews()
      all.phase = new.phase
      all.subject = new.subject ?? all.subject
      all.steps += new.steps
      all.attention = new.attention ?? all.attention
      all.layouts = new.layouts ?? all.layouts
      usleep(1000)
    }
    return all
  }

  private func session(_ settings: RunSettings, _ folder: String) -> TrainingSession {
    TrainingSession(
      SessionRequest(settings: settings, folder: folder, threads: 1), newsArrived: EventDescriptor())
  }

  @Test func aSessionObeysItsCommands() throws {
    try inFolder { parent in
      try ModelFolder.save(try TransformerModel(Self.configuration, seed: 1), to: parent + "/model")
      var settings = Self.settings
      settings.model = parent + "/model"
      let session = session(settings, parent + "/run")
      let ready = try news(session) { $0.phase == .paused }
      #expect(ready.layouts?.count == 8)
      #expect(ready.subject?.parameterCount == ParameterLayout(Self.configuration).parameterCount)

      session.send(.step(2))
      #expect(try news(session) { $0.phase == .paused && $0.steps.count == 2 }.steps.map(\.step) == [1, 2])
      session.send(.observe(.init(layer: 1, head: 1)))
      let view = try #require(try news(session) { $0.attention != nil }.attention)
      #expect(view.map.layer == 1 && view.map.head == 1 && view.map.tokens == 32)
      for query in 0..<32 {
        let row = view.map.weights[query * 32..<(query + 1) * 32]
        #expect(abs(row.reduce(0, +) - 1) < 1e-5)
        #expect(row.dropFirst(query + 1).allSatisfy { $0 == 0 })
      }
      session.send(.run)
      _ = try news(session) { $0.phase == .finished }
      session.send(.stop)
      let patience = ContinuousClock.now + .seconds(60)
      while !session.isEnded, ContinuousClock.now < patience { usleep(1000) }
      #expect(session.isEnded)
      #expect(try ModelFolder.load(parent + "/run/checkpoint").configuration.maximumPositions == 128)
    }
  }

  /// A session that takes up a run has told all that the run told, and goes on with the same bits.
  @Test func aSessionTakesUpARunWhereItWasLeft() throws {
    try inFolder { parent in
      try ModelFolder.save(try TransformerModel(Self.configuration, seed: 1), to: parent + "/model")
      var settings = Self.settings
      settings.model = parent + "/model"
      func taken(_ session: TrainingSession, _ steps: Int) throws -> [Double] {
        session.send(.step(steps))
        let losses = try news(session) { $0.phase != .running && $0.steps.count >= steps }.steps.map(\.loss)
        session.send(.stop)
        let patience = ContinuousClock.now + .seconds(60)
        while !session.isEnded, ContinuousClock.now < patience { usleep(1000) }
        return losses
      }
      let whole = try taken(session(settings, parent + "/whole"), 5)
      let first = try taken(session(settings, parent + "/run"), 3)
      let request = SessionRequest(settings: settings, folder: parent + "/run", threads: 1, resumes: true)
      let again = TrainingSession(request, newsArrived: EventDescriptor())
      let told = try news(again) { $0.phase == .paused && $0.subject != nil }
      #expect(told.steps.map(\.loss) == first && told.steps.map(\.step) == [1, 2, 3])
      #expect(told.subject?.folder == parent + "/run")
      #expect(first + (try taken(again, 2)) == whole)
      #expect(try RunCatalog.run(at: parent + "/run").steps.map(\.loss) == whole)
    }
  }

  @Test func aRunWithoutACheckpointCannotBeTakenUp() throws {
    try inFolder { parent in
      try ModelFolder.save(try TransformerModel(Self.configuration, seed: 1), to: parent + "/model")
      var settings = Self.settings
      settings.model = parent + "/model"
      let request = SessionRequest(settings: settings, folder: parent + "/none", threads: 1, resumes: true)
      let session = TrainingSession(request, newsArrived: EventDescriptor())
      let failed = try news(session) { if case .failed = $0.phase { true } else { false } }
      #expect(failed.phase == .failed("cannot resume \(parent)/none: it holds no checkpoint"))
      session.send(.stop)
    }
  }

  /// What it writes is what a decoder writes; a fact is asked for where the text has facts.
  @Test func whatIsWrittenIsTheLikeliest() throws {
    let model = try TransformerModel(Self.configuration, seed: 1)
    let prompt = SamplePrompt(tokens: [65, 66, 67], expected: "x", distance: 2)
    let sample = try prompt.continued(by: model)
    let decoder = CachedDecoder(model, capacity: 3)
    var likeliest: Int32 = 0
    for token in prompt.tokens {
      likeliest = TokenSampling().next(try decoder.read(token), using: &Self.anyRandom)
    }
    #expect(sample.prompt == "ABC" && sample.read == 3 && sample.text.count == 48)
    #expect(sample.text.hasPrefix(ByteTokenizer().line([likeliest])))
    #expect(sample.isRight == sample.text.hasPrefix("x"))

    var random = RandomStream(seed: 1)
    let asked = try #require(KeyValueTask(curriculum: false).prompt(length: 200, using: &random))
    let text = ByteTokenizer().line(asked.tokens)
    let (fact, distance) = (try #require(asked.expected), try #require(asked.distance))
    #expect(asked.tokens.count == 200 && fact.count == 5 && text.hasSuffix(" holds "))
    #expect(String(text.dropFirst(200 - distance)).hasPrefix(fact))
    #expect(RecallTask().prompt(length: 64, using: &random) == nil)
  }

  private static var anyRandom: RandomStream {
    get { RandomStream(seed: 0) }
    set {}
  }

  @Test func aSessionThatCannotOpenSaysWhy() throws {
    try inFolder { parent in
      var settings = Self.settings
      settings.model = parent + "/nothing"
      let session = session(settings, parent + "/run")
      let failed = try news(session) { if case .failed = $0.phase { true } else { false } }
      #expect(failed.phase == .failed("cannot read \(parent)/nothing/config.json: there is no such file"))
      session.send(.stop)
      #expect(!FileManager.default.fileExists(atPath: parent + "/run"))
    }
  }

  /// What is kept of a run grows with the logarithm of its steps, and follows from the step alone.
  @Test(arguments: [(100_000, 100_000), (1_000_000, 190_000), (10_000_000, 280_000)])
  func longRunsKeepFewerSteps(count: Int, kept: Int) {
    let record = { StepRecord(step: $0, loss: 1, gradNorm: 1, lr: 1, tokens: 1, seconds: 1, chunks: []) }
    #expect((1...count).count { record($0).isKept } == kept)
    #expect(record(Int(Int32.max)).isKept == false && record(2_000_000_000).isKept)
  }

  /// What a run from nothing writes tells its shape: the command repeats it, and its settings open it.
  @Test func aRunFromNothingTellsItsShape() throws {
    var settings = RunSettings(window: 16, target: 16)
    settings.method = "contiguous"
    settings.scaling = "none"
    settings.batch = 2
    #expect(throws: InstallationError.unnamed) { try settings.open(threads: 1) }
    settings.fresh = FreshModel(width: 16, layers: 2, heads: 4, keyValueHeads: 2, hidden: 24)
    #expect(
      settings.command.hasPrefix(
        "skipwise pretrain --task keys --width 16 --layers 2 --heads 4 --kv-heads 2 --hidden 24 --win"))
    let shape = try settings.open(threads: 1).model.configuration
    #expect((shape.hiddenSize, shape.layerCount, shape.headCount) == (16, 2, 4))
    #expect((shape.keyValueHeadCount, shape.intermediateSize, shape.maximumPositions) == (2, 24, 16))
    let told = try JSONDecoder().decode(RunSettings.self, from: JSONEncoder().encode(settings))
    #expect(told == settings)
    var earlier = settings
    earlier.fresh = nil
    #expect(settings.continues(earlier))
    earlier.fresh = FreshModel(width: 32, layers: 2, heads: 4, keyValueHeads: 2, hidden: 24)
    #expect(!settings.continues(earlier))
    // Heads that do not divide the width are no shape.
    earlier.fresh?.heads = 3
    let bent = try JSONEncoder().encode(earlier)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(RunSettings.self, from: bent) }
  }
}
