extension StringProtocol {
  /// Whether it could speak to the terminal that it is printed on: move the cursor, rename the window, turn the writing round.
  public var controlsTerminal: Bool {
    unicodeScalars.contains { scalar in
      switch scalar.properties.generalCategory {
      case .control: scalar != "\n"
      case .lineSeparator, .paragraphSeparator: true
      default: scalar.properties.isBidiControl
      }
    }
  }
}
