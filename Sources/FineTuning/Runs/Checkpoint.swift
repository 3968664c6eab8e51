import Foundation
import Positions
import Transformer

extension RunFolder {
  /// Writes the model and the trainer's state beside the last checkpoint, then lets it take that one's place: a kill at any
  /// instant leaves a whole checkpoint.
  ///
  /// - Throws: `ModelFileError.unwritable`.
  public func saveCheckpoint(of training: TrainingRun) throws(ModelFileError) {
    try checkPresence()
    let fresh = checkpointPath + ".part-\(getpid())"
    try? FileManager.default.removeItem(atPath: fresh)
    do throws(ModelFileError) {
      try Self.write(training, to: fresh)
      try DurableFile.replaceFolder(checkpointPath, by: fresh)
    } catch {
      // On a full disk the unfinished one only takes room.
      try? FileManager.default.removeItem(atPath: fresh)
      try checkPresence()
      throw error
    }
  }

  private static func write(_ training: TrainingRun, to fresh: String) throws(ModelFileError) {
    // Without the folders above it, which must not come back.
    guard mkdir(fresh, 0o777) == 0 else {
      throw .unwritable(path: fresh, reason: String(cString: strerror(errno)))
    }
    try ModelFolder.save(training.model, to: fresh)
    try training.engine.saveState(to: fresh + "/trainer.safetensors")
    let state = TrainerState(step: training.stepCount, tokens: training.tokens, seconds: training.seconds)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    guard let json = try? encoder.encode(state) else { return }
    try DurableFile.write(json + Data("\n".utf8), to: fresh + "/trainer.json")
  }

  /// Goes on where the run's checkpoint left off; the metrics of steps after it are dropped.
  ///
  /// - Throws: `Failure.notResumable` where there is no checkpoint or it belongs to other settings, `.inUse` where another
  ///   process trains it, `ModelFileError` where its files cannot be read.
  public convenience init(resuming path: String, _ training: TrainingRun) throws {
    let statePath = path + "/checkpoint/trainer.json"
    guard FileManager.default.fileExists(atPath: statePath) else {
      throw Failure.notResumable(path: path, reason: "it holds no checkpoint")
    }
    // Before anything is read that another process may be writing.
    let lock = try Self.lock(path)
    let json = try ModelFile.contents(of: statePath)
    guard let state = try? JSONDecoder().decode(TrainerState.self, from: json) else {
      throw ModelFileError.invalidJSON(path: statePath, reason: "it has no step, tokens and seconds")
    }
    let saved = try Self.settings(of: path)
    guard training.settings.continues(saved) else {
      throw Failure.notResumable(path: path, reason: "its settings differ; it was started by: \(saved.command)")
    }
    try training.engine.restore(
      weights: SafetensorsFile(path: path + "/checkpoint/" + ModelFolder.weightsName),
      state: SafetensorsFile(path: path + "/checkpoint/trainer.safetensors"), stepCount: state.step)
    training.resume(tokens: state.tokens, seconds: state.seconds)
    try self.init(appendingTo: path, through: state.step, lock)
  }

  /// What `trainer.json` holds. Texts and layouts are drawn from the seed and the step, so there is no other random state.
  struct TrainerState: Encodable {
    var step: Int
    var tokens: Int
    var seconds: Double
  }
}

extension RunFolder.TrainerState: Decodable {
  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    step = try fields.whole(.counts, forKey: .step)
    tokens = try fields.whole(0...1 << 53, forKey: .tokens)
    seconds = try fields.decode(Double.self, forKey: .seconds)
  }
}
