import Foundation
import Transformer

/// A run on disk as a list shows it.
public struct RunSummary: Equatable, Sendable {
  public var path: String
  public var settings: RunSettings
  public var steps: [StepRecord] = []
  /// How far the model read, oldest first.
  public var evaluations: [EvaluationRecord] = []
  /// Settings changed on the way, oldest first.
  public var changes: [RunChange] = []
  public var hasCheckpoint = false

  public init(path: String, settings: RunSettings) {
    self.path = path
    self.settings = settings
  }

  /// The folder's own name.
  public var name: String { (path as NSString).lastPathComponent }

  /// Perplexity at a length when it was measured last; nil where only the base model was.
  public func perplexity(at length: Int) -> Double? {
    evaluations.last { $0.step > 0 }?.perplexity(at: length)
  }
}

/// The runs below a folder.
public enum RunCatalog {
  /// All runs, newest first; folders that hold none are passed over.
  public static func runs(in folder: String) -> [RunSummary] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let found = names.compactMap { name in try? (run(at: folder + "/" + name), began: began(folder + "/" + name)) }
    return found.sorted { ($0.began, $0.0.name) > ($1.began, $1.0.name) }.map(\.0)
  }

  private static func began(_ path: String) -> Date {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path + "/run.json")
    return attributes?[.modificationDate] as? Date ?? .distantPast
  }

  /// - Throws: `ModelFileError` where there is no run, or none that can be read.
  public static func run(at path: String) throws -> RunSummary {
    var summary = RunSummary(path: path, settings: try RunFolder.settings(of: path))
    let metrics = path + "/metrics.jsonl"
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    if FileManager.default.fileExists(atPath: metrics) {
      let text = try ModelFile.contents(of: metrics, limit: RunFolder.metricsLimit)
      // A line that a kill has cut is passed over, and one that no run writes.
      for line in text.split(separator: UInt8(ascii: "\n")) where line.count < 1 << 20 {
        if let step = try? decoder.decode(StepRecord.self, from: line) {
          summary.steps.append(step)
        } else if let evaluation = try? decoder.decode(EvaluationRecord.self, from: line) {
          summary.evaluations.append(evaluation)
        } else if let change = try? decoder.decode(RunChange.self, from: line) {
          summary.changes.append(change)
        }
      }
    }
    summary.hasCheckpoint = FileManager.default.fileExists(atPath: path + "/checkpoint/config.json")
    return summary
  }

  /// A run by its folder, or by its name among those below `folder`.
  ///
  /// - Throws: as `run(at:)`.
  public static func run(named name: String, in folder: String = Installation.runsFolder) throws -> RunSummary {
    let isPath = name.contains("/") || FileManager.default.fileExists(atPath: name + "/run.json")
    return try run(at: isPath ? name : folder + "/" + name)
  }

  /// Deletes a run with everything in it.
  ///
  /// - Throws: `RunFolder.Failure.inUse` while it is trained, `.cannotWrite` where the disk refuses.
  public static func delete(_ path: String) throws(RunFolder.Failure) {
    let lock = try RunFolder.lock(path)
    defer { try? lock.close() }
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw .cannotWrite(path: path, reason: error.localizedDescription)
    }
  }
}

/// Lists runs on a thread of its own.
public enum RunLister {
  /// - Parameter deliver: called on the thread with what was found.
  public static func list(_ folder: String, deliver: @escaping @Sendable ([RunSummary]) -> Void) {
    LowPriorityThread.detach { deliver(RunCatalog.runs(in: folder)) }
  }
}
