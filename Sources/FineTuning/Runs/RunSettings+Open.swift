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
  /// - Throws: an error whose description names the file, field and value that is in the way.
  public func open(threads: Int) throws -> TrainingRun {
    let source = try source()
    let model = try ModelFolder.load(model)
    return try TrainingRun(self, model: model, source: source, threads: threads)
  }

  /// The settings with a target that a text's longest document can fill.
  ///
  /// - Throws: `PositionError.textTooShort` where not even one window fits.
  public func fitting(_ corpus: Corpus) throws(PositionError) -> RunSettings {
    guard corpus.longestDocument >= window else {
      throw .textTooShort(tokens: corpus.longestDocument, needed: window, rule: "a training window")
    }
    return self
  }
}
