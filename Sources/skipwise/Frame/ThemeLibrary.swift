import Canvas
import FineTuning

/// The themes that can be found on this machine.
enum ThemeLibrary {
  static var names: [String] { ThemeFile.names(in: Installation.themeFolders) }

  /// - Parameter name: nil takes `dark`, or the terminal's own colours where there is no theme at all.
  /// - Throws: `ThemeError` for a theme that is named and cannot be read.
  static func theme(named name: String?) throws(ThemeError) -> Theme {
    if name == nil, names.isEmpty { return .fallback }
    return try ThemeFile.theme(named: name ?? "dark", in: Installation.themeFolders)
  }
}
