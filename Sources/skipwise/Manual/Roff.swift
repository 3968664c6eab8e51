/// Text for roff's `man` macros (groff_man(7)).
enum Roff {
  /// Text that shows as it is written.
  ///
  /// Beyond ASCII, characters are named by number, so that the page does not depend on how a reader decodes it. A hyphen is
  /// written as a minus: what is copied out of the manual has to work on a command line.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\e"
      case "-": escaped += "\\-"
      case "'": escaped += "\\(aq"
      case "\"": escaped += "\\(dq"
      case "`": escaped += "\\(ga"
      case "^": escaped += "\\(ha"
      case "~": escaped += "\\(ti"
      case "\n": escaped += " "
      default:
        if scalar.isASCII {
          escaped.unicodeScalars.append(scalar)
        } else {
          let number = String(scalar.value, radix: 16, uppercase: true)
          escaped += "\\[u\(String(repeating: "0", count: max(0, 4 - number.count)))\(number)]"
        }
      }
    }
    // A dot in front would be taken for a macro.
    return escaped.hasPrefix(".") ? "\\&" + escaped : escaped
  }

  static func bold(_ text: String) -> String { "\\fB\(escaped(text))\\fR" }

  static func italic(_ text: String) -> String { "\\fI\(escaped(text))\\fR" }

  static func section(_ title: String) -> String { ".SH \(escaped(title))" }

  static func subsection(_ title: String) -> String { ".SS \(escaped(title))" }

  static func paragraph(_ text: String) -> String { ".PP\n\(escaped(text))" }

  /// A term, in roff already, with what it means below it.
  static func entry(_ term: String, _ meaning: String) -> String { ".TP\n\(term)\n\(escaped(meaning))" }

  /// A line that is not broken.
  static func verbatim(_ text: String) -> String { ".PP\n.RS 4\n.nf\n\(escaped(text))\n.fi\n.RE" }
}
