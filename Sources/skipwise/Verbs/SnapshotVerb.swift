import Canvas
import FineTuning
import Foundation
import TerminalHost
import Transformer
import Workbench

/// `snapshot`: draws a screen of the workbench without a terminal.
struct SnapshotVerb: Verb {
  static let name = "snapshot"
  static let summary = "draws a screen of the workbench without a terminal"
  static let example = "skipwise snapshot --screen train --size 120x36 --steps 40 --format svg --out train.svg"
  static let options: [Option] =
    [
      .choice("screen", "NAME", of: Screen.self, default: Screen.positions.rawValue), RunOptions.model,
      .value("text", "PATH", "a file or folder to train on; may be repeated"),
      .value("steps", "K", "train this many steps first (default: 0)"),
      .value("run", "DIR", "show this run, a folder or a name, instead of training"),
      .value("keys", "KEYS", "press these keys, named as the help names them and separated by commas"),
    ] + PictureOptions.shared

  private let screen: Screen
  private let picture: PictureOptions
  private let settings: RunSettings
  /// What was trained before.
  private let recorded: RunSummary?
  private let keys: [KeyPress]

  init(_ arguments: Arguments) throws {
    screen = try arguments.choice("screen") ?? .positions
    picture = try PictureOptions(arguments, size: Size(80, 24))
    keys = try (arguments.string("keys") ?? "").split(separator: ",").map { try Self.key(String($0)) }
    recorded = try WorkbenchCommand.run(arguments, exclude: ["model", "text", "steps"])
    var settings = try recorded?.settings ?? WorkbenchCommand.settings(arguments)
    if recorded == nil { settings.steps = try arguments.integer("steps", in: 0...1_000_000) ?? 0 }
    self.settings = settings
  }

  func run() throws {
    var state = WorkbenchState(
      settings: settings, size: picture.size, themeNames: [picture.look.theme.name],
      themeName: picture.look.theme.name)
    state.learn = LessonLibrary.state()
    state.learn.progress = LessonProgress()
    let training = try settings.open(threads: Processor.coreCount)
    let (news, examples) = try trained(training)
    _ = reduce(&state, .news(news))
    _ = reduce(&state, .news(SessionNews(phase: settings.steps > 0 ? .finished : .paused)))
    func carryOut(_ effects: [Effect]) {
      self.carryOut(effects, &state) { training.attention(of: examples, $0) }
      survey(&state)
    }
    carryOut(reduce(&state, .action(.show(screen))))
    for key in keys { carryOut(reduce(&state, .key(key))) }
    try picture.write(view(state, picture.look))
  }

  /// What would be measured, listed and looked at on threads of their own.
  private func carryOut(
    _ effects: [Effect], _ state: inout WorkbenchState,
    attention: (Inference.HeadAddress) -> SessionNews.AttentionView?
  ) {
    for effect in effects {
      switch effect {
      case .send(.observe(.some(let address))):
        var news = SessionNews(phase: state.training.phase)
        news.attention = attention(address)
        _ = reduce(&state, .news(news))
      case .evaluate(let request):
        _ = reduce(&state, .evaluations([request.measured(threads: Processor.coreCount)]))
      case .listRuns: _ = reduce(&state, .runs(RunCatalog.runs(in: Installation.runsFolder)))
      default: break
      }
    }
  }

  /// What the thread of surveys would tell.
  private func survey(_ state: inout WorkbenchState) {
    let request = state.explorer.surveyRequest
    guard state.explorer.survey?.request != request else { return }
    _ = reduce(&state, .survey(DistanceSurvey.conducted(request)))
  }

  /// What a session would tell after the steps asked for, or after those of a run, without its thread, and the examples last
  /// trained on.
  private func trained(_ training: TrainingRun) throws -> (SessionNews, ExampleBatch) {
    var news = SessionNews(phase: .paused)
    news.subject = training.subject(folder: recorded?.path ?? "", threads: Processor.coreCount)
    news.evaluations = recorded?.evaluations ?? [training.before]
    news.steps = recorded?.steps ?? []
    news.changes = recorded?.changes ?? []
    var examples = try training.examples(step: max(1, recorded?.steps.last?.step ?? 1))
    for step in 0..<(recorded == nil ? settings.steps : 0) {
      let outcome = try training.step()
      news.steps.append(outcome.record)
      examples = outcome.batch
      if training.isEvaluationDue { news.evaluations.append(try training.evaluate()) }
      Output.progress("step \(step + 1) of \(settings.steps)")
    }
    Output.endProgress()
    news.layouts = examples.layouts
    return (news, examples)
  }

  private static func key(_ name: String) throws(UsageError) -> KeyPress {
    guard let key = KeyPress(named: name) else {
      throw UsageError("--keys names '\(name)'; keys are single characters or names such as Space, Tab, Esc, PgUp")
    }
    return key
  }
}
