extension String {
  /// The text on one line, as it may be printed on a terminal whatever it came out of.
  ///
  /// File names, lessons and headers can hold escape sequences, line breaks and marks that turn the direction of writing: all
  /// of these are spelled out. Joiners stay, since scripts and emoji need them.
  public var printable: String {
    unicodeScalars.reduce(into: "") { line, scalar in
      switch scalar.properties.generalCategory {
      case .format where scalar.properties.isJoinControl: line.unicodeScalars.append(scalar)
      case .control, .format, .lineSeparator, .paragraphSeparator: line += scalar.escaped(asASCII: true)
      default: line.unicodeScalars.append(scalar)
      }
    }
  }
}
