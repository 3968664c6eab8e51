import Foundation
import Transformer

extension RunFolder {
  /// Writes the model and the trainer's state beside the last checkpoint, then lets it take that one's place: a kill at any
  /// instant leaves a whole checkpoint.
  ///
  /// - Throws: `ModelFileError.unwritable`.
  public func saveCheckpoint(of training: TrainingRun) throws(ModelFileError) {
    let fresh = checkpointPath + ".part-\(getpid())"
    try? FileManager.default.removeItem(atPath: fresh)
    try ModelFolder.save(training.model, to: fresh)
    try training.engine.saveState(to: fresh + "/trainer.safetensors")
    let state = TrainerState(step: training.stepCount, tokens: training.tokens, seconds: training.seconds)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    guard let json = try? encoder.encode(state) else { return }
    try DurableFile.write(json + Data("\n".utf8), to: fresh + "/trainer.json")
    try DurableFile.replaceFolder(checkpointPath, by: fresh)
  }

  /// What `trainer.json` holds. Texts and layouts are drawn from the seed and the step, so there is no other random state.
  struct TrainerState: Codable {
    var step: Int
    var tokens: Int
    var seconds: Double
  }
}
