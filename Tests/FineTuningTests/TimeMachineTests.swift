import Foundation
import Positions
import Testing

@testable import FineTuning
@testable import Transformer

/// Going back to steps that were taken, and forward again.
@Suite struct TimeMachineTests {
  private static let settings: RunSettings = {
    var settings = RunSettings(window: 32, target: 128)
    (settings.task, settings.steps, settings.batch, settings.warmup) = ("recall", 30, 4, 2)
    settings.evaluateEvery = 10
    return settings
  }()

  private static let configuration = TransformerConfiguration(
    vocabularySize: 256, hiddenSize: 32, intermediateSize: 64, layerCount: 1, headCount: 2, maximumPositions: 32)

  private func run(_ settings: RunSettings = settings) throws -> TrainingRun {
    try TrainingRun(
      settings, model: TransformerModel(Self.configuration, seed: 1), source: settings.source(), threads: 1)
  }

  @Test func aMomentGoneBackToHasTheSameSteps() throws {
    let training = try run()
    for _ in 0..<3 { _ = try training.step() }
    let moment = training.moment
    let first = try (0..<4).map { _ in try training.step().record.loss }
    let end = training.moment.engine
    try training.restore(moment)
    #expect(training.stepCount == 3)
    #expect(try (0..<4).map { _ in try training.step().record.loss } == first)
    #expect(training.moment.engine == end)
  }

  @Test func aMomentBringsItsSettingsBack() throws {
    let training = try run()
    _ = try training.step()
    let moment = training.moment
    var other = Self.settings
    (other.method, other.scaling) = ("randpos", "linear")
    _ = try training.change(to: other)
    _ = try training.step()
    try training.restore(moment)
    #expect(training.settings == Self.settings)
    #expect(training.model.scaling.name == "yarn")
  }

  /// However many steps are taken, the moments stay within their room, and the first and the newest are among them.
  @Test(arguments: [2, 3, 5, 9])
  func theHistoryIsBounded(room: Int) throws {
    let training = try run()
    let bytes = training.engine.momentBytes
    var history = RunHistory(momentBytes: bytes, byteLimit: room * bytes)
    history.keep(training.moment, isChange: true)
    var interval = history.interval
    for step in 1...25 {
      _ = try training.step()
      history.take(step: step) { training.moment }
      #expect(history.moments.count <= room)
      #expect(history.interval >= interval)
      interval = history.interval
      #expect(history.moments.map(\.step) == history.moments.map(\.step).sorted())
    }
    #expect(history.tip == 25)
    for step in history.earliest...25 { #expect(try #require(history.moment(through: step)).step <= step) }
  }

  @Test func aModelTooLargeForItHasNoHistory() throws {
    let training = try run()
    var history = RunHistory(momentBytes: training.engine.momentBytes, byteLimit: training.engine.momentBytes)
    history.keep(training.moment)
    history.take(step: 10) { training.moment }
    #expect(history.moments.isEmpty)
    #expect(history.earliest == history.tip)
  }

  // MARK: - Sessions

  private func inSession(_ body: (TrainingSession, _ folder: String) throws -> Void) throws {
    let parent = NSTemporaryDirectory() + "time-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: parent) }
    try ModelFolder.save(try TransformerModel(Self.configuration, seed: 1), to: parent + "/model")
    var settings = Self.settings
    settings.model = parent + "/model"
    let session = TrainingSession(
      SessionRequest(settings: settings, folder: parent + "/run", threads: 1), newsArrived: EventDescriptor())
    try body(session, parent + "/run")
    session.send(.stop)
    try wait { session.isEnded }
  }

  private func wait(_ isTrue: () -> Bool) throws {
    let patience = ContinuousClock.now + .seconds(60)
    while !isTrue() {
      try #require(ContinuousClock.now < patience, "it took longer than a minute")
      usleep(1000)
    }
  }

  /// Everything that is told until it will do.
  private func news(_ session: TrainingSession, _ isEnough: (SessionNews) -> Bool) throws -> SessionNews {
    var all = SessionNews(phase: .loading)
    try wait {
      let new = session.takeNews()
      all.phase = new.phase
      all.steps += new.steps
      all.changes += new.changes
      all.subject = new.subject ?? all.subject
      all.layouts = new.layouts ?? all.layouts
      all.attention = new.attention ?? all.attention
      all.arrival = new.arrival ?? all.arrival
      all.saved = new.saved ?? all.saved
      all.forgottenAfter = new.forgottenAfter ?? all.forgottenAfter
      return isEnough(all)
    }
    return all
  }

  private func losses(_ folder: String) throws -> [Double] {
    try String(contentsOfFile: folder + "/metrics.jsonl", encoding: .utf8).split(separator: "\n").compactMap {
      (try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["loss"] as? Double
    }
  }

  @Test func lookingBackChangesNothing() throws {
    try inSession { session, folder in
      session.send(.observe(.init(layer: 0, head: 1)))
      session.send(.step(13))
      let live = try news(session) { $0.attention?.step == 13 && $0.phase == .paused }
      session.send(.step(10))
      _ = try news(session) { $0.phase == .paused && $0.attention?.step == 23 }
      session.send(.go(to: 13))
      let back = try news(session) { $0.arrival?.asked == 13 && $0.attention != nil }
      #expect(back.arrival?.step == 13)
      #expect(back.attention == live.attention)
      #expect(back.layouts == live.layouts)
      // A step taken again is told as one, and not written a second time.
      session.send(.step(1))
      #expect(try news(session) { $0.arrival?.step == 14 }.steps.isEmpty)
      #expect(try losses(folder).count == 23)
      // A model of the step that is looked at, and a checkpoint of the newest one.
      session.send(.saveModel)
      #expect(try news(session) { $0.saved != nil }.saved?.folder == folder + "/step-14")
      session.send(.save)
      #expect(try news(session) { $0.saved != nil }.saved?.step == 23)
      let checkpoint = try String(contentsOfFile: folder + "/checkpoint/trainer.json", encoding: .utf8)
      #expect(checkpoint.contains("\"step\" : 23"))
      session.send(.run)
      _ = try news(session) { $0.phase == .finished }
      let straight = try run()
      let expected = try (0..<30).map { _ in try straight.step().record.loss }
      let told = try losses(folder)
      #expect(told.count == 30)
      // Reading a number from JSON may lose its last bit; the weights have to have them all.
      #expect(zip(told, expected).allSatisfy { abs($0 - $1) < 1e-12 })
      let end = try ModelFolder.load(folder + "/checkpoint")
      for tensor in end.layout.tensors { #expect(end.values(of: tensor) == straight.model.values(of: tensor)) }
    }
  }

  @Test func aChangeInThePastForgetsWhatFollowed() throws {
    try inSession { session, folder in
      session.send(.step(12))
      let begun = try news(session) { $0.phase == .paused && $0.steps.last?.step == 12 }
      let subject = try #require(begun.subject)
      session.send(.go(to: 7))
      _ = try news(session) { $0.arrival?.step == 7 }
      var other = subject.settings
      other.method = "randpos"
      session.send(.change(other))
      #expect(try news(session) { !$0.changes.isEmpty }.forgottenAfter == 7)
      #expect(try losses(folder).count == 7)
      session.send(.step(1))
      #expect(try news(session) { !$0.steps.isEmpty }.steps.map(\.step) == [8])
      // Before the change the old sampler draws.
      session.send(.go(to: 5))
      let before = try news(session) { $0.arrival?.step == 5 }
      #expect(before.layouts?.first?.chunks.count == 2)
    }
  }

  @Test func beyondTheNewestStepIsTheNewestStep() throws {
    try inSession { session, _ in
      session.send(.step(4))
      _ = try news(session) { $0.phase == .paused && $0.steps.last?.step == 4 }
      session.send(.go(to: 99))
      #expect(try news(session) { $0.arrival != nil }.arrival?.step == 4)
      session.send(.go(to: -3))
      #expect(try news(session) { $0.arrival != nil }.arrival?.step == 0)
    }
  }
}
