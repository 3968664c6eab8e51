import Positions

/// Chronicles as training text, without a file.
public struct ChronicleTask: TextSource {
  public static let name = "chronicle"

  public init() {}

  public var name: String { Self.name }
  public var longestText: Int? { nil }

  public func text(minimum: Int, wanted: Int, progress: Double, using random: inout RandomStream) -> [UInt8] {
    ChronicleText().document(length: wanted, using: &random)
  }
}
