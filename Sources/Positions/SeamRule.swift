/// What the last token of a chunk is asked to predict where another chunk follows, whose first token is not its neighbour in
/// the text unless the content is continuous.
public enum SeamRule: String, CaseIterable, Codable, Sendable {
  /// The next token of the example, as in the published code of PoSE.
  case kept
  /// Nothing: the seam is left out of the loss.
  case masked
  /// The token that follows in the text.
  case trueNext = "true-next"
}
