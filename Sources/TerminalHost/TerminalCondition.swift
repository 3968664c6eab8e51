import Canvas
import Foundation

/// What the workbench would find on the terminal, for those who ask before it draws.
public struct TerminalCondition: Equatable, Sendable {
  /// Where standard output goes.
  public var isTerminal: Bool
  /// Its size in cells; nil where it is none or does not say.
  public var size: Size?
  /// `TERM`, or the type chosen instead of it for its colours; nil where no screen can be drawn.
  public var type: String?
  /// Why no screen could be drawn on the terminal type.
  public var problem: TerminalHostError?
  public var abilities: TerminalAbilities

  /// A condition as given, for a test.
  public init(
    isTerminal: Bool, size: Size?, type: String?, problem: TerminalHostError? = nil, abilities: TerminalAbilities
  ) {
    self.isTerminal = isTerminal
    self.size = size
    self.type = type
    self.problem = problem
    self.abilities = abilities
  }

  /// The size in cells of the terminal that standard output leads to; nil where it leads to none, or none that says.
  public static var currentSize: Size? { TerminalSession.currentSize() }

  /// Asks as `TerminalHost.run` does. Takes over the environment's locale for the process.
  @MainActor
  public static func detected() -> TerminalCondition {
    var condition = TerminalCondition(
      isTerminal: isatty(STDOUT_FILENO) == 1, size: currentSize, type: nil,
      abilities: .detected())
    do throws(TerminalHostError) {
      condition.type = try TerminalHost.terminalType().name
    } catch {
      condition.problem = error
    }
    return condition
  }
}
