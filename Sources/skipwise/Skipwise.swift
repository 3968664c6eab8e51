import Canvas
import FineTuning
import Foundation
import Positions
import TerminalHost
import Transformer
import Workbench

@main
struct Program {
  @MainActor
  static func main() {
    // A file that grows past a limit (`ulimit -f`) is then a failed write and a sentence, as on a full disk.
    signal(SIGXFSZ, SIG_IGN)
    let words = Array(CommandLine.arguments.dropFirst())
    let status = run(words)
    // Everything is written. What still computes on other threads ends here: `exit` would let OpenBLAS take its memory from
    // under them.
    fflush(nil)
    _exit(status)
  }

  @MainActor
  private static func run(_ words: [String]) -> Int32 {
    guard let first = words.first, !first.hasPrefix("-") else { return WorkbenchCommand.run(words) }
    if words == ["help"] { return WorkbenchCommand.run(["--help"]) }
    guard let verb = VerbList.all.first(where: { $0.name == first }) else {
      let hint =
        nearest(to: first, in: VerbList.all.map { $0.name }).map { "; did you mean \($0)?" } ?? "; --help lists them"
      Output.message("skipwise: unknown verb '\(first)'\(hint)")
      return ExitStatus.usage.rawValue
    }
    do {
      let options = verb.options + [.help]
      let arguments = try Arguments(Array(words.dropFirst()), options: options, program: "skipwise \(first)")
      if arguments.has("help") {
        Output.text(Help.verb(verb))
        return ExitStatus.success.rawValue
      }
      let named = verb.takesNames ? arguments.operands.prefix(1) : arguments.operands[...]
      if let operand = named.first(where: { !verb.operands.contains($0) }) {
        let known =
          verb.operands.isEmpty ? "options start with --" : "known are \(verb.operands.joined(separator: ", "))"
        throw UsageError("unexpected '\(operand)'; \(known)")
      }
      try verb.init(arguments).run()
      return (Output.failure ?? (Interrupt.isRequested ? .interrupted : .success)).rawValue
    } catch {
      Output.endProgress()
      Output.message("skipwise \(first): \(error)")
      return status(of: error).rawValue
    }
  }

  /// The exit status that tells a script what kind of error it was.
  static func status(of error: any Error) -> ExitStatus {
    switch error {
    case is UsageError, is PositionError, is ThemeError, is TerminalHostError: .usage
    case let error as ModelFileError: error.isBadData ? .badData : .inputOutput
    case is CorpusError, is TransformerError, is EvaluationError, is LessonProblem, is LessonsFailed: .badData
    case is SocketError: .inputOutput
    case RunFolder.Failure.occupied, RunFolder.Failure.inUse: .usage
    case RunFolder.Failure.notResumable: .badData
    case RunFolder.Failure.cannotWrite: .inputOutput
    default: .failure
    }
  }
}
