import Foundation
import Positions
import Transformer

extension RunSettings {
  /// Where training text comes from: the files, or the task's generator.
  ///
  /// - Throws: `CorpusError` where a file cannot be used, `PositionError.unknownName` for an unknown task.
  public func source() throws -> any TextSource {
    if !texts.isEmpty { return try Corpus(paths: texts) }
    return try TaskRegistry.task(named: task)
  }

  /// Loads the base model and the text, and prepares the run.
  ///
  /// - Parameter isWanted: as for `TrainingRun`.
  /// - Throws: an error whose description names the file, field and value that is in the way.
  public func open(threads: Int, while isWanted: () -> Bool = { true }) throws -> TrainingRun {
    let source = try source()
    return try TrainingRun(self, model: loadedModel(), source: source, threads: threads, while: isWanted)
  }

  /// The model that the run starts from.
  ///
  /// - Throws: `InstallationError.unnamed` where the settings name none.
  func loadedModel() throws -> TransformerModel {
    if let fresh { return try TransformerModel(fresh.configuration(window: window), seed: seed) }
    guard !model.isEmpty else { throw InstallationError.unnamed }
    return try ModelFolder.load(Installation.modelFolder(model))
  }
}
