import Canvas
import Workbench

extension ControlSequence {
  /// A mouse report in SGR encoding (xterm mode 1006): button and modifiers, column, row, counted from 1.
  func mouse(isRelease: Bool) -> MouseEvent? {
    guard numbers.count == 3, let action = mouseAction(number(0), isRelease: isRelease) else { return nil }
    var modifiers: KeyPress.Modifiers = []
    if number(0) & 4 != 0 { modifiers.insert(.shift) }
    if number(0) & 8 != 0 { modifiers.insert(.alt) }
    if number(0) & 16 != 0 { modifiers.insert(.control) }
    let place = Point(max(number(1) - 1, 0), max(number(2) - 1, 0))
    return MouseEvent(action, at: place, modifiers: modifiers)
  }

  private func mouseAction(_ code: Int, isRelease: Bool) -> MouseEvent.Action? {
    let isMotion = code & 32 != 0
    switch code & ~(4 | 8 | 16 | 32) {
    case 64 where !isRelease: return .wheelUp
    case 65 where !isRelease: return .wheelDown
    case 3 where isMotion: return .move
    case let number where number < 3:
      let button: MouseEvent.Button = number == 0 ? .left : number == 1 ? .middle : .right
      // The release wins over the motion bit: some terminals set both when a drag ends.
      if isRelease { return .release(button) }
      return isMotion ? .drag(button) : .press(button)
    // Sideways wheels and extra buttons.
    default: return nil
    }
  }
}
