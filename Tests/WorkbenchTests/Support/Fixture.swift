import Canvas
import Foundation
import Positions

@testable import FineTuning
@testable import Transformer
@testable import Workbench

/// States to test on: made of values, without a thread, a file or a clock.
enum Fixture {
  static let settings: RunSettings = {
    var settings = RunSettings(model: "base", window: 128, target: 1024)
    settings.seed = 7
    return settings
  }()

  static let configuration = TransformerConfiguration(
    vocabularySize: 256, hiddenSize: 128, intermediateSize: 352, layerCount: 3, headCount: 4, maximumPositions: 128)

  static func state(_ size: Size = Size(80, 24), screen: Screen = .positions) -> WorkbenchState {
    var state = WorkbenchState(
      settings: settings, size: size, themeNames: ["dark", "light"], themeName: "dark")
    state.screen = screen
    return state
  }

  /// Presses keys by their names, with spaces between.
  static func press(_ keys: String, _ state: inout WorkbenchState) {
    for key in keys.split(separator: " ") {
      _ = reduce(&state, .key(KeyPress(named: String(key)) ?? .character("?")))
    }
  }

  /// A session's first news: the model is loaded, nothing is trained.
  static func ready() throws -> SessionNews {
    var news = SessionNews(phase: .paused)
    news.subject = SessionNews.Subject(
      settings: settings, configuration: configuration, parameterCount: 635_776, sourceName: "keys", threads: 2,
      folder: "runs/one")
    news.layouts = try layouts()
    news.evaluations = [evaluation(step: 0, [1.4, 142, 311, 511], writes: "33333. the lantern")]
    news.productPeak = 183
    return news
  }

  /// Perplexities at four context sizes, and what the model writes when it is asked for a fact.
  private static func evaluation(step: Int, _ perplexities: [Double], writes text: String) -> EvaluationRecord {
    var record = EvaluationRecord(step: step, lengths: [128, 256, 512, 1024], perplexities: perplexities)
    record.sample = WrittenSample(
      read: 256,
      prompt: "the river passes the harbour. the engine remembers the meadow. the miller watches. copper holds ",
      text: text, expected: "58895", distance: 208)
    return record
  }

  static func layouts() throws -> [PositionLayout] {
    let sampler = try SamplerRegistry.sampler(named: settings.method, settings.samplerSettings())
    return (0..<settings.batch).map { sampler.layout(seed: settings.seed, example: $0) }
  }

  /// News of steps whose loss falls, with noise and one spike.
  static func steps(_ range: ClosedRange<Int>, phase: SessionNews.Phase = .running) throws -> SessionNews {
    var news = SessionNews(phase: phase)
    news.steps = range.map { step in
      let noise = 0.08 * sin(Double(step) * 12.9898)
      let spike = step == 60 ? 0.9 : 0
      return StepRecord(
        step: step, loss: 0.6 + 1.4 * exp(-Double(step) / 15) + noise + spike, gradNorm: 0.2 + 1 / Double(step),
        lr: 1e-3, tokens: step * 4096, seconds: Double(step) * 0.125, chunks: [])
    }
    news.layouts = try layouts()
    news.evaluations = [
      evaluation(step: range.upperBound / 4, [1.9, 12, 20, 31], writes: "50000. the lantern"),
      evaluation(step: range.upperBound / 2, [1.6, 1.9, 2.4, 3.1], writes: "58885. the river"),
      evaluation(step: range.upperBound, [1.42, 1.48, 1.36, 1.4], writes: "58895. the market watches the valley. "),
    ]
    return news
  }

  /// A head that looks at its own token, at the one before, and at the same place of the chunk before.
  static func attention() throws -> SessionNews {
    let layout = try layouts()[0]
    let tokens = layout.tokenCount
    let seam = layout.chunks[1].start
    var weights = [Float](repeating: 0, count: tokens * tokens)
    for query in 0..<tokens {
      for key in 0...query {
        let near = exp(-Float(query - key) / 3)
        let far: Float = query >= seam && key == (query - seam) % seam ? 2 : 0
        weights[query * tokens + key] = near + far + 0.01
      }
      let sum = weights[query * tokens..<(query + 1) * tokens].reduce(0, +)
      for key in 0...query { weights[query * tokens + key] /= sum }
    }
    // Some heads look at everything alike.
    let even = (0..<tokens * tokens).map { $0 % tokens <= $0 / tokens ? 1 / Float($0 / tokens + 1) : 0 }
    let text = Array("the river passes the harbour. amber holds 48213. ".utf8)
    var news = SessionNews(phase: .paused)
    let map = Inference.AttentionMap(layer: 1, head: 2, tokens: tokens, weights: weights)
    let heads = (0..<12).map { index in
      let weights = index % 2 == 0 ? weights : even
      return HeadSketch(
        Inference.AttentionMap(layer: index / 4, head: index % 4, tokens: tokens, weights: weights), layout)
    }
    news.attention = SessionNews.AttentionView(
      step: 80, map: map, layout: layout, tokens: (0..<tokens).map { Int32(text[$0 % text.count]) }, heads: heads)
    return news
  }

  /// The position lab in use: PoSE and RandPos pinned, three chunks shown, five examples drawn, the cursor at a distance.
  static func lab(_ size: Size) throws -> WorkbenchState {
    var state = state(size)
    _ = reduce(&state, .news(try ready()))
    func press(_ keys: String) {
      for character in keys { _ = reduce(&state, .key(.character(character))) }
      let request = state.explorer.surveyRequest
      guard state.explorer.survey?.request != request else { return }
      _ = reduce(
        &state, .survey(DistanceSurvey.conducted(SurveyRequest(request.settings, samples: 300)).asked(request)))
    }
    for keys in ["a", "b", "a", "B", "c", "nnnn"] { press(keys) }
    state.explorer.view.place(cursor: 400, target: 1024)
    return state
  }

  /// The state of a run of 80 steps, with an attention map.
  static func trained(_ size: Size = Size(80, 24), screen: Screen = .train) throws -> WorkbenchState {
    var state = state(size, screen: screen)
    for news in [try ready(), try steps(1...80), try attention()] { _ = reduce(&state, .news(news)) }
    _ = reduce(&state, .news(SessionNews(phase: .running)))
    _ = reduce(&state, .evaluations(measured))
    _ = reduce(&state, .runs(runs))
    if screen == .learn { state.open(try Lesson(parsing: LessonTests.text, file: "example"), isPresenting: false) }
    return state
  }

  /// The base model measured, and a run being measured.
  static var measured: [EvaluationNews] {
    let lengths = [128, 256, 512, 1024]
    func table(_ measure: String, _ columns: [Int], _ values: [Double?]) -> EvaluationResult {
      EvaluationResult(measure: measure, columns: columns, rows: [0], values: [values])
    }
    func needle(_ values: [[Double?]]) -> EvaluationResult {
      EvaluationResult(measure: "needle", columns: lengths, rows: [0, 0.5, 1], values: values)
    }
    var base = EvaluationNews(EvaluationRequest(label: "base model", folder: "base", settings: settings))
    base.phase = .finished
    base.results = [
      table("perplexity", lengths, [1.42, 113, 391, 315]), table("passkey", lengths, [1, 0.05, 0, 0]),
      table("position", [128, 256, 512, 1024], [1.42, 900, 1200, 1100]),
      needle([[1, 0, 0, 0], [1, 0, 0, 0], [1, 0.2, 0, 0]]), table("distance", [32, 128, 512, 984], [8, 11, 13, 14]),
    ]
    var tuned = EvaluationNews(EvaluationRequest(label: "pose yarn, step 80", folder: "runs/one", settings: settings))
    tuned.phase = .measuring(share: 0.6, measure: "needle")
    tuned.results = [
      table("perplexity", lengths, [1.43, 1.43, 1.37, 1.34]), table("passkey", lengths, [1, 0.95, 1, 0.9]),
      needle([[1, 1, 0.6, nil], [1, 0.8, 0.4, nil], [1, 1, 1, nil]]),
    ]
    return [base, tuned]
  }

  /// Three runs, the last of them without a step.
  static var runs: [RunSummary] {
    ["pose", "randpos", "full"].enumerated().map { index, method in
      var settings = settings
      settings.method = method
      var run = RunSummary(path: "runs/2026-01-0\(3 - index)-120000", settings: settings)
      let count = [200, 120, 0][index]
      let floor = 0.4 + Double(index) * 0.5
      run.steps = (0..<count).map { step -> StepRecord in
        let loss = floor + 2 * exp(-Double(step) / 20)
        return StepRecord(
          step: step + 1, loss: loss, gradNorm: 0.3, lr: 1e-3, tokens: (step + 1) * 4096, seconds: Double(step) * 0.1,
          chunks: [])
      }
      if count > 0 {
        run.evaluations = [
          EvaluationRecord(step: 0, lengths: [128, 256, 512, 1024], perplexities: [1.4, 142, 311, 511]),
          EvaluationRecord(
            step: count, lengths: [128, 256, 512, 1024],
            perplexities: index == 0 ? [1.42, 1.48, 1.36, 1.4] : [11.6, 11.2, 11.5, 15.2]),
        ]
      }
      run.hasCheckpoint = count > 0
      return run
    }
  }
}

extension DistanceSurvey {
  /// The same answer to another question: tests draw fewer examples than a person would.
  fileprivate func asked(_ request: SurveyRequest) -> DistanceSurvey {
    var survey = self
    survey.request = request
    return survey
  }
}
