import Canvas
import FineTuning
import Positions

/// Actions on layouts, samplers and distances.
func explore(_ action: Action, _ state: inout WorkbenchState) -> [Effect] {
  let target = state.explorer.settings.target
  switch action {
  case .nextLayout: state.explorer.advance(by: 1)
  case .drawLayouts(let count):
    for _ in 0..<count { state.explorer.advance(by: 1) }
  case .previousLayout: state.explorer.advance(by: -1)
  case .selectHandle(let steps): state.explorer.selectHandle(by: steps)
  case .moveHandle(let steps):
    if let obstacle = state.explorer.moveHandle(by: steps) { state.notice = .problem(obstacle) }
    return keepScript(&state)
  case .undo: return travel(&state, "nothing to undo") { $0.undo() }
  case .redo: return travel(&state, "nothing to redo") { $0.redo() }

  case .changeChunks(let count): return edit(&state) { $0.chunks += count }
  case .nextSampler: return changeSampler(by: 1, &state)
  case .previousSampler: return changeSampler(by: -1, &state)
  case .nextContent: return edit(&state) { $0.content = neighbour(of: $0.content, in: ContentRule.allCases, by: 1) }
  case .nextSplit: return edit(&state) { $0.split = neighbour(of: $0.split, in: ChunkSplit.allCases, by: 1) }
  case .nextBiases: return edit(&state) { $0.biases = neighbour(of: $0.biases, in: BiasDraw.allCases, by: 1) }
  case .nextSeam: return edit(&state) { $0.seam = neighbour(of: $0.seam, in: SeamRule.allCases, by: 1) }
  case .nextScaling:
    return edit(&state) { $0.scaling = neighbour(of: $0.scaling, in: ScalingRegistry.names, by: 1) }
  case .doubleTarget: return edit(&state) { $0.target = min($0.target * 2, 1 << 20) }
  case .halveTarget: return edit(&state) { $0.target = max($0.target / 2, $0.window) }
  case .doubleWindow: return edit(&state) { $0.window = min($0.window * 2, 1 << 14) }
  case .halveWindow: return edit(&state) { $0.window = max($0.window / 2, 1) }
  case .nextSeed: return edit(&state) { $0.seed &+= 1 }

  case .nextMeasure:
    state.explorer.view.measure = neighbour(of: state.explorer.view.measure, in: DistanceMeasure.allCases, by: 1)
  case .toggleDistanceAxis: state.explorer.view.hasLogarithmicDistance.toggle()
  case .nextValueScale:
    state.explorer.view.valueScale = neighbour(of: state.explorer.view.valueScale, in: AxisScale.allCases, by: 1)
  case .toggleDistanceCursor:
    state.explorer.view.toggleCursor(target: target)
    state.focus[.positions] = .distances
  case .moveDistance(let steps, let finely):
    state.explorer.view.moveCursor(by: steps, finely: finely, target: target)
  case .zoomIn: state.explorer.view.zoom(by: 0.5, target: target)
  case .zoomOut: state.explorer.view.zoom(by: 2, target: target)
  case .zoomAll: state.explorer.view.showAll()
  case .drawMillion: state.explorer.drawMillion()
  case .pin:
    if let obstacle = state.explorer.togglePin() { state.notice = .problem(obstacle) }
  case .unpinLast: state.explorer.pins.removeLast()
  default: break
  }
  return []
}

/// The next sampler of the registry that can draw with these windows; those that cannot are passed over and named.
private func changeSampler(by step: Int, _ state: inout WorkbenchState) -> [Effect] {
  let settings = state.explorer.settings
  var name = settings.method
  var refusals: [String] = []
  for _ in SamplerRegistry.names {
    name = neighbour(of: name, in: SamplerRegistry.names, by: step)
    var next = settings
    next.method = name
    if name == ScriptedSampler.name { next.script = state.explorer.scriptOfLayout }
    do {
      _ = try next.layout(example: 0)
    } catch {
      refusals.append("\(name): \(error)")
      continue
    }
    let effects = edit(&state) { $0 = next }
    if !refusals.isEmpty { state.notice = .news("passed over " + refusals.joined(separator: "; ")) }
    return effects
  }
  return []
}

/// Under `scripted` what was moved by hand is the script itself, so that a run trains on it.
func keepScript(_ state: inout WorkbenchState) -> [Effect] {
  guard state.explorer.settings.method == ScriptedSampler.name, state.explorer.isByHand else { return [] }
  let script = state.explorer.scriptOfLayout
  let effects = edit(&state) { $0.script = script }
  // The move is kept for undo already; the script that follows it is no step of its own.
  state.explorer.past.removeLast()
  return effects
}

/// Goes back or forth in what was changed.
private func travel(
  _ state: inout WorkbenchState, _ obstacle: String, _ move: (inout ExplorerState) -> Bool
) -> [Effect] {
  let before = state.explorer.settings
  guard move(&state.explorer) else {
    state.notice = .problem(obstacle)
    return []
  }
  return apply(&state, before)
}

extension ExplorerState {
  /// The layout shown as a script; none where positions are scattered or the window is not filled.
  fileprivate var scriptOfLayout: [Chunk] {
    guard let layout, layout.tokenCount == settings.window else { return [] }
    return layout.chunks
  }
}
