import Positions

/// A question: what do a run's examples teach about each relative distance?
public struct SurveyRequest: Hashable, Sendable {
  /// Only what decides layouts and labels; the rest is as a fresh run has it.
  public let settings: RunSettings
  /// Examples to draw; 0 draws as many as a curve needs, and none where it is known exactly.
  public let samples: Int

  public init(_ settings: RunSettings, samples: Int = 0) {
    var relevant = RunSettings(window: settings.window, target: settings.target)
    (relevant.method, relevant.chunks, relevant.content) = (settings.method, settings.chunks, settings.content)
    (relevant.split, relevant.biases, relevant.seam) = (settings.split, settings.biases, settings.seam)
    (relevant.wantedMass, relevant.script) = (settings.wantedMass, settings.script)
    (relevant.texts, relevant.task, relevant.seed) = (settings.texts, settings.task, settings.seed)
    self.settings = relevant
    self.samples = samples
  }
}

/// The answer, as far as it is known.
public struct DistanceSurvey: Equatable, Sendable {
  public internal(set) var request: SurveyRequest
  /// In closed form; nil where there is none.
  public var exact: DistanceProfile?
  /// From examples drawn so far, masses exact where they are known; nil before the first.
  public var drawn: DistanceProfile?
  /// How far the pair mass is from what is wanted of `balanced` (even, if nothing is), 0 … 1, and how far PoSE with two
  /// chunks is: the measure for everything that wants to do better.
  public var distanceToWanted: Double?
  public var poseDistanceToWanted: Double?
  /// Examples that will be drawn.
  public var samplesWanted = 0
  /// Why there is no answer.
  public var problem: String?

  /// The best that is known.
  public var profile: DistanceProfile? { exact ?? drawn }

  public var isFinished: Bool { problem != nil || (drawn?.samples ?? 0) >= samplesWanted }

  /// Examples that show a curve where none is known exactly.
  static let usualSamples = 20_000
  /// The longest target window that is surveyed: each distance has a dozen numbers.
  static let longest = 1 << 20
  /// Up to this target a closed form is a matter of a fraction of a millisecond.
  static let immediate = 1 << 14

  init(_ request: SurveyRequest) { self.request = request }

  /// The finished answer where it is quick to give, so that a screen need not wait for a thread.
  public static func immediately(_ request: SurveyRequest) -> DistanceSurvey? {
    guard request.samples == 0, request.settings.target <= immediate, let sampler = try? request.settings.sampler(),
      let exact = sampler.exactProfile(seam: request.settings.seam)
    else { return nil }
    var survey = DistanceSurvey(request)
    survey.exact = exact
    survey.measureDistances()
    return survey
  }

  /// The whole answer.
  ///
  /// - Parameter progress: told what is known now and then; returns whether to go on.
  @discardableResult
  public static func conducted(
    _ request: SurveyRequest, progress: (DistanceSurvey) -> Bool = { _ in true }
  ) -> DistanceSurvey {
    var survey = DistanceSurvey(request)
    do {
      try survey.conduct(progress)
    } catch {
      survey.problem = error.description
    }
    return survey
  }

  private mutating func measureDistances() {
    let wanted = request.settings.wantedMass
    distanceToWanted = profile?.distance(to: wanted)
    guard poseDistanceToWanted == nil, var two = try? request.settings.samplerSettings() else { return }
    two.chunkCount = 2
    poseDistanceToWanted = (try? SkipWiseSampler(two))?.exactProfile()?.distance(to: wanted)
  }

  private mutating func conduct(_ progress: (DistanceSurvey) -> Bool) throws(PositionError) {
    let settings = request.settings
    guard settings.target <= Self.longest else {
      throw .invalidSetting(
        name: "the target for a survey", value: "\(settings.target)", expected: "at most \(Self.longest)")
    }
    let (sampler, layouts) = (try settings.sampler(), try settings.layouts())
    exact = sampler.exactProfile(seam: settings.seam)
    samplesWanted = request.samples > 0 ? request.samples : exact == nil ? Self.usualSamples : 0
    measureDistances()
    guard progress(self) else { return }
    let known = samplesWanted > 0 ? sampler.knownMasses : [:]
    var estimate = CoverageEstimate(seam: settings.seam)
    var count = 100
    while estimate.samples < samplesWanted {
      let clock = ContinuousClock()
      let drawing = clock.measure {
        estimate.draw(min(count, samplesWanted - estimate.samples), from: layouts)
      }
      drawn = estimate.profile.with(known)
      if exact == nil { measureDistances() }
      guard progress(self) else { return }
      // Often enough to watch it fill, seldom enough that telling costs little.
      if drawing < .milliseconds(80) { count *= 2 } else if drawing > .milliseconds(160), count > 1 { count /= 2 }
    }
  }
}
