import Foundation
import Positions
import Testing

@testable import FineTuning

/// Surveys of distances: at once, in full, and on their thread.
@Suite struct SurveyTests {
  private func settings(_ method: String, chunks: Int = 2) -> RunSettings {
    var settings = RunSettings(window: 32, target: 256)
    settings.method = method
    settings.chunks = chunks
    return settings
  }

  @Test func whatDoesNotChangeLayoutsIsTheSameQuestion() {
    var other = settings("pose")
    (other.scaling, other.learningRate, other.model) = ("linear", 1, "elsewhere")
    #expect(SurveyRequest(other) == SurveyRequest(settings("pose")))
    other.seam = .masked
    #expect(SurveyRequest(other) != SurveyRequest(settings("pose")))
  }

  @Test func closedFormsAreAnsweredAtOnce() throws {
    let request = SurveyRequest(settings("pose"))
    let survey = try #require(DistanceSurvey.immediately(request))
    #expect(survey.isFinished && survey.drawn == nil)
    #expect(survey.exact == DistanceSurvey.conducted(request).exact)
    #expect(survey.distanceToWanted == survey.poseDistanceToWanted)
    #expect(DistanceSurvey.immediately(SurveyRequest(settings("pose", chunks: 3))) == nil)
    #expect(DistanceSurvey.immediately(SurveyRequest(settings("pose"), samples: 10)) == nil)
  }

  @Test func theRestIsDrawnAndToldAsItComes() throws {
    var told: [Int] = []
    let survey = DistanceSurvey.conducted(SurveyRequest(settings("pose", chunks: 3), samples: 700)) { survey in
      told.append(survey.drawn?.samples ?? 0)
      return true
    }
    #expect(survey.isFinished && survey.exact == nil && survey.drawn?.samples == 700)
    // The pair mass of three chunks is known; what is drawn has its standard error.
    #expect(survey.drawn?.standardErrors[.pairMass] == nil && survey.drawn?.standardErrors[.coverage] != nil)
    #expect(told.first == 0 && told.last == 700 && told == told.sorted())
    let cut = DistanceSurvey.conducted(SurveyRequest(settings("randpos"), samples: 100_000)) {
      ($0.drawn?.samples ?? 0) < 100
    }
    #expect(!cut.isFinished)
  }

  /// What is drawn are the examples of the run itself.
  @Test(arguments: ["pose", "longrecipe", "randpos"])
  func surveysDrawTheRunsExamples(method: String) throws {
    let settings = settings(method, chunks: 3)
    var estimate = CoverageEstimate()
    for example in 0..<50 { estimate.add(try settings.layout(example: example)) }
    let survey = DistanceSurvey.conducted(SurveyRequest(settings, samples: 50))
    #expect(survey.drawn?.coverage == estimate.profile.coverage)
  }

  @Test func impossibleQuestionsGetASentence() {
    let survey = DistanceSurvey.conducted(SurveyRequest(settings("pose", chunks: 33)))
    #expect(survey.problem == "33 chunks do not fit a window of 32 tokens; choose 1 to 32" && survey.isFinished)
    var far = settings("randpos")
    far.target = 1 << 21
    #expect(DistanceSurvey.conducted(SurveyRequest(far)).problem?.contains("2097152") == true)
  }

  /// However many questions are asked, the newest is answered.
  @Test func theNewestQuestionIsAnswered() throws {
    let arrived = EventDescriptor()
    let session = SurveySession(newsArrived: arrived)
    defer { session.stop() }
    for chunks in 3...20 { session.ask(SurveyRequest(settings("pose", chunks: chunks), samples: 1_000_000)) }
    let last = SurveyRequest(settings("pose", chunks: 4), samples: 300)
    session.ask(last)
    session.ask(last)
    var answer: DistanceSurvey?
    while answer?.request != last || answer?.isFinished != true {
      arrived.wait()
      answer = session.takeNews() ?? answer
    }
    #expect(answer?.drawn == DistanceSurvey.conducted(last).drawn)
  }
}

/// Figure 5 in small.
@Suite struct CoverageFigureTests {
  @Test func whatTheFigureShowsHolds() throws {
    let figure = try CoverageFigure(TokenWindow(training: 64, target: 512), samples: 4000, seed: 3)
    #expect(figure.series.map(\.name) == ["original", "2 chunks", "3 chunks", "RandPos"])
    #expect(figure.series.map { $0.samples ?? 0 } == [0, 0, 4000, 4000])
    #expect(figure.findings.count == 4 && figure.findings.allSatisfy { $0.holds })
    // The last distance is met when u = T − L, of T − L + 1.
    #expect(abs(figure.series[1].coverage[511] - 1.0 / 449) < 1e-12)
  }

  /// Without room between the windows there is nothing to find.
  @Test func anUnextendedWindowClaimsNothing() throws {
    #expect(try CoverageFigure(TokenWindow(training: 8, target: 8), samples: 100, seed: 0).findings.isEmpty)
    #expect(throws: PositionError.self) { try CoverageFigure(TokenWindow(training: 2, target: 8), samples: 9, seed: 0) }
  }

  @Test func drawingCanBeStopped() throws {
    let figure = try CoverageFigure(TokenWindow(training: 8, target: 32), samples: 1000, seed: 0) { _, _ in false }
    #expect(figure.series[2].samples == 50)
  }
}
