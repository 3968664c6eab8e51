import Foundation

/// What is wrong with a theme file; names the file and the line.
public struct ThemeError: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String
}

/// Reads `themes/NAME.theme`: `key = "value"` lines, a subset of TOML.
///
/// A style is a foreground, then `on` and a background, then attributes: `"#e6e1cf on #1c1f26 bold"`. `_` keeps what the terminal or the
/// `text` role has. A ramp is a list of two or more colours. `inherits` names another theme that fills in what is not said.
public enum ThemeFile {
  /// - Parameters:
  ///   - text: the file's text.
  ///   - name: what errors and screens call it.
  ///   - parent: gives the text of another theme, nil where there is none.
  /// - Throws: `ThemeError` naming the file, the line, the key and what is allowed.
  public static func theme(
    _ text: String, name: String, parent: (String) -> String?
  ) throws(ThemeError) -> Theme {
    try theme(text, name: name, parent: parent, depth: 0)
  }

  /// Reads a theme from folders of `.theme` files; the first that has it gives it.
  ///
  /// - Throws: `ThemeError` where it is missing or cannot be read.
  public static func theme(named name: String, in folders: [String]) throws(ThemeError) -> Theme {
    func contents(_ name: String) -> String? {
      folders.lazy.compactMap { self.contents(of: "\($0)/\(name).theme") }.first
    }
    guard let text = contents(name) else {
      throw ThemeError(
        description: "there is no theme '\(name)'; known are \(names(in: folders).joined(separator: ", "))")
    }
    return try theme(text, name: name, parent: contents)
  }

  /// A file's text; nil for what is no file, such as a pipe that would be waited for, or is too large for a theme.
  private static func contents(of path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= 1 << 20 else { return nil }
    return try? String(contentsOfFile: path, encoding: .utf8)
  }

  /// The themes of some folders, sorted, `dark` first.
  public static func names(in folders: [String]) -> [String] {
    let files = folders.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
    let names = Set(files.filter { $0.hasSuffix(".theme") }.map { String($0.dropLast(6)) })
    return names.sorted { ($0 == "dark" ? 0 : 1, $0) < ($1 == "dark" ? 0 : 1, $1) }
  }

  private static func theme(
    _ text: String, name: String, parent: (String) -> String?, depth: Int
  ) throws(ThemeError) -> Theme {
    guard depth < 8 else { throw ThemeError(description: "\(name).theme inherits in a circle") }
    let lines = try parsed(text, name: name)
    var theme = Theme(name: name, styles: [:], ramps: [:])
    if let line = lines.first(where: { $0.key == "inherits" }), let parentName = line.strings.first {
      guard let parentText = parent(parentName) else {
        throw line.error(name, "there is no theme '\(parentName)'")
      }
      theme = try self.theme(parentText, name: parentName, parent: parent, depth: depth + 1)
      theme.name = name
    }
    for line in lines where line.key != "inherits" {
      if let ramp = Theme.RampName(rawValue: line.key) {
        theme.ramps[ramp] = try Self.ramp(line, name)
      } else if let role = Theme.Role(rawValue: line.key) {
        theme.styles[role] = try style(line, name)
      } else {
        let known = Theme.Role.allCases.map(\.rawValue) + Theme.RampName.allCases.map(\.rawValue) + ["inherits"]
        throw line.error(name, "unknown key; known are \(known.joined(separator: ", "))")
      }
    }
    // Only the theme that is asked for fills in its backgrounds: what it inherits must not bring the parent's along.
    return depth == 0 ? filled(theme) : theme
  }

  /// Backgrounds that a role leaves open are the text's.
  private static func filled(_ theme: Theme) -> Theme {
    var filled = theme
    let background = theme[.text].background
    for (role, style) in theme.styles where style.background == .standard {
      filled.styles[role]?.background = background
    }
    return filled
  }

  private struct Line {
    var number: Int
    var key: String
    var strings: [String]

    func error(_ name: String, _ problem: String) -> ThemeError {
      ThemeError(description: "\(name).theme, line \(number), \(key): \(problem)")
    }
  }

  private static func parsed(_ text: String, name: String) throws(ThemeError) -> [Line] {
    var lines: [Line] = []
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = raw.trimmingCharacters(in: .whitespaces)
      if line.isEmpty || line.hasPrefix("#") { continue }
      let halves = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      var entry = Line(number: index + 1, key: halves.first ?? "", strings: [])
      guard halves.count == 2 else { throw entry.error(name, "a line is key = \"value\"") }
      let pieces = halves[1].split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
      guard pieces.count >= 3, pieces.count % 2 == 1 else { throw entry.error(name, "the value is not in quotes") }
      entry.strings = stride(from: 1, to: pieces.count, by: 2).map { pieces[$0] }
      lines.append(entry)
    }
    return lines
  }

  private static func ramp(_ line: Line, _ name: String) throws(ThemeError) -> Ramp {
    var stops: [RGB] = []
    for text in line.strings {
      guard let stop = RGB(hex: text) else { throw line.error(name, "'\(text)' is not a colour such as #1c1f26") }
      stops.append(stop)
    }
    guard stops.count >= 2 else { throw line.error(name, "a ramp needs at least two colours") }
    return Ramp(stops: stops)
  }

  private static func style(_ line: Line, _ name: String) throws(ThemeError) -> Style {
    var style = Style.plain
    var isBackground = false
    for word in (line.strings.first ?? "").split(separator: " ") {
      if word == "on" {
        isBackground = true
      } else if let attribute = attributes[String(word)] {
        style.attributes.insert(attribute)
      } else if word != "_" {
        guard let color = color(String(word)) else {
          throw line.error(
            name,
            "'\(word)' is neither a colour (#1c1f26, or 0 to 255) nor one of bold, dim, italic, underline, reverse")
        }
        if isBackground { style.background = color } else { style.foreground = color }
      }
    }
    return style
  }

  private static func color(_ word: String) -> Color? {
    RGB(hex: word)?.color ?? UInt8(word).map { .indexed($0) }
  }

  private static let attributes: [String: Style.Attributes] = [
    "bold": .bold, "dim": .dim, "italic": .italic, "underline": .underline, "reverse": .reverse,
  ]
}

extension Theme {
  /// What is used where no theme file can be found: the terminal's own sixteen colours.
  public static let fallback: Theme = {
    var styles: [Role: Style] = [:]
    for role in Role.allCases { styles[role] = .plain }
    styles[.dim] = Style(.indexed(8))
    styles[.accent] = Style(.indexed(6), on: .standard, .bold)
    styles[.title] = Style(.standard, on: .standard, .bold)
    styles[.border] = Style(.indexed(8))
    styles[.focus] = Style(.indexed(6))
    styles[.good] = Style(.indexed(2))
    styles[.warn] = Style(.indexed(3))
    styles[.bad] = Style(.indexed(1), on: .standard, .bold)
    styles[.barKey] = Style(.indexed(6), on: .standard, .bold)
    styles[.selection] = Style(.standard, on: .standard, .reverse)
    styles[.cursor] = Style(.standard, on: .standard, .reverse)
    styles[.axis] = Style(.indexed(8))
    styles[.track] = Style(.indexed(8))
    for (index, role) in [Role.chunk0, .chunk1, .chunk2, .chunk3, .chunk4, .chunk5, .chunk6, .chunk7].enumerated() {
      styles[role] = Style(.indexed([6, 3, 2, 5, 4, 1, 14, 11][index]))
    }
    for (index, role) in [Role.series0, .series1, .series2, .series3, .series4, .series5].enumerated() {
      styles[role] = Style(.indexed([6, 3, 2, 5, 4, 1][index]))
    }
    return Theme(name: "fallback", styles: styles, ramps: [:])
  }()
}
