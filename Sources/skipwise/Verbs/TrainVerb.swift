import FineTuning
import Foundation
import Positions
import Transformer

/// `train`: fine-tunes a base model with any sampler and scaling.
struct TrainVerb: Verb {
  static let name = "train"
  static let summary = "fine-tunes a model with positional skip-wise training, or any other sampler"
  static let example =
    "skipwise train --task keys --method pose --scaling yarn --target 1024 --steps 100 --out runs/first"
  static let options: [Option] =
    [
      RunOptions.model,
      .choice("method", "NAME", "position sampler", of: SamplerRegistry.names, default: "pose"),
      .choice("scaling", "NAME", "rotary scaling", of: ScalingRegistry.names, default: "yarn"),
      .value("target", "T", "target window in tokens (default: 8 × the training window)"),
    ] + SamplerOptions.rules + RunOptions.shared

  private let settings: RunSettings
  private let runner: RunCommand

  init(_ arguments: Arguments) throws {
    let model = try Installation.modelReference(arguments.string("model") ?? BaseModel.keys.name)
    let configuration = try ModelFolder.configuration(Installation.modelFolder(model))
    let trained = configuration.scaling.originalWindow
    let window = try arguments.integer("window", in: 1...RunOptions.longest) ?? trained
    var settings = RunSettings(model: model, window: window, target: max(min(8 * trained, RunSettings.longest), window))
    settings.task = BaseModel.of(model)?.task ?? settings.task
    try RunOptions.read(arguments, into: &settings)
    settings.method = arguments.string("method") ?? settings.method
    settings.scaling = arguments.string("scaling") ?? settings.scaling
    settings.target = try arguments.integer("target", in: 1...RunOptions.longest) ?? settings.target
    let rules = try SamplerOptions.settings(arguments, settings.samplerSettings())
    settings.chunks = rules.chunkCount
    settings.content = rules.content
    settings.split = rules.split
    settings.biases = rules.biases
    settings.wantedMass = rules.wantedMass
    settings.script = rules.script
    settings.seam = try SamplerOptions.seam(arguments)
    self.settings = settings
    runner = try RunCommand(arguments, settings)
  }

  func run() throws {
    try runner.run(settings.open(threads: runner.threads))
  }
}
