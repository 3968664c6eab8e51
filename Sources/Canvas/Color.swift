/// A colour as a theme or a terminal names it.
public enum Color: Hashable, Sendable {
  /// The terminal's own default.
  case standard
  /// An entry of the 256-colour palette; 0 … 15 are the ANSI colours.
  case indexed(UInt8)
  case rgb(UInt8, UInt8, UInt8)
}
