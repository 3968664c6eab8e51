import FineTuning
import Foundation
import Positions
import Transformer

@main
struct Program {
  @MainActor
  static func main() {
    Processor.useSingleThreadedBLAS()
    guard Processor.supportsKernels else {
      Output.message("skipwise: this processor lacks AVX2 or FMA, which the kernels are compiled for")
      exit(ExitStatus.failure.rawValue)
    }
    exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  @MainActor
  private static func run(_ words: [String]) -> ExitStatus {
    guard let first = words.first, !first.hasPrefix("-") else { return WorkbenchCommand.run(words) }
    guard let verb = VerbList.all.first(where: { $0.name == first }) else {
      let hint =
        nearest(to: first, in: VerbList.all.map { $0.name }).map { "; did you mean \($0)?" } ?? "; --help lists them"
      Output.message("skipwise: unknown verb '\(first)'\(hint)")
      return .usage
    }
    do {
      let options = verb.options + [.flag("help", "show this")]
      let arguments = try Arguments(Array(words.dropFirst()), options: options, program: "skipwise \(first)")
      if arguments.has("help") {
        Output.text(Help.verb(verb))
        return .success
      }
      if let operand = arguments.operands.first { throw UsageError("unexpected '\(operand)'; options start with --") }
      try verb.init(arguments).run()
      return Interrupt.isRequested ? .interrupted : .success
    } catch {
      Output.endProgress()
      Output.message("skipwise \(first): \(error)")
      return status(of: error)
    }
  }

  /// The exit status that tells a script what kind of error it was.
  static func status(of error: any Error) -> ExitStatus {
    switch error {
    case is UsageError, is PositionError: .usage
    case let error as ModelFileError: error.isBadData ? .badData : .inputOutput
    case is CorpusError, is TransformerError: .badData
    case RunFolder.Failure.occupied: .usage
    case RunFolder.Failure.cannotWrite: .inputOutput
    default: .failure
    }
  }
}
