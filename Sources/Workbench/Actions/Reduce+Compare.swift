import FineTuning
import Transformer

/// Actions on what was measured and on runs; nil for other actions.
func compare(_ action: Action, _ state: inout WorkbenchState) -> [Effect]? {
  switch action {
  case .measureRun:
    state.evaluation.awaitsCheckpoint = true
    return [.send(.saveModel)]
  case .measureBase: return measureBase(state)
  case .togglePositions: state.evaluation.showsPositions.toggle()
  case .nextResultScale:
    state.evaluation.valueScale = neighbour(of: state.evaluation.valueScale, in: [nil, .linear, .logarithmic], by: 1)
  case .selectModel(let step): state.evaluation.select(by: step)
  case .removeModel: state.evaluation.removeSelected()
  case .selectRun(let step): state.runs.select(by: step)
  case .markRun:
    if let obstacle = state.runs.toggleMark() { state.notice = .problem(obstacle) }
  case .resumeRun: return resumeRun(&state)
  case .openRun: return openRun(&state)
  case .exportRun: return state.runs.shown.map { [.exportRun($0.path)] } ?? []
  case .measureSelected: return measureSelected(&state)
  case .deleteRun: state.overlay = state.runs.shown.map { .confirmDelete($0.path) }
  case .listRuns: return [.listRuns]
  case .toggleLogarithmicCurves: state.runs.hasLogarithmicLoss.toggle()
  default: return nil
  }
  return []
}

/// What a screen needs when it is come to: the base model measured, the runs listed.
func comparison(_ screen: Screen, _ state: inout WorkbenchState) -> [Effect] {
  switch screen {
  case .evaluate: state.evaluation.models.isEmpty ? measureBase(state) : []
  case .runs: [.listRuns]
  default: []
  }
}

/// The model has been written: it can be measured.
func measure(_ saved: SessionNews.SavedModel, _ state: inout WorkbenchState) -> [Effect] {
  state.evaluation.awaitsCheckpoint = false
  guard let settings = state.training.subject?.settings else { return [] }
  return [
    .evaluate(
      EvaluationRequest(
        label: "\(settings.method) \(settings.scaling), step \(saved.step)", folder: saved.folder, settings: settings))
  ]
}

private func measureBase(_ state: WorkbenchState) -> [Effect] {
  guard let settings = state.training.subject?.settings, !settings.model.isEmpty else { return [] }
  return [.evaluate(EvaluationRequest(label: "base model", folder: settings.model, settings: settings))]
}

private func measureSelected(_ state: inout WorkbenchState) -> [Effect] {
  guard let run = state.runs.shown else { return [] }
  let request = EvaluationRequest(label: run.shortLabel, folder: run.path + "/checkpoint", settings: run.settings)
  return show(.evaluate, &state) + [.evaluate(request)]
}

/// The run shown is looked at as it is; another one is taken up where its checkpoint left it.
private func resumeRun(_ state: inout WorkbenchState) -> [Effect] {
  guard let run = state.runs.shown else { return [] }
  if run.path == state.training.subject?.folder { return show(.train, &state) }
  if let problem = state.explorer.change({ $0 = run.settings }) {
    state.notice = .problem(problem)
    return []
  }
  state.screen = .train
  state.paneSize = .normal
  return [.resume(path: run.path, run.settings)] + observation(state)
}

private func openRun(_ state: inout WorkbenchState) -> [Effect] {
  guard let run = state.runs.shown else { return [] }
  let effects = edit(&state) { $0 = run.settings }
  state.notice = .news("the settings of \(run.name); Space trains with them")
  return effects + show(.train, &state)
}
