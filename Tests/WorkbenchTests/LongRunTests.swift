import Canvas
import Foundation
import Testing

@testable import FineTuning
@testable import Workbench

/// Runs of many more steps than a screen has columns.
@Suite struct LongRunTests {
  private static func curves(_ count: Int, spike: Int) -> RunCurves {
    RunCurves(
      (1...count).map { step in
        StepRecord(
          step: step, loss: step == spike ? 9 : 1 + 0.1 * sin(Double(step)), gradNorm: 1, lr: 1e-3, tokens: step,
          seconds: 0, chunks: [])
      }, smoothing: 0.9)
  }

  /// The points that are drawn do not grow with the run, and no spike is lost among them.
  @Test(arguments: [10, 4096, 4097, 100_000])
  func aCurveHasABoundedNumberOfPointsAndEverySpike(count: Int) {
    for spike in [1, count / 2, count] {
      let curves = Self.curves(count, spike: spike)
      let points = curves.points(curves.loss, in: 1...count)
      #expect(points.count <= 4096)
      #expect(points.contains { $0.y == 9 && abs($0.x - Double(spike)) <= Double(count) / 1000 })
      #expect(points.map(\.x) == points.map(\.x).sorted())
      let some = max(1, spike - 5)...min(count, spike + 5)
      #expect(curves.points(curves.loss, in: some).map(\.x) == some.map(Double.init))
      #expect(curves.extremes(curves.loss, in: some)?.greatest == 9)
    }
  }

  /// What is drawn of every step is the plot of all its points.
  @Test func theCurveIsThePlotOfAllPoints() {
    let curves = Self.curves(50_000, spike: 31_234)
    let shown = 1...50_000
    let area = Rect(0, 0, 100, 30)
    func drawn(_ points: [(x: Double, y: Double)]) -> [String] {
      var canvas = Canvas(size: area.size)
      LinePlot([.init(points, .plain)], x: Axis(1, 50_000), y: Axis(0, 10), axisStyle: .plain)
        .draw(on: &canvas, in: area, .ascii)
      return canvas.lines
    }
    let all = zip(shown, curves.loss.values).map { (x: Double($0), y: $1) }
    #expect(drawn(curves.points(curves.loss, in: shown)) == drawn(all))
  }

  /// Steps told in pieces, forgotten and smoothed otherwise are drawn as if told at once.
  @Test func curvesFollowTheSteps() throws {
    var told = TrainingState()
    told.take(try Fixture.ready())
    told.take(try Fixture.steps(1...40))
    told.take(try Fixture.steps(41...80))
    var back = SessionNews(phase: .paused)
    back.forgottenAfter = 60
    told.take(back)
    told.smoothing = 3
    #expect(told.steps.count == 60)
    #expect(told.curves == RunCurves(told.steps, smoothing: TrainingState.smoothings[3]))
    let smooth = MovingAverage.smoothed(told.steps.map(\.loss), weight: TrainingState.smoothings[3])
    #expect(told.curves.smoothedLoss.values == smooth)
    told.take(try Fixture.ready())
    #expect(told.curves == RunCurves(smoothing: TrainingState.smoothings[3]))
  }

  /// Of a million steps those are kept that its metrics hold, and the newest is told all the same.
  @Test func aMillionStepsAreThinnedOut() throws {
    var told = TrainingState()
    told.take(try Fixture.ready())
    let record = try #require(try Fixture.steps(1...1).steps.first)
    var news = SessionNews(phase: .running)
    for first in stride(from: 1, to: 1_000_003, by: 1001) {
      news.steps = (first..<min(first + 1001, 1_000_004)).map { step in
        var record = record
        record.step = step
        return record
      }
      told.take(news)
    }
    #expect(told.steps.count == 190_000)
    #expect(told.steps[100_000].step == 100_010)
    #expect(told.tip == 1_000_003 && told.shown?.step == 1_000_003)
    let drawn = told.curves.points(told.curves.loss, in: 500_000...500_100).map(\.x)
    #expect(drawn == (0...10).map { 500_000 + 10 * Double($0) })
    told.look(at: 500_003)
    #expect(told.position == 500_003 && told.shown?.step == 500_000)
  }
}
