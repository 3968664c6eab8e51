import FineTuning
import Foundation
import Positions
import Transformer

/// `pretrain`: trains a base model from nothing, on contiguous windows with plain RoPE.
struct PretrainVerb: Verb {
  static let name = "pretrain"
  static let summary = "trains a base model from nothing, on a text or a generator"
  static let example = "skipwise pretrain --task keys-curriculum --window 128 --steps 50 --out runs/base"
  static let options: [Option] =
    [
      .value("width", "D", "width of the residual stream (default: 128)"),
      .value("layers", "K", "layers (default: 3)"),
      .value("heads", "H", "attention heads; divides the width (default: 4)"),
      .value("kv-heads", "H", "key/value heads; divides the heads (default: as many)"),
      .value("hidden", "F", "width of the MLP (default: 8/3 of the width, a multiple of 16)"),
    ] + RunOptions.shared

  private let settings: RunSettings
  private let runner: RunCommand

  init(_ arguments: Arguments) throws {
    let window = try arguments.integer("window", in: 2...RunOptions.longest) ?? 128
    var settings = RunSettings(window: window, target: window)
    settings.task = KeyValueTask(curriculum: true).name
    settings.method = ContiguousSampler.name
    settings.scaling = UnscaledRotary.name
    settings.chunks = 1
    settings.content = .continuous
    settings.learningRate = 2e-3
    settings.warmup = 100
    try RunOptions.read(arguments, into: &settings)

    let width = try arguments.integer("width", in: FreshModel.widths) ?? 128
    let heads = try arguments.integer("heads", in: 1...width / 2) ?? min(4, width / 2)
    guard width % heads == 0, width / heads % 2 == 0 else {
      throw UsageError("--heads is \(heads); the width \(width) must divide into heads of an even size")
    }
    let keyValueHeads = try arguments.integer("kv-heads", in: 1...heads) ?? heads
    guard heads % keyValueHeads == 0 else {
      throw UsageError("--kv-heads is \(keyValueHeads); it must divide the \(heads) heads")
    }
    settings.fresh = FreshModel(
      width: width, layers: try arguments.integer("layers", in: FreshModel.layerCounts) ?? 3, heads: heads,
      keyValueHeads: keyValueHeads,
      hidden: try arguments.integer("hidden", in: FreshModel.hiddenSizes) ?? (width * 8 / 3 + 15) / 16 * 16)
    self.settings = settings
    runner = try RunCommand(arguments, settings)
  }

  func run() throws {
    try runner.run(settings.open(threads: runner.threads))
  }
}
