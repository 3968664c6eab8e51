import Foundation
import Transformer

/// A run on disk: `run.json`, `metrics.jsonl` and `checkpoint/`.
public final class RunFolder {
  public let path: String
  private var metrics: FileHandle
  /// The last line was written in part, as on a full disk: the next one must not be joined to it.
  private var isCut = false
  /// Held while the run is written, so that a second process is told.
  private let lock: FileHandle

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
  /// - Throws: `Failure.occupied` where a run is already there, `.inUse` where another process is making one,
  ///   `.cannotWrite` where the disk refuses.
  public init(creating path: String, settings: RunSettings, model: TransformerModel) throws(Failure) {
    self.path = path
    let metricsPath = path + "/metrics.jsonl"
    do {
      try DurableFile.createFolder(path)
      // Before anything is looked at: of two that start at once, the second must not write over the first.
      lock = try Self.lock(path)
      if FileManager.default.fileExists(atPath: metricsPath) { throw Failure.occupied(path: path) }
      let description = Description(
        command: settings.command, settings: settings, parameters: model.layout.parameterCount)
      try DurableFile.write(try Self.encoded(description), to: path + "/run.json")
      try Data().write(to: URL(fileURLWithPath: metricsPath))
      metrics = try FileHandle(forWritingTo: URL(fileURLWithPath: metricsPath))
    } catch let failure as Failure {
      throw failure
    } catch ModelFileError.unwritable(let path, let reason) {
      throw .cannotWrite(path: path, reason: reason)
    } catch {
      throw .cannotWrite(path: path, reason: error.localizedDescription)
    }
  }

  /// Opens a run's metrics again, without the lines of steps after `step`.
  ///
  /// - Parameter lock: what `lock(path)` gave.
  init(appendingTo path: String, through step: Int, _ lock: FileHandle) throws {
    self.path = path
    self.lock = lock
    Self.removeUnfinished(in: path)
    metrics = try Self.metrics(of: path, through: step)
  }

  /// Drops the metrics of steps after `step`.
  func forget(after step: Int) throws { metrics = try Self.metrics(of: path, through: step) }

  /// `metrics.jsonl` cut after a step, open at its end.
  private static func metrics(of path: String, through step: Int) throws -> FileHandle {
    let metricsPath = path + "/metrics.jsonl"
    let text = try ModelFile.contents(of: metricsPath, limit: metricsLimit)
    // Steps rise from line to line, so that only the end is looked at, however long the run.
    let last = text.split(separator: UInt8(ascii: "\n")).last { line in
      let object = try? JSONSerialization.jsonObject(with: line) as? [String: Any]
      return (object?["step"] as? Int).map { $0 <= step } ?? false
    }
    try DurableFile.write(last.map { [text[..<$0.endIndex], Data("\n".utf8)] } ?? [], to: metricsPath)
    do {
      let metrics = try FileHandle(forWritingTo: URL(fileURLWithPath: metricsPath))
      try metrics.seekToEnd()
      return metrics
    } catch {
      throw Failure.cannotWrite(path: metricsPath, reason: error.localizedDescription)
    }
  }

  /// Takes the run for this process, by its folder; the system lets go of it however the process ends.
  ///
  /// Not by a file in it: those are written anew and put in the old one's place, which holds no lock.
  static func lock(_ path: String) throws(Failure) -> FileHandle {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
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
    try checkPresence()
    let description = Description(
      command: settings.command, settings: settings, parameters: model.layout.parameterCount)
    guard let json = try? Self.encoded(description) else { return }
    try DurableFile.write(json, to: path + "/run.json")
  }

  private static func encoded(_ description: Description) throws -> Data {
    let pretty = JSONEncoder()
    pretty.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    pretty.keyEncodingStrategy = .convertToSnakeCase
    return try pretty.encode(description) + Data("\n".utf8)
  }

  /// Adds a line to `metrics.jsonl`, unless it is a step that long runs do not keep.
  public func append(_ record: some Encodable) throws(Failure) {
    if let step = record as? StepRecord, !step.isKept { return }
    do {
      try checkPresence()
      let line = (isCut ? "\n" : "") + (try Self.line(record)) + "\n"
      isCut = true
      try DurableFile.append(Data(line.utf8), to: metrics, path: path + "/metrics.jsonl")
      isCut = false
    } catch ModelFileError.unwritable(let path, let reason) {
      throw .cannotWrite(path: path, reason: reason)
    } catch {
      throw .cannotWrite(path: path + "/metrics.jsonl", reason: error.localizedDescription)
    }
  }

  /// A folder that was deleted or moved away must not come back with half a run in it, nor its metrics go to a file that
  /// nobody finds.
  func checkPresence() throws(ModelFileError) {
    var (held, named) = (stat(), stat())
    guard fstat(metrics.fileDescriptor, &held) == 0, stat(path + "/metrics.jsonl", &named) == 0,
      held.st_dev == named.st_dev, held.st_ino == named.st_ino
    else { throw .unwritable(path: path, reason: "it was deleted or moved while the run wrote to it") }
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
