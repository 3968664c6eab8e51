/// One cell of the screen: a glyph and its style.
///
/// A glyph two columns wide fills its own cell and marks the one on its right as `.continuation`.
public struct Cell: Hashable, Sendable {
  public var glyph: Glyph
  public var style: Style

  public init(_ glyph: Glyph, _ style: Style = .plain) {
    self.glyph = glyph
    self.style = style
  }

  public static let blank = Cell(Glyph(" "))
}

/// What stands in a cell: one Unicode scalar, so that cells stay plain values that compare in a few instructions.
///
/// Combining marks are dropped and control characters become `�` before text reaches a cell, so a glyph can
/// never move the cursor or start an escape sequence.
public struct Glyph: Hashable, Sendable {
  public let scalar: Unicode.Scalar

  public init(_ scalar: Unicode.Scalar) { self.scalar = scalar }

  /// The right half of a glyph two columns wide.
  public static let continuation = Glyph("\0")
}
