import FineTuning
import Foundation
import Positions
import Synchronization
import Transformer

/// Curves of coverage for a stage's windows; each is worked out once.
enum LessonCoverage {
  private struct Key: Hashable {
    var window: Int
    var target: Int
    var chunks: Int
    var sampler: String
  }

  private struct Known {
    var curve: [Double]
    /// An estimate, for want of a closed form.
    var isDrawn: Bool
  }

  private static let known = Mutex<[Key: Known]>([:])
  /// Examples drawn where there is no closed form. One of RandPos takes milliseconds and meets nearly every distance.
  private static func samples(_ sampler: String) -> Int { sampler == RandomPositionSampler.name ? 60 : 6000 }

  /// P(d) for d = 0 … T−1; empty where the sampler cannot draw.
  static func curve(_ stage: LessonStage, chunks: Int, sampler: String) -> [Double] {
    known(stage, chunks: chunks, sampler: sampler).curve
  }

  /// Whether the curve is an estimate: drawn, for want of a closed form.
  static func isDrawn(_ stage: LessonStage, chunks: Int, sampler: String) -> Bool {
    known(stage, chunks: chunks, sampler: sampler).isDrawn
  }

  private static func known(_ stage: LessonStage, chunks: Int, sampler: String) -> Known {
    let key = Key(window: stage.window, target: stage.target, chunks: chunks, sampler: sampler)
    if let found = known.withLock({ $0[key] }) { return found }
    let request = SurveyRequest(stage.settings(chunks: chunks, sampler: sampler))
    let exact = DistanceSurvey.immediately(request)
    let survey = exact ?? DistanceSurvey.conducted(SurveyRequest(request.settings, samples: samples(sampler)))
    let fresh = Known(curve: survey.profile?[.coverage] ?? [], isDrawn: exact == nil)
    known.withLock { $0[key] = fresh }
    return fresh
  }

  static func share(_ stage: LessonStage, chunks: Int, sampler: String, at distance: Int) -> Double? {
    let curve = curve(stage, chunks: chunks, sampler: sampler)
    return curve[checked: stage.fault == .coverageOff ? distance - 1 : distance]
  }
}

/// The rotation of a head as LLaMA has it: 128 numbers in 64 pairs, base 10,000.
struct LessonRotation {
  static let headDimension = 128

  let stage: LessonStage
  let plain: RotaryFrequencies?
  let scaled: RotaryFrequencies?

  init(_ stage: LessonStage) {
    self.stage = stage
    var settings = ScalingSettings(headDimension: Self.headDimension, originalWindow: stage.window)
    plain = (try? UnscaledRotary(settings))?.frequencies
    settings.factor = stage.factor ?? Double(stage.target) / Double(stage.window)
    scaled = (try? ScalingRegistry.scaling(named: stage.scaling, settings))?.frequencies(length: stage.target)
  }

  /// Radians that an unscaled pair has turned at a position.
  func plainAngle(pair: Int, at position: Int) -> Double? {
    plain?.inverse[checked: pair].map { $0 * Double(position) }
  }

  /// Directions of the query's and the key's pairs before rotation, the same in every lesson: pair i of the query points along
  /// 37·i degrees, that of the key 23·i back, all of length 1.
  private func phase(_ pair: Int) -> Double { Double(pair) * (37 - 23) * .pi / 180 }

  /// Σ over pairs of q·k after rotation, divided by √d as attention has it (Su et al. 2021, §3.2.2).
  var score: Double { score(query: stage.query, key: stage.key) }

  var scoreChange: Double { abs(score - score(query: stage.start.query, key: stage.start.key)) }

  private func score(query: Int, key: Int) -> Double {
    guard let inverse = scaled?.inverse else { return 0 }
    // The query turns by m·θ, the key by n·θ: turned the wrong way, sums stand where differences should.
    let distance = Double(stage.fault == .flippedRotation ? query + key : query - key)
    let sum = inverse.enumerated().reduce(0.0) { $0 + cos(distance * $1.element + phase($1.offset)) }
    return sum / Double(Self.headDimension).squareRoot()
  }

  var incompletePairs: Double? {
    plain.map { Double($0.inverse.filter { $0 * Double(stage.window) < 2 * .pi }.count) }
  }

  var phases: RotaryPhases? {
    guard let plain, let scaled else { return nil }
    return RotaryPhases(plain: plain, scaled: scaled, window: stage.window, target: stage.target)
  }

  var unseenPairs: Double? { phases.map { Double($0.unseenPairs) } }

  /// The first distance at which a pair that never completed a turn goes beyond where it had been; 0 where none does.
  var firstUnseen: Int? {
    guard let plain, let scaled else { return nil }
    let last = Double(stage.window)
    let firsts = zip(plain.inverse, scaled.inverse).compactMap { plain, scaled -> Double? in
      guard plain * last < 2 * .pi else { return nil }
      let first = last * plain / scaled
      return first < Double(stage.target - 1) / 1.001 ? first : nil
    }
    return firsts.min().map { Int($0) } ?? 0
  }

  /// The first pair that the scaling slows by the whole factor; −1 where there is none.
  var firstInterpolated: Int? {
    guard let plain, let scaled else { return nil }
    let factor = stage.factor ?? Double(stage.target) / Double(stage.window)
    return zip(plain.inverse, scaled.inverse).enumerated().first { $1.0 / $1.1 > factor * 0.999 }?.offset ?? -1
  }
}

/// What training at a length costs.
struct LessonCost {
  let stage: LessonStage

  init(_ stage: LessonStage) { self.stage = stage }

  /// Cells of one head's attention matrix: tokens squared.
  func cells(_ tokens: Int) -> Double {
    stage.fault == .linearCost ? Double(tokens) : Double(tokens) * Double(tokens)
  }

  var cellsRatio: Double { cells(stage.target) / cells(stage.window) }

  var tokensRatio: Double {
    stage.fault == .linearCost ? cellsRatio * 2 : Double(stage.target) / Double(stage.window)
  }

  /// Shape of the key-value base model.
  private static let configuration = TransformerConfiguration(
    vocabularySize: 256, hiddenSize: 128, intermediateSize: 352, layerCount: 3, headCount: 8, maximumPositions: 128)

  /// 2²⁰ bytes that this program allocates to train the key-value base model's shape on examples of a length.
  func megabytes(_ tokens: Int) -> Double {
    Double(TrainingEngine.bytesNeeded(Self.configuration, length: tokens)) / Double(1 << 20)
  }

  /// Keys and values of LLaMA-7B in float16: 2 × 32 layers × 4,096 numbers × 2 bytes a token, in 2³⁰ bytes.
  static func cacheGibibytes(_ tokens: Int) -> Double { Double(tokens) * 2 * 32 * 4096 * 2 / Double(1 << 30) }
}

/// The attention map that a stage shows, with its cell.
struct LessonAttention {
  let view: SessionNews.AttentionView
  let query: Int
  let key: Int
  private let isEven: Bool

  init?(_ stage: LessonStage) {
    guard let view = stage.run?.attention else { return nil }
    self.view = view
    query = min(stage.cell.query, view.map.tokens - 1)
    key = min(stage.cell.key, query)
    isEven = stage.fault == .evenAttention
  }

  func weight(_ query: Int, _ key: Int) -> Double {
    isEven ? 1 / Double(query + 1) : Double(view.map.weights[query * view.map.tokens + key])
  }

  var weight: Double { weight(query, key) }

  var distance: Int {
    let positions = view.layout.positions
    return positions[query] - positions[key]
  }

  /// The last chunk's skip bias.
  var skip: Int { view.layout.chunks.last?.skipBias ?? 0 }

  /// The mean share of attention to keys at L or farther, over the queries that have such keys.
  var far: Double {
    let positions = view.layout.positions
    let window = view.layout.window.training
    let shares = positions.indices.compactMap { query -> Double? in
      guard positions[query] - positions[0] >= window else { return nil }
      return (0...query).reduce(0) { sum, key in
        positions[query] - positions[key] >= window ? sum + weight(query, key) : sum
      }
    }
    return shares.reduce(0, +) / Double(max(shares.count, 1))
  }
}
