import FineTuning
import Positions

/// What a lesson shows and its knobs turn. A value: going back is having the old one.
public struct LessonStage: Equatable, Sendable {
  /// L and T.
  public internal(set) var window = 2048
  public internal(set) var target = 16_384
  /// One example, laid out by hand.
  public internal(set) var chunks = [Chunk(start: 0, length: 2048, skipBias: 0)]
  var content = ContentRule.aligned
  var sampler = "pose"
  var chunkCount = 2
  var scaling = "none"
  /// nil is T / L.
  var factor: Double?
  /// Positions of the query and the key, and where they stood when the step began.
  var query = 0
  var key = 0
  var start = Pair(query: 0, key: 0)
  var pair = 63
  var distance = 8192
  var document = 32_768
  var cell = Pair(query: 0, key: 0)
  var context = 131_072
  var guess: Double?
  /// Examples drawn one by one, and what they met.
  var drawn = 0
  var met: CoverageEstimate?
  var figure = LessonFigure.lanes
  var covered: Set<LessonPart> = []
  var marks: [Mark] = []
  var knobs: [LessonKnob] = []
  /// Which knob the arrows turn.
  var knob = 0
  var run: LessonRun?
  /// What Space trains here.
  var training: RunSettings?
  var seed: UInt64
  /// What is broken on purpose, to see whether the lesson notices.
  var fault: LessonFault?

  /// A query and a key.
  struct Pair: Equatable, Sendable {
    var query: Int
    var key: Int
  }

  struct Mark: Equatable, Sendable {
    var range: ClosedRange<Int>
    var label: String
  }

  init(seed: UInt64) { self.seed = seed }

  /// The example as a layout.
  var layout: PositionLayout? {
    guard let window = try? TokenWindow(training: window, target: target) else { return nil }
    var chunks = chunks
    if fault == .noSkip { for index in chunks.indices { chunks[index].skipBias = 0 } }
    if fault == .swappedChunks, chunks.count > 1 {
      let lengths = chunks.map(\.length).reversed()
      var start = 0
      for (index, length) in lengths.enumerated() {
        (chunks[index].start, chunks[index].length) = (start, length)
        start += length
      }
    }
    return PositionLayout(window: window, arrangement: .chunks(chunks))
  }

  /// The settings of a run whose sampler draws what the lesson talks about.
  func settings(chunks count: Int? = nil, sampler name: String? = nil) -> RunSettings {
    var settings = RunSettings(window: window, target: target)
    settings.method = name ?? sampler
    settings.chunks = count ?? chunkCount
    settings.seed = seed
    return settings
  }
}

/// Ways to break what lessons teach: a lesson that goes through with all of them tests nothing.
public enum LessonFault: String, CaseIterable, Sendable {
  case noSkip = "skip biases are 0"
  case coverageOff = "coverage is off by one distance"
  case swappedChunks = "chunks change places"
  case flippedRotation = "rotation turns the wrong way"
  case linearCost = "cost grows linearly"
  case swappedTable = "the paper's columns are swapped"
  case nothingLearned = "training changes nothing"
  case evenAttention = "attention is spread evenly"
}

extension LessonStage {
  /// Carries a command out.
  ///
  /// - Throws: `StageCommand.Problem` for a value that cannot be set.
  mutating func perform(_ command: StageCommand, runs: [String: LessonRun]) throws(StageCommand.Problem) {
    switch command {
    case .set(let setting, let values): try set(setting, values)
    case .show(let figure):
      self.figure = figure
      marks = []
    case .cover(let part): covered.insert(part)
    case .uncover(let part): covered.remove(part)
    case .mark(let range, let label): marks.append(Mark(range: range, label: label))
    case .knobs(let knobs):
      self.knobs = knobs
      knob = 0
    case .draw(let count): draw(count)
    case .play(let name):
      guard let run = runs[name] else {
        let known = runs.keys.sorted().joined(separator: ", ")
        throw .init(sentence: "there is no recorded run '\(name)'; the lesson has \(known.isEmpty ? "none" : known)")
      }
      self.run = run
    case .train(let words):
      training = try Self.settings(words)
      run = nil
    }
  }

  private mutating func set(_ setting: StageCommand.Setting, _ values: [String]) throws(StageCommand.Problem) {
    func refuse(_ what: String) -> StageCommand.Problem {
      .init(sentence: "set \(setting.rawValue) is '\(values.joined(separator: " "))'; it must be \(what)")
    }
    func integers(_ range: ClosedRange<Int>) throws(StageCommand.Problem) -> [Int] {
      let numbers = values.map { Int($0) }
      guard numbers.allSatisfy({ $0.map(range.contains) ?? false }) else {
        throw refuse("whole numbers from \(range.lowerBound) to \(range.upperBound)")
      }
      return numbers.compactMap { $0 }
    }
    func word(_ known: [String]) throws(StageCommand.Problem) -> String {
      guard known.contains(values[0]) else { throw refuse("one of \(known.joined(separator: ", "))") }
      return values[0]
    }
    switch setting {
    case .window:
      window = try integers(2...(1 << 16))[0]
      chunks = [Chunk(start: 0, length: window, skipBias: 0)]
    case .target: target = try integers(window...(1 << 20))[0]
    case .chunks:
      let lengths = try integers(1...window)
      guard lengths.reduce(0, +) == window else { throw refuse("lengths that add up to Lc = \(window)") }
      chunks = PositionLayout.chunks(lengths: lengths)
    case .skip:
      let biases = try integers(0...max(target - window, 0))
      guard biases.count == chunks.count, biases == biases.sorted() else {
        throw refuse("a bias a chunk, \(chunks.count) in all, none smaller than the one before")
      }
      for index in chunks.indices { chunks[index].skipBias = biases[index] }
    case .content:
      if let rule = ContentRule(rawValue: values[0]) {
        content = rule
        for index in chunks.indices { chunks[index].contentOffset = rule == .aligned ? chunks[index].skipBias : 0 }
        return
      }
      let offsets = try integers(0...(1 << 24))
      guard offsets.count == chunks.count else { throw refuse("a rule, or an offset a chunk") }
      content = .random
      for index in chunks.indices { chunks[index].contentOffset = offsets[index] }
    case .sampler: sampler = try word(SamplerRegistry.names)
    case .chunkCount: chunkCount = try integers(1...window)[0]
    case .scaling: scaling = try word(ScalingRegistry.names)
    case .factor:
      guard let value = Double(values[0]), (1...1024).contains(value) else { throw refuse("a number from 1 to 1024") }
      factor = value
    case .query:
      query = try integers(0...(1 << 20))[0]
      start.query = query
    case .key:
      key = try integers(0...(1 << 20))[0]
      start.key = key
    case .slide:
      let change = try integers(0...(1 << 16))[0]
      (query, key) = (query + change, key + change)
    case .pair: pair = try integers(0...63)[0]
    case .distance: distance = try integers(0...(target - 1))[0]
    case .document: document = try integers(1...(1 << 24))[0]
    case .cell:
      let place = try integers(0...(1 << 16))
      guard place.count == 2, place[1] <= place[0] else { throw refuse("a query and a key that is not after it") }
      cell = Pair(query: place[0], key: place[1])
    case .context: context = try integers(1...(1 << 24))[0]
    case .guess:
      guard let value = Double(values[0]), value.isFinite else { throw refuse("a number") }
      guess = value
    }
  }

  private mutating func draw(_ count: Int) {
    var estimate = met ?? CoverageEstimate(seam: .kept)
    guard let drawer = try? settings().sampler() else { return }
    estimate.draw(count, from: drawer, seed: seed)
    drawn += count
    met = estimate
  }

  /// `base=keys method=pose …`: names and values as the command line has them.
  private static func settings(_ words: [String]) throws(StageCommand.Problem) -> RunSettings {
    var settings = RunSettings()
    for word in words {
      let halves = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard halves.count == 2 else { throw .init(sentence: "train takes NAME=VALUE, not '\(word)'") }
      if halves[0] == "base" {
        guard let base = BaseModel.named(halves[1]) else {
          throw .init(sentence: "there is no base model '\(halves[1])'; known are \(BaseModel.names)")
        }
        (settings.model, settings.window) = (base.name, base.window)
        settings.target = 8 * base.window
        continue
      }
      guard let command = Prompt.commands.first(where: { $0.name == halves[0] && $0.name != "go" }) else {
        throw .init(sentence: "train knows no '\(halves[0])'")
      }
      if let problem = command.apply(halves[1], &settings) { throw .init(sentence: problem) }
    }
    return settings
  }
}

extension PositionLayout {
  /// Neighbouring chunks without skips.
  fileprivate static func chunks(lengths: [Int]) -> [Chunk] {
    var start = 0
    return lengths.map { length in
      defer { start += length }
      return Chunk(start: start, length: length, skipBias: 0)
    }
  }
}
