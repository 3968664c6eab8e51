import Positions

extension KeyTable {
  static let standardBindings: [KeyBinding] =
    program + screens + panes + positions + distances + train + attention + evaluate + runs + learn

  private static let program: [KeyBinding] = [
    KeyBinding("help", [.character("?"), .function(1)], "show all keys", hint: "help", .program, .help),
    KeyBinding(
      "prompt", [.character(":"), KeyPress(.character("p"), .control)], "find a command: lr 3e-4, go 40, text FILE …",
      hint: "find", .program, .prompt),
    KeyBinding(
      "screen.save", [.character("W")], "write this screen as text, ANSI and SVG", .program, .saveScreen),
  ]

  private static let screens = Screen.allCases.map { screen in
    KeyBinding("screen.\(screen.rawValue)", [.character(screen.digit)], screen.title, .program, .show(screen))
  }

  private static let panes: [KeyBinding] = [
    KeyBinding("pane.next", [KeyPress(.tab)], "next pane", hint: "pane", .program, .nextPane),
    KeyBinding("pane.previous", [KeyPress(.tab, .shift)], "pane before", .program, .previousPane),
    KeyBinding(
      "pane.larger", [.character("+")], "this pane over the others, alone, as it was", .program, .resizePane(by: 1)),
    KeyBinding("pane.smaller", [.character("_")], "the same backwards", .program, .resizePane(by: -1)),
    KeyBinding("explain", [.character("e")], "explain this pane, with its numbers", hint: "why", .program, .explain),
    KeyBinding(
      "describe", [.character(";")], "this pane's picture in words", .program,
      on: Set(Screen.allCases).subtracting([.learn]), .describe),
    KeyBinding("theme", [.character("T")], "themes, shown as you choose", .program, .chooseTheme),
    KeyBinding("redraw", [KeyPress(.character("l"), .control)], "draw the screen again", .program, .redraw),
    KeyBinding("cancel", [KeyPress(.escape)], "one layer out", .program, .cancel),
    KeyBinding("quit", [.character("q")], "quit", hint: "quit", .program, .quit),
  ]

  private static let positions: [KeyBinding] = [
    KeyBinding(
      "layout.next", [.character("n")], "draw the next example", hint: "next", .positions, on: [.positions],
      .nextLayout),
    KeyBinding(
      "layout.hundred", [.character("N")], "draw a hundred examples more", .positions, on: [.positions],
      .drawLayouts(100)),
    KeyBinding(
      "layout.million", [.character("M")], "draw a million examples, as the curves fill", .positions, on: [.positions],
      .drawMillion,
      unless: { $0.explorer.samplesWanted > 0 ? "a million examples are drawn, or being drawn" : nil }),
    KeyBinding(
      "layout.previous", [.character("p")], "back to the example before", .positions, on: [.positions],
      .previousLayout, unless: { $0.explorer.example == 0 ? "this is the first example" : nil }),
    KeyBinding(
      "handle.next", [.character("j"), KeyPress(.down)], "select the next border or skip", .positions,
      in: handlePanes, .selectHandle(by: 1)),
    KeyBinding(
      "handle.previous", [.character("k"), KeyPress(.up)], "select the border or skip before", .positions,
      in: handlePanes, .selectHandle(by: -1)),
    KeyBinding(
      "handle.left", [KeyPress(.left), .character("h")], "move it left by one", hint: "edit", .positions,
      in: handlePanes, .moveHandle(by: -1)),
    KeyBinding(
      "handle.right", [.character("l"), KeyPress(.right)], "move it right by one", .positions, in: handlePanes,
      .moveHandle(by: 1)),
    KeyBinding(
      "handle.farLeft", [.character("H"), KeyPress(.left, .shift)], "move it left by 16", .positions,
      in: handlePanes, .moveHandle(by: -16)),
    KeyBinding(
      "handle.farRight", [.character("L"), KeyPress(.right, .shift)], "move it right by 16", .positions,
      in: handlePanes, .moveHandle(by: 16)),
    KeyBinding("undo", [.character("u")], "undo the last change", .positions, on: [.positions, .train], .undo),
    KeyBinding("redo", [.character("U")], "take the undo back", .positions, on: [.positions, .train], .redo),
    KeyBinding(
      "chunks.more", [.character("c")], "one chunk more", hint: "chunks", .positions, on: [.positions, .train],
      .changeChunks(by: 1), unless: { $0.obstacle(to: .chunkCount, "cut into N chunks") }),
    KeyBinding(
      "chunks.fewer", [.character("C")], "one chunk fewer", .positions, on: [.positions, .train],
      .changeChunks(by: -1), unless: { $0.obstacle(to: .chunkCount, "cut into N chunks") }),
    KeyBinding(
      "sampler", [.character("b")], "next position sampler", hint: "sampler", .positions, on: [.positions, .train],
      .nextSampler),
    KeyBinding(
      "sampler.previous", [.character("B")], "sampler before", .positions, on: [.positions, .train], .previousSampler),
    KeyBinding(
      "target.double", [.character("t")], "double the target window T", hint: "target", .positions,
      on: [.positions, .train], .doubleTarget),
    KeyBinding(
      "target.halve", [.character("g")], "halve the target window T", .positions, on: [.positions, .train],
      .halveTarget),
    KeyBinding(
      "window.double", [.character(")")], "double the training window L", .positions, on: [.positions, .train],
      .doubleWindow),
    KeyBinding(
      "window.halve", [.character("(")], "halve the training window L", .positions, on: [.positions, .train],
      .halveWindow),
    KeyBinding(
      "content", [.character("v")], "next content rule", .positions, on: [.positions, .train],
      .nextContent, unless: { $0.obstacle(to: .content, "read the content rule") }),
    KeyBinding(
      "scaling", [.character("s")], "next rotary scaling", hint: "scaling", .positions, on: [.positions, .train],
      .nextScaling),
    KeyBinding(
      "split", [.character("d")], "cut uniformly or one after the other", .positions, on: [.positions, .train],
      .nextSplit, unless: { $0.obstacle(to: .split, "read how to cut") }),
    KeyBinding(
      "biases", [.character("D")], "draw skips chained or sorted", .positions, on: [.positions, .train],
      .nextBiases, unless: { $0.obstacle(to: .biases, "read how to draw skips") }),
    KeyBinding(
      "seam", [.character("f")], "loss at a seam: kept, masked, true next token", .positions,
      on: [.positions, .train], .nextSeam),
    KeyBinding("seed", [.character("S")], "next seed", .positions, on: [.positions], .nextSeed),
  ]

  /// Where the arrows move borders and skips.
  private static let handlePanes: Set<Pane> = [.layout, .pairs, .rotary]

  private static let distances: [KeyBinding] = [
    KeyBinding(
      "measure", [.character("m")], "coverage, pair mass, supervised mass", hint: "measure", .distances,
      on: [.positions], .nextMeasure),
    KeyBinding(
      "axis.distance", [.character("x")], "linear or logarithmic distances", hint: "log", .distances,
      on: [.positions], .toggleDistanceAxis),
    KeyBinding(
      "axis.value", [.character("y")], "values: linear, logarithmic, logarithmic with 0", .distances, on: [.positions],
      .nextValueScale),
    KeyBinding(
      "pin", [.character("a")], "pin these curves, or let go", hint: "pin", .distances, on: [.positions], .pin),
    KeyBinding(
      "pin.last", [.character("A")], "let go of the last pin", .distances, on: [.positions], .unpinLast,
      unless: { $0.explorer.pins.isEmpty ? "nothing is pinned" : nil }),
    KeyBinding(
      "distance.cursor", [.character("i")], "cursor that reads values off", hint: "read", .distances,
      on: [.positions], .toggleDistanceCursor),
    KeyBinding(
      "distance.left", [.character("h"), KeyPress(.left)], "cursor left", .distances, in: [.distances],
      .moveDistance(by: -1, finely: false)),
    KeyBinding(
      "distance.right", [.character("l"), KeyPress(.right)], "cursor right", .distances, in: [.distances],
      .moveDistance(by: 1, finely: false)),
    KeyBinding(
      "distance.less", [.character("j"), KeyPress(.down)], "one distance less", .distances, in: [.distances],
      .moveDistance(by: -1, finely: true)),
    KeyBinding(
      "distance.more", [.character("k"), KeyPress(.up)], "one distance more", .distances, in: [.distances],
      .moveDistance(by: 1, finely: true)),
    KeyBinding(
      "distance.farLeft", [.character("H"), KeyPress(.left, .shift)], "cursor far left", .distances,
      in: [.distances], .moveDistance(by: -8, finely: false)),
    KeyBinding(
      "distance.farRight", [.character("L"), KeyPress(.right, .shift)], "cursor far right", .distances,
      in: [.distances], .moveDistance(by: 8, finely: false)),
    KeyBinding(
      "zoom.in", [.character("=")], "nearer, around the cursor", .distances, on: [.positions, .train], .zoomIn),
    KeyBinding("zoom.out", [.character("-")], "farther", .distances, on: [.positions, .train], .zoomOut),
    KeyBinding(
      "zoom.all", [.character("0")], "all distances, all steps", .distances, on: [.positions, .train], .zoomAll),
  ]

  /// Where the step that is looked at shows.
  private static let timeScreens: Set<Screen> = [.train, .attention, .evaluate]

  private static let train: [KeyBinding] = [
    KeyBinding(
      "run", [KeyPress(.character(" "))], "run, or pause", hint: "run/pause", .train, .runOrPause,
      unless: { $0.runObstacle }),
    KeyBinding(
      "step", [.character(".")], "one step, then pause", hint: "step", .train,
      on: [.positions, .train, .attention, .evaluate, .runs], .stepOnce,
      unless: { $0.training.isRunning ? "pause first: Space" : $0.runObstacle }),
    KeyBinding(
      "step.back", [.character(",")], "one step back", hint: "back", .train, on: timeScreens, .stepBack,
      unless: { $0.backObstacle }),
    KeyBinding(
      "scrub.back", [.character("<")], "look at an earlier step", .train, on: timeScreens, .scrub(by: -1),
      unless: { $0.backObstacle }),
    KeyBinding(
      "scrub.forward", [.character(">")], "look at a later step", .train, on: timeScreens, .scrub(by: 1),
      unless: { $0.training.lookingAt == nil ? "this is the newest step" : nil }),
    KeyBinding(
      "scrub.start", [KeyPress(.home)], "look at the model before the first step", .train, on: timeScreens,
      .scrubTo(0), unless: { $0.backObstacle }),
    KeyBinding(
      "scrub.tip", [KeyPress(.end)], "back to the newest step", .train, on: timeScreens, .scrubToTip,
      unless: { $0.training.lookingAt == nil ? "this is the newest step" : nil }),
    KeyBinding(
      "run.new", [.character("r")], "start over with the settings shown", hint: "new run", .train,
      on: [.positions, .train], .newRun),
    KeyBinding(
      "checkpoint", [.character("w")], "write a checkpoint now", .train, on: [.train], .saveCheckpoint,
      unless: { $0.training.steps.isEmpty ? "nothing is trained yet: Space starts" : nil }),
    KeyBinding(
      "smooth.more", [.character("]")], "smooth the loss more", hint: "smooth", .train, on: [.train], .smooth(by: 1)),
    KeyBinding("smooth.less", [.character("[")], "smooth the loss less", .train, on: [.train], .smooth(by: -1)),
    KeyBinding(
      "axis.loss", [.character("y")], "linear or logarithmic loss", hint: "log", .train, on: [.train],
      .toggleLogarithmicLoss),
  ]

  private static let attention: [KeyBinding] = [
    KeyBinding(
      "layer.next", [.character("J")], "next layer", hint: "layer", .attention, on: [.attention],
      .changeLayer(by: 1)),
    KeyBinding("layer.previous", [.character("K")], "layer before", .attention, on: [.attention], .changeLayer(by: -1)),
    KeyBinding(
      "head.next", [.character("L")], "next head", hint: "head", .attention, on: [.attention], .changeHead(by: 1)),
    KeyBinding("head.previous", [.character("H")], "head before", .attention, on: [.attention], .changeHead(by: -1)),
    KeyBinding(
      "cursor.up", [.character("k"), KeyPress(.up)], "query before", .attention, on: [.attention],
      .moveCursor(rows: -1, columns: 0)),
    KeyBinding(
      "cursor.down", [.character("j"), KeyPress(.down)], "next query", hint: "cursor", .attention, on: [.attention],
      .moveCursor(rows: 1, columns: 0)),
    KeyBinding(
      "cursor.left", [.character("h"), KeyPress(.left)], "key before", .attention, on: [.attention],
      .moveCursor(rows: 0, columns: -1)),
    KeyBinding(
      "cursor.right", [.character("l"), KeyPress(.right)], "next key", .attention, on: [.attention],
      .moveCursor(rows: 0, columns: 1)),
    KeyBinding(
      "cursor.pageUp", [KeyPress(.pageUp)], "16 queries up", .attention, on: [.attention],
      .moveCursor(rows: -16, columns: 0)),
    KeyBinding(
      "cursor.pageDown", [KeyPress(.pageDown)], "16 queries down", .attention, on: [.attention],
      .moveCursor(rows: 16, columns: 0)),
    KeyBinding(
      "axis.attention", [.character("x")], "label axes by position or by token", hint: "axis", .attention,
      on: [.attention], .toggleAxis),
    KeyBinding(
      "scale", [.character("z")], "colour scale: linear, square root, log", hint: "scale", .attention, on: [.attention],
      .nextScale),
    KeyBinding(
      "sink", [.character("o")], "leave the first token out, or not", hint: "sink", .attention, on: [.attention],
      .toggleSink),
    KeyBinding(
      "head.far", [.character("f")], "the head that looks farthest beyond the window", hint: "far", .attention,
      on: [.attention], .seekFarHead,
      unless: { $0.attention.view?.heads.isEmpty == false ? nil : "the heads are not drawn in small" }),
    KeyBinding(
      "cursor.far", [.character("F")], "its brightest cell beyond the window", .attention, on: [.attention],
      .seekFarCell,
      unless: { $0.attention.brightestFarCell == nil ? "this example has no key so far back" : nil }),
    KeyBinding(
      "side", [.character("d")], "after fine-tuning, before it, the difference", hint: "compare", .attention,
      on: [.attention], .nextSide),
  ]

  private static let evaluate: [KeyBinding] = [
    KeyBinding(
      "measure.run", [.character("m")], "measure the run as it is now", hint: "measure", .evaluate, on: [.evaluate],
      .measureRun,
      unless: { $0.training.steps.isEmpty ? "nothing is trained yet: Space starts, o measures the base model" : nil }),
    KeyBinding(
      "measure.base", [.character("o")], "measure the base model", hint: "original", .evaluate, on: [.evaluate],
      .measureBase, unless: { $0.training.subject == nil ? "the model is still loading" : nil }),
    KeyBinding(
      "by.position", [.character("v")], "perplexity by context size, or by position", hint: "position", .evaluate,
      on: [.evaluate], .togglePositions),
    KeyBinding(
      "axis.result", [.character("y")], "values: as they need it, linear, logarithmic", hint: "log", .evaluate,
      on: [.evaluate], .nextResultScale),
    KeyBinding(
      "model.next", [.character("j"), KeyPress(.down)], "next model", hint: "select", .evaluate, on: [.evaluate],
      .selectModel(by: 1)),
    KeyBinding(
      "model.previous", [.character("k"), KeyPress(.up)], "model before", .evaluate, on: [.evaluate],
      .selectModel(by: -1)),
    KeyBinding(
      "model.remove", [.character("x")], "take the selected model away", hint: "remove", .evaluate, on: [.evaluate],
      .removeModel, unless: { $0.evaluation.models.isEmpty ? "nothing is measured" : nil }),
  ]

  private static let runs: [KeyBinding] = [
    KeyBinding(
      "run.next", [.character("j"), KeyPress(.down)], "next run", hint: "select", .runs, on: [.runs],
      .selectRun(by: 1)),
    KeyBinding(
      "run.previous", [.character("k"), KeyPress(.up)], "run before", .runs, on: [.runs], .selectRun(by: -1)),
    KeyBinding("run.pageDown", [KeyPress(.pageDown)], "ten runs on", .runs, on: [.runs], .selectRun(by: 10)),
    KeyBinding("run.pageUp", [KeyPress(.pageUp)], "ten runs back", .runs, on: [.runs], .selectRun(by: -10)),
    KeyBinding(
      "run.mark", [.character("m")], "compare with this run, or not", hint: "mark", .runs, on: [.runs], .markRun,
      unless: { $0.runs.shown == nil ? "there is no run" : nil }),
    KeyBinding(
      "run.measure", [KeyPress(.enter)], "measure this run in Evaluate", hint: "measure", .runs, on: [.runs],
      .measureSelected,
      unless: { state in
        guard let run = state.runs.shown else { return "there is no run" }
        return run.hasCheckpoint ? nil : "this run has no checkpoint"
      }),
    KeyBinding(
      "run.resume", [.character("o")], "open this run as it was left; Space goes on", hint: "open", .runs, on: [.runs],
      .resumeRun,
      unless: { state in
        if state.training.isRunning { return "pause the run first: Space" }
        guard let run = state.runs.shown else { return "there is no run" }
        return run.hasCheckpoint ? nil : "this run has no checkpoint; O starts over with its settings"
      }),
    KeyBinding(
      "run.open", [.character("O")], "start over with this run's settings", .runs, on: [.runs], .openRun,
      unless: { state in
        if state.training.isRunning { return "pause the run first: Space" }
        return state.runs.shown == nil ? "there is no run" : nil
      }),
    KeyBinding(
      "run.export", [.character("X")], "write this run as CSV, JSON lines and SVG", hint: "export", .runs, on: [.runs],
      .exportRun, unless: { $0.runs.shown == nil ? "there is no run" : nil }),
    KeyBinding(
      "run.delete", [KeyPress(.delete)], "delete this run, after asking", hint: "delete", .runs, on: [.runs],
      .deleteRun, unless: { $0.runs.shown == nil ? "there is no run" : nil }),
    KeyBinding("runs.list", [.character("r")], "look for runs again", .runs, on: [.runs], .listRuns),
    KeyBinding(
      "axis.curves", [.character("y")], "linear or logarithmic loss", hint: "log", .runs, on: [.runs],
      .toggleLogarithmicCurves),
  ]
  private static let learn: [KeyBinding] = [
    KeyBinding(
      "lesson.proceed", [KeyPress(.enter)], "open the lesson; give the answer, go on", hint: "go on", .learn,
      on: [.learn], .lesson(.proceed)),
    KeyBinding(
      "lesson.back", [.character(","), KeyPress(.pageUp)], "back to the step before", hint: "back", .learn,
      on: [.learn],
      .lesson(.back), unless: { $0.lessonObstacle }),
    KeyBinding(
      "lesson.next", [.character("."), KeyPress(.pageDown)], "show the solution, go on to the next step", hint: "skip",
      .learn, on: [.learn], .lesson(.next), unless: { $0.lessonObstacle }),
    KeyBinding(
      "lesson.hint", [.character("!")], "a hint", hint: "hint", .learn, on: [.learn], .lesson(.hint),
      unless: { $0.learn.step?.question == nil ? "nothing is asked here" : nil }),
    KeyBinding(
      "lesson.describe", [.character(";")], "the picture in words, with its numbers", hint: "in words", .learn,
      on: [.learn], .lesson(.describe), unless: { $0.lessonObstacle }),
    KeyBinding(
      "lesson.recorded", [.character("P")], "show a recorded run instead of training", .learn, on: [.learn],
      .lesson(.playRecorded), unless: { $0.learn.step?.fallback == nil ? "there is no recorded run here" : nil }),
    KeyBinding(
      "lesson.down", [.character("j"), KeyPress(.down)], "next lesson", .learn, on: [.learn], .lesson(.select(by: 1)),
      unless: { $0.learn.play == nil ? nil : "Esc leaves the lesson first" }),
    KeyBinding(
      "lesson.up", [.character("k"), KeyPress(.up)], "lesson before", .learn, on: [.learn], .lesson(.select(by: -1)),
      unless: { $0.learn.play == nil ? nil : "Esc leaves the lesson first" }),
  ]
}
