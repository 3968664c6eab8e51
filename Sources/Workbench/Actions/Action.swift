import Canvas
import FineTuning
import Transformer

/// Everything that can happen to the state.
public enum Action: Equatable, Sendable {
  // The program
  case show(Screen)
  case nextPane, previousPane
  case explain, describe
  case resizePane(by: Int)
  case help
  case prompt
  case chooseTheme
  case saveScreen
  case quit
  case cancel
  case redraw
  // Positions
  case nextLayout, previousLayout
  case drawLayouts(Int)
  case selectHandle(by: Int)
  case moveHandle(by: Int)
  case undo, redo
  case changeChunks(by: Int)
  case nextSampler, previousSampler, nextContent, nextScaling, nextSplit, nextBiases, nextSeam
  case doubleTarget, halveTarget
  case doubleWindow, halveWindow
  case nextSeed
  // Distances
  case nextMeasure
  case toggleDistanceAxis, nextValueScale
  case toggleDistanceCursor
  case moveDistance(by: Int, finely: Bool)
  case zoomIn, zoomOut, zoomAll
  case drawMillion
  case pin, unpinLast
  // Train
  case runOrPause
  case stepOnce, stepBack
  /// Look at a step further on or back, by fiftieths of the run.
  case scrub(by: Int)
  case scrubTo(Int)
  case scrubToTip
  case newRun
  case saveCheckpoint
  case smooth(by: Int)
  case toggleLogarithmicLoss
  // Attention
  case changeLayer(by: Int)
  case changeHead(by: Int)
  case moveCursor(rows: Int, columns: Int)
  case toggleAxis
  case nextScale
  case nextSide
  case toggleSink
  case seekFarHead, seekFarCell
  case lookAtHead(Inference.HeadAddress)
  // Evaluate
  case measureRun, measureBase
  case togglePositions, nextResultScale
  case selectModel(by: Int)
  case removeModel
  // Runs
  case selectRun(by: Int)
  case markRun, resumeRun, openRun, measureSelected, exportRun, deleteRun, listRuns
  case toggleLogarithmicCurves
  // Learn
  case lesson(LessonAction)
}

/// What reaches `reduce`.
public enum Event: Equatable, Sendable {
  case action(Action)
  case key(KeyPress)
  case mouse(MouseEvent)
  case paste(String)
  case resize(Size)
  case news(SessionNews)
  case survey(DistanceSurvey)
  case evaluations([EvaluationNews])
  case runs([RunSummary])
  /// A lecturer's window counts hands.
  case hands([Character: Int])
  /// An effect was done; the sentence says what came of it.
  case told(String)
  /// An effect could not be done; the sentence says why.
  case failure(String)
  /// The run asked for cannot be opened; the one shown goes on.
  case openFailed(String)
}

/// What `reduce` asks the outside to do.
public enum Effect: Equatable, Sendable {
  /// Open a session; the one that is running stays until the new one is ready.
  case open(RunSettings)
  /// The same with a run on disk, which goes on from its checkpoint.
  case resume(path: String, RunSettings)
  case send(TrainingSession.Command)
  /// Find out what the examples of some settings teach about distances.
  case survey(SurveyRequest)
  /// Measure a model.
  case evaluate(EvaluationRequest)
  /// Find out which runs there are.
  case listRuns
  /// Write the run at a path as a table, as lines and as a picture.
  case exportRun(String)
  /// Delete the run at a path.
  case deleteRun(String)
  case useTheme(String)
  /// Write what is on the screen to files.
  case saveScreen
  /// Keep how far one is in the lessons.
  case keepProgress
  /// Draw every cell again.
  case repaint
  /// End: keep what was trained, then leave.
  case quit
}

extension Effect {
  /// Another run is opened.
  var opensRun: Bool {
    switch self {
    case .open, .resume: true
    default: false
    }
  }
}
