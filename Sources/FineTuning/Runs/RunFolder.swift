import Foundation
import Transformer

/// A run on disk: `run.json`, `metrics.jsonl` and `checkpoint/`.
public final class RunFolder {
  public let path: String
  private var metrics: FileHandle
  /// Held while the run is written, so that a second process is told.
  private var lock: FileHandle

  /// Bytes of metrics that are read: some millions of steps.
  public static let metricsLimit = 1 << 30

  /// What went wrong with a run's folder.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    case occupied(path: String)
    case cannotWrite(path: String, reason: String)
    case notResumable(path: String, reason: String)
    case inUse(path: String)

    public var description: String {
      switch self {
      case .occupied(let path): "\(path) already holds a run; name another folder with --out, or go on with --resume"
      case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
      case .notResumable(let path, let reason): "cannot resume \(path): \(reason)"
      case .inUse(let path):
        "\(path) is being trained by another process; let it end, or name another folder with --out"
      }
    }
  }

  /// What `run.json` holds.
  private struct Description: Codable {
    var skipwise = Skipwise.version
    var command: String
    var settings: RunSettings
    var parameters: Int
    var blas = Processor.blasName
    var lanes = TrainingEngine.laneCount
  }

  /// Makes the folder and writes `run.json`.
  ///
  /// - Throws: `Failure.occupied` where a run is already there, `.cannotWrite` where the disk refuses.
  public init(creating path: String, settings: RunSettings, model: TransformerModel) throws(Failure) {
    self.path = path
    let metricsPath = path + "/metrics.jsonl"
    if FileManager.default.fileExists(atPath: metricsPath) { throw .occupied(path: path) }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      let description = Description(
        command: settings.command, settings: settings, parameters: model.layout.parameterCount)
      try (try Self.encoded(description)).write(to: URL(fileURLWithPath: path + "/run.json"))
      try Data().write(to: URL(fileURLWithPath: metricsPath))
      metrics = try FileHandle(forWritingTo: URL(fileURLWithPath: metricsPath))
    } catch {
      throw .cannotWrite(path: path, reason: error.localizedDescription)
    }
    lock = try Self.lock(path)
  }

  /// Opens a run's metrics again, without the lines of steps after `step`.
  init(appendingTo path: String, through step: Int) throws {
    self.path = path
    lock = try Self.lock(path)
    Self.removeUnfinished(in: path)
    metrics = try Self.metrics(of: path, through: step)
  }

  /// Drops the metrics of steps after `step`.
  func forget(after step: Int) throws { metrics = try Self.metrics(of: path, through: step) }

  /// `metrics.jsonl` cut after a step, open at its end.
  private static func metrics(of path: String, through step: Int) throws -> FileHandle {
    let metricsPath = path + "/metrics.jsonl"
    let text = String(decoding: try ModelFile.contents(of: metricsPath, limit: metricsLimit), as: UTF8.self)
    let kept = text.split(separator: "\n").filter { line in
      let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return (object?["step"] as? Int).map { $0 <= step } ?? false
    }
    try DurableFile.write(Data(kept.map { $0 + "\n" }.joined().utf8), to: metricsPath)
    do {
      let metrics = try FileHandle(forWritingTo: URL(fileURLWithPath: metricsPath))
      try metrics.seekToEnd()
      return metrics
    } catch {
      throw Failure.cannotWrite(path: metricsPath, reason: error.localizedDescription)
    }
  }

  /// Takes the run for this process, by its `run.json`; the system lets go of it however the process ends.
  static func lock(_ path: String) throws(Failure) -> FileHandle {
    // Without waiting, should it be a pipe.
    let descriptor = open(path + "/run.json", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: String(cString: strerror(errno))) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    // A file system without locks lets everyone in.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else { throw .inUse(path: path) }
    return handle
  }

  /// What processes that were killed while they wrote a checkpoint left behind.
  private static func removeUnfinished(in path: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names where name.hasPrefix("checkpoint.part-") {
      try? FileManager.default.removeItem(atPath: path + "/" + name)
    }
  }

  /// The settings that a run was started with.
  static func settings(of path: String) throws -> RunSettings {
    let json = try ModelFile.contents(of: path + "/run.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let description = try? decoder.decode(Description.self, from: json) else {
      throw ModelFileError.invalidJSON(path: path + "/run.json", reason: "it has no settings of a run")
    }
    return description.settings
  }

  /// Writes `run.json` again for settings that were changed in mid-run; `metrics.jsonl` says when.
  func describe(_ settings: RunSettings, model: TransformerModel) throws(ModelFileError) {
    let description = Description(
      command: settings.command, settings: settings, parameters: model.layout.parameterCount)
    guard let json = try? Self.encoded(description) else { return }
    try DurableFile.write(json, to: path + "/run.json")
    // The lock lay on the file that was there before.
    if let fresh = try? Self.lock(path) { lock = fresh }
  }

  private static func encoded(_ description: Description) throws -> Data {
    let pretty = JSONEncoder()
    pretty.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    pretty.keyEncodingStrategy = .convertToSnakeCase
    return try pretty.encode(description) + Data("\n".utf8)
  }

  /// Adds a line to `metrics.jsonl`.
  public func append(_ record: some Encodable) throws(Failure) {
    do {
      try metrics.write(contentsOf: Data((try Self.line(record) + "\n").utf8))
    } catch {
      throw .cannotWrite(path: path + "/metrics.jsonl", reason: error.localizedDescription)
    }
  }

  /// A step or an evaluation as `metrics.jsonl` has it: a JSON object, keys in the order of the alphabet.
  public static func line(_ record: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(record), as: UTF8.self)
  }

  /// Where the model of the last checkpoint lies.
  public var checkpointPath: String { path + "/checkpoint" }
}
