import Canvas
import Foundation
import TerminalHost
import Workbench

/// A small application that shows what reaches it, for the tests of the host.
///
/// Keys: `q` ends it, `p` steps through patterns, `t` `a` `s` crash it (trap, abort, bad memory), `b` from another thread, `o` by
/// running out of stack; `x` calls exit, `e` writes to standard error, `k` starts and stops a clock, `w` sends news from another
/// thread, `f` a flood of it.
@MainActor
final class Probe: TerminalApplication {
  private var size = Size(0, 0)
  private var lines: [String] = []
  private var patternStep = 0
  private var ticks = 0
  private var news = 0
  private let newsPipe = Pipe()

  private(set) var needsDisplay = true
  private(set) var isFinished = false
  private(set) var nextWake: ContinuousClock.Instant?
  var title: String { "probe \(size.columns)x\(size.rows)\u{1B}]2;evil\u{07}" }
  var wakeDescriptor: Int32? { newsPipe.fileHandleForReading.fileDescriptor }

  func handle(_ event: InputEvent) {
    needsDisplay = true
    lines.append(Self.text(of: event))
    if case .resize(let size) = event { self.size = size }
    if case .key(let press) = event, case .character(let character) = press.key, press.modifiers.isEmpty {
      perform(character)
    }
  }

  func wake() {
    if let due = nextWake, due <= .now {
      ticks += 1
      nextWake = .now + .milliseconds(20)
      needsDisplay = true
    }
    var descriptor = pollfd(fd: wakeDescriptor ?? -1, events: Int16(POLLIN), revents: 0)
    if poll(&descriptor, 1, 0) > 0 {
      news += newsPipe.fileHandleForReading.availableData.count
      needsDisplay = true
    }
  }

  func draw(into canvas: inout Canvas) {
    needsDisplay = false
    guard patternStep == 0 else {
      canvas = ProbePattern.frame(size: canvas.size, step: patternStep)
      return
    }
    let heading = ["size \(size.columns)x\(size.rows) ticks \(ticks) news \(news) ─漢─", "events \(lines.count)"]
    for (row, line) in (heading + lines.suffix(max(canvas.size.rows - 2, 0))).enumerated() {
      var column = 0
      for scalar in line.unicodeScalars {
        canvas[column, row] = Cell(Glyph(scalar), row == 0 ? Style(.indexed(196), on: .indexed(17), .bold) : .plain)
        column += 1
        guard scalar == "漢" else { continue }
        canvas[column, row] = Cell(.continuation)
        column += 1
      }
    }
  }

  func terminate(signal: Int32) {}

  private func perform(_ command: Character) {
    switch command {
    case "q": isFinished = true
    case "p": patternStep += 1
    case "t": preconditionFailure("asked for")
    case "a": abort()
    case "s": UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
    case "x": exit(3)
    case "e": FileHandle.standardError.write(Data("a message\n".utf8))
    case "k": nextWake = nextWake == nil ? .now : nil
    case "b": Thread.detachNewThread { abort() }
    case "o": lines.append("\(Self.bottomless(0))")
    case "w": sendNews(count: 1)
    case "f": sendNews(count: 500)
    default: break
    }
  }

  /// News from another thread, a millisecond apart.
  private func sendNews(count: Int) {
    let writer = newsPipe.fileHandleForWriting
    Thread.detachNewThread {
      for _ in 0..<count {
        writer.write(Data([1]))
        usleep(1000)
      }
    }
  }

  /// Runs out of stack.
  private static func bottomless(_ depth: Int) -> Int {
    depth < 0 ? 0 : bottomless(depth + 1) + 1
  }

  private static func text(of event: InputEvent) -> String {
    switch event {
    case .key(let press): "key \(press.key) \(press.modifiers.rawValue)"
    case .mouse(let mouse):
      "mouse \(text(of: mouse.action)) \(mouse.at.column),\(mouse.at.row) \(mouse.modifiers.rawValue)"
    case .paste(let text): "paste \(text.replacing("\n", with: "|"))"
    case .focus(let isOn): "focus \(isOn)"
    case .resize(let size): "resize \(size.columns)x\(size.rows)"
    }
  }

  private static func text(of action: MouseEvent.Action) -> String {
    switch action {
    case .press(let button): "press \(button)"
    case .release(let button): "release \(button)"
    case .drag(let button): "drag \(button)"
    case .move: "move"
    case .wheelUp: "wheel up"
    case .wheelDown: "wheel down"
    }
  }
}

@main
struct ProbeProgram {
  @MainActor
  static func main() {
    if getenv("PROBE_REPORTS_SLOWLY") != nil {
      // As a runtime's report of a crash does: it takes its time, then lets the signal end the process.
      signal(SIGABRT) { number in
        usleep(100_000)
        signal(number, SIG_DFL)
      }
    }
    do {
      let log = CommandLine.arguments.dropFirst().first
      let status = try TerminalHost.run(Probe(), options: .init(logPath: log))
      print("probe ended with \(status)")
      exit(status)
    } catch {
      print("probe: \(error)")
      exit(69)
    }
  }
}
