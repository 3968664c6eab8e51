import Canvas
import Foundation
import TerminalHost

/// `bench ui`: the workbench on a terminal of its own, from a key to the last byte that it writes, idle and while all cores train.
struct ScreenBench {
  let seconds: Double

  struct Result: Encodable, CustomStringConvertible {
    struct Latency: Encodable {
      var median: Double
      var p99: Double
      var samples: Int
    }

    /// Milliseconds.
    var firstPaint: Double
    var idleKeys: Latency
    var trainingKeys: Latency
    var resize: Latency
    var quit: Double
    /// A share of one core, over the idle seconds.
    var idleProcessor: Double
    var idleBytes: Int
    var idleSeconds: Double
    var framesWhileTraining: Double
    /// How much slower a step is with the screen than without, in the medians; negative is noise.
    var trainingSlowdown: Double

    var description: String {
      func row(_ name: String, _ value: String, _ budget: String) -> String {
        let padded = name.padding(toLength: 44, withPad: " ", startingAt: 0)
        return "\(padded)\(value.padding(toLength: 22, withPad: " ", startingAt: 0))\(budget)\n"
      }
      func ms(_ value: Double) -> String { String(format: "%.1f", value) }
      return row("", "measured", "budget")
        + row("key to last byte, idle, p50 / p99, ms", "\(ms(idleKeys.median)) / \(ms(idleKeys.p99))", "3 / 10")
        + row("the same while all cores train, p99, ms", ms(trainingKeys.p99), "33")
        + row("start to first paint, ms", ms(firstPaint), "80") + row("resize to repaint, ms", ms(resize.median), "30")
        + row("quit to shell, ms", ms(quit), "100")
        + row(
          "idle over \(Int(idleSeconds)) s, processor / bytes",
          "\(String(format: "%.2f", 100 * idleProcessor)) % / \(idleBytes)",
          "0.1 % / 0")
        + row("frames a second while training", ms(framesWhileTraining), "20")
        + row("training slowed by the screen", "\(ms(100 * trainingSlowdown)) %", "2 %")
    }
  }

  private static let endOfFrame = Array("\u{1B}[?2026l".utf8)

  /// - Throws: `ChildTerminal.Failure`, or `BenchFailure` where the workbench does not answer.
  func run() throws -> Result {
    let home = NSTemporaryDirectory() + "skipwise-bench-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: home) }
    var paints: [Double] = []
    var quits: [Double] = []
    for _ in 0..<5 {
      let (terminal, paint) = try started(home)
      paints.append(paint)
      try wait(terminal, for: "ready")
      quits.append(try quit(terminal))
    }
    let (terminal, _) = try started(home)
    try wait(terminal, for: "ready")
    drain(terminal, seconds: 0.5)
    let idle = rest(terminal)
    // Keys that change the whole screen, a pane, a layout and an overlay.
    let keys = latencies(terminal, Array("1n2e\u{1B}3x4?\u{1B}5").map(String.init), rounds: 40)
    let resizes = resizes(terminal)
    terminal.type(Array("2r ".utf8))
    try wait(terminal, for: "▶ training")
    let start = ContinuousClock.now
    let before = frames(terminal, seconds: max(2, seconds / 4))
    let rate = Double(before) / seconds(since: start)
    let busy = framed(terminal, Array("12345").map(String.init), rounds: 20)
    terminal.type(Array("2 ".utf8))
    drain(terminal, seconds: 1)
    _ = try quit(terminal)
    return Result(
      firstPaint: median(paints), idleKeys: summary(keys), trainingKeys: summary(busy), resize: summary(resizes),
      quit: median(quits), idleProcessor: idle.processor, idleBytes: idle.bytes, idleSeconds: seconds,
      framesWhileTraining: rate, trainingSlowdown: try slowdown(home))
  }

  // MARK: - The workbench

  /// Starts it and waits for its first frame.
  private func started(_ home: String) throws -> (ChildTerminal, milliseconds: Double) {
    let inherited = ProcessInfo.processInfo.environment
    var environment = ["TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": home, "SKIPWISE_HOME": home]
    for name in ["PATH", "LD_LIBRARY_PATH", "SKIPWISE_SHARE", "TERMINFO"] { environment[name] = inherited[name] }
    let start = ContinuousClock.now
    let terminal = try ChildTerminal(
      "/proc/self/exe", arguments: [], environment: environment, size: Size(120, 36))
    try wait(terminal, for: Self.endOfFrame)
    return (terminal, seconds(since: start) * 1000)
  }

  /// Reads until a sequence has come. What was looked through is let go: the emulator must not take a core of its own.
  private func wait(_ terminal: ChildTerminal, for wanted: [UInt8]) throws {
    var output: [UInt8] = []
    let start = ContinuousClock.now
    while !output.containsSequence(wanted) {
      guard !Interrupt.isRequested else { throw BenchFailure(sentence: "interrupted") }
      guard seconds(since: start) < 60 else { throw BenchFailure(sentence: "the workbench did not answer in a minute") }
      output = output.suffix(wanted.count - 1) + terminal.read(milliseconds: 20)
    }
  }

  private func wait(_ terminal: ChildTerminal, for text: String) throws { try wait(terminal, for: Array(text.utf8)) }

  private func drain(_ terminal: ChildTerminal, seconds limit: Double) {
    let start = ContinuousClock.now
    while seconds(since: start) < limit { _ = terminal.read(milliseconds: 20) }
  }

  private func quit(_ terminal: ChildTerminal) throws -> Double {
    terminal.type(Array("q".utf8))
    let start = ContinuousClock.now
    while terminal.takeStatus() == nil {
      guard seconds(since: start) < 60 else { throw BenchFailure(sentence: "the workbench did not end in a minute") }
      _ = terminal.read(milliseconds: 1)
    }
    return seconds(since: start) * 1000
  }

  // MARK: - Measuring

  /// From each key to the last byte before a pause.
  private func latencies(_ terminal: ChildTerminal, _ keys: [String], rounds: Int) -> [Double] {
    (0..<rounds).prefix { _ in !Interrupt.isRequested }.flatMap { _ in
      keys.compactMap { key -> Double? in
        let start = ContinuousClock.now
        terminal.type(Array(key.utf8))
        var last: Double?
        while true {
          // An escape waits to see whether a sequence follows: its own time is not the screen's.
          let bytes = terminal.read(milliseconds: key == "\u{1B}" ? 120 : 25)
          if bytes.isEmpty { break }
          last = seconds(since: start) * 1000
        }
        return key == "\u{1B}" ? nil : last
      }
    }
  }

  /// From each key to the end of the first frame after it: while it trains, frames never pause.
  private func framed(_ terminal: ChildTerminal, _ keys: [String], rounds: Int) -> [Double] {
    (0..<rounds).prefix { _ in !Interrupt.isRequested }.flatMap { _ in
      keys.map { key -> Double in
        while !terminal.read(milliseconds: 0).isEmpty {}
        let start = ContinuousClock.now
        terminal.type(Array(key.utf8))
        var output: [UInt8] = []
        while !output.containsSequence(Self.endOfFrame), seconds(since: start) < 5 {
          output += terminal.read(milliseconds: 5)
        }
        return seconds(since: start) * 1000
      }
    }
  }

  private func resizes(_ terminal: ChildTerminal) -> [Double] {
    (0..<20).map { index in
      let start = ContinuousClock.now
      terminal.resize(to: index % 2 == 0 ? Size(80, 24) : Size(120, 36))
      var output: [UInt8] = []
      while !output.containsSequence(Self.endOfFrame), seconds(since: start) < 5 {
        output += terminal.read(milliseconds: 5)
      }
      let time = seconds(since: start) * 1000
      drain(terminal, seconds: 0.05)
      return time
    }
  }

  private func frames(_ terminal: ChildTerminal, seconds limit: Double) -> Int {
    let start = ContinuousClock.now
    var output: [UInt8] = []
    while seconds(since: start) < limit { output += terminal.read(milliseconds: 20) }
    return String(decoding: output, as: UTF8.self).split(separator: "\u{1B}[?2026l", omittingEmptySubsequences: false)
      .count - 1
  }

  /// Nothing is touched for a while: what it costs and writes.
  private func rest(_ terminal: ChildTerminal) -> (processor: Double, bytes: Int) {
    let (start, before) = (ContinuousClock.now, processorSeconds(terminal.process))
    var bytes = 0
    while seconds(since: start) < seconds, !Interrupt.isRequested { bytes += terminal.read(milliseconds: 100).count }
    return ((processorSeconds(terminal.process) - before) / seconds(since: start), bytes)
  }

  /// User and system time of a process and its threads.
  private func processorSeconds(_ process: pid_t) -> Double {
    guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let fields = stat.split(separator: ")").last?.split(separator: " "), fields.count > 12
    else { return 0 }
    return ((Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// The median step of a run in the workbench over that of a run without, taken in turns so that noise hits both.
  private func slowdown(_ home: String) throws -> Double {
    var (bare, shown): ([Double], [Double]) = ([], [])
    for round in 0..<3 {
      bare += try stepSeconds("\(home)/bare-\(round)") { folder in
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe")
        process.arguments = ["train", "--task", "keys", "--target", "1024", "--steps", "40", "--out", folder]
        (process.standardError, process.standardOutput) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        while process.isRunning {
          if Interrupt.isRequested { process.interrupt() }
          usleep(10_000)
        }
      }
      let folder = "\(home)/shown-\(round)"
      let (terminal, _) = try started(folder)
      try wait(terminal, for: "ready")
      terminal.type(Array("2:steps 40\r ".utf8))
      try wait(terminal, for: "✓ done")
      _ = try quit(terminal)
      let runs = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/runs")) ?? []
      guard let run = runs.first else { throw BenchFailure(sentence: "the workbench kept no run") }
      shown += try stepSeconds("\(folder)/runs/\(run)") { _ in }
    }
    return median(shown) / median(bare) - 1
  }

  /// Seconds of each step after the first ten of a run, from its metrics.
  private func stepSeconds(_ folder: String, _ train: (String) throws -> Void) throws -> [Double] {
    try train(folder)
    let text = try String(contentsOfFile: folder + "/metrics.jsonl", encoding: .utf8)
    let times = text.split(separator: "\n").compactMap { line -> Double? in
      let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return object?["seconds"] as? Double
    }
    return zip(times.dropFirst(11), times.dropFirst(10)).map { $0 - $1 }
  }

  private func seconds(since start: ContinuousClock.Instant) -> Double { start.duration(to: .now).inSeconds }

  private func median(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : values.sorted()[values.count / 2]
  }

  private func summary(_ values: [Double]) -> Result.Latency {
    let sorted = values.sorted()
    let last = sorted.isEmpty ? .nan : sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
    return Result.Latency(median: median(values), p99: last, samples: values.count)
  }
}

/// Why a figure could not be taken.
struct BenchFailure: Error, CustomStringConvertible {
  var sentence: String
  var description: String { sentence }
}

extension [UInt8] {
  fileprivate func containsSequence(_ wanted: [UInt8]) -> Bool {
    guard count >= wanted.count else { return false }
    return (0...count - wanted.count).contains { self[$0..<$0 + wanted.count].elementsEqual(wanted) }
  }
}
