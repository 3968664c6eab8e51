import Foundation

/// Where the program's own files and the user's runs lie.
public enum Installation {
  /// A folder that ships with the program, such as `themes` or `sample-data`: beside the executable's package, in
  /// `../share/skipwise`, or below the current folder. `SKIPWISE_SHARE` goes first.
  public static func folder(_ name: String) -> String? {
    candidates.map { $0 + "/" + name }.first { path in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
  }

  /// A model's folder: that of a base model that ships with the program, by its name; else as given, or its checkpoint where
  /// a run is given. A folder of a base model's name is meant by `./NAME`.
  ///
  /// - Throws: `InstallationError.missing` where a base model is meant and cannot be found.
  public static func modelFolder(_ name: String = BaseModel.keys.name) throws(InstallationError) -> String {
    if let base = BaseModel.named(name) {
      guard let folder = folder(base.folder) else { throw .missing(name: base.folder) }
      return folder
    }
    let files = FileManager.default
    let isRun = files.fileExists(atPath: name + "/checkpoint") && !files.fileExists(atPath: name + "/config.json")
    return isRun ? name + "/checkpoint" : name
  }

  /// How a run's settings name a model so that they hold anywhere: a base model by its name, other folders by their whole path.
  public static func modelReference(_ name: String) throws(InstallationError) -> String {
    guard BaseModel.named(name) == nil else { return name }
    return absolute(try modelFolder(name))
  }

  /// A path that holds wherever the program is started.
  public static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

  /// Where runs are kept: below `SKIPWISE_HOME`, or below `skipwise` in the user's data folder.
  public static var runsFolder: String { dataFolder + "/runs" }

  /// Where what the program makes is kept: `SKIPWISE_HOME`, or the user's data folder (XDG Base Directory Specification).
  public static var dataFolder: String { home("XDG_DATA_HOME", "/.local/share") }

  /// Where a user's keys, themes and the workbench's memory are kept: `SKIPWISE_HOME`, or the user's settings folder.
  public static var settingsFolder: String { home("XDG_CONFIG_HOME", "/.config") }

  private static func home(_ variable: String, _ fallback: String) -> String {
    let environment = ProcessInfo.processInfo.environment
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    // Foundation asks the list of users first; a shell and the XDG specification go by the variable.
    let own = value("HOME") ?? NSHomeDirectory()
    return value("SKIPWISE_HOME") ?? (value(variable) ?? own + fallback) + "/skipwise"
  }

  /// Where themes are looked for: the user's, then those that ship with the program.
  public static var themeFolders: [String] { [settingsFolder + "/themes"] + (folder("themes").map { [$0] } ?? []) }

  /// A folder for a new run, named by the time; nothing is made yet.
  public static func newRunFolder() -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyy-MM-dd-HHmmss"
    let stem = runsFolder + "/" + formatter.string(from: Date())
    let names = [stem] + (2...99).map { "\(stem)-\($0)" }
    return names.first { !FileManager.default.fileExists(atPath: $0) } ?? stem + "-\(getpid())"
  }

  private static var candidates: [String] {
    var found: [String] = []
    if let share = ProcessInfo.processInfo.environment["SKIPWISE_SHARE"], !share.isEmpty { found.append(share) }
    if let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
      var folder = (executable as NSString).deletingLastPathComponent
      found.append(folder + "/../share/skipwise")
      // A build lies some folders below its package.
      while folder.count > 1 {
        folder = (folder as NSString).deletingLastPathComponent
        if FileManager.default.fileExists(atPath: folder + "/Package.swift") { found.append(folder) }
      }
    }
    return found + ["."]
  }
}

/// What the installation lacks.
public enum InstallationError: Error, Equatable, Sendable, CustomStringConvertible {
  case missing(name: String)
  case unnamed

  public var description: String {
    switch self {
    case .missing(let name):
      "\(name) is not beside the program; set SKIPWISE_SHARE to the folder that holds it, or name a model with --model"
    case .unnamed: "the run does not say what model it started from"
    }
  }
}
