import Positions

/// A Llama-style transformer: its shape, its parameters, and the rotary scaling it reads positions with.
///
/// Not safe to use from two threads at once; whoever trains it owns it.
public final class TransformerModel {
  public private(set) var configuration: TransformerConfiguration
  public let layout: ParameterLayout
  public private(set) var scaling: any RotaryScaling
  let parameters: FloatBuffer
  private var rotaryTable: RotaryTable?
  private var rotaryFrequencies: RotaryFrequencies?

  /// A model whose parameters are all zero, to be loaded into.
  ///
  /// - Throws: `PositionError` where the configuration's scaling cannot be computed.
  public init(zeroed configuration: TransformerConfiguration) throws(PositionError) {
    self.configuration = configuration
    layout = ParameterLayout(configuration)
    scaling = try ScalingRegistry.scaling(named: configuration.scalingName, configuration.scaling)
    parameters = FloatBuffer(count: layout.count)
  }

  /// A model with fresh parameters: normal with deviation 0.02 (projections into the residual stream narrower by
  /// √(2·layers), as GPT-2 has it), norms at one, biases at zero.
  public convenience init(_ configuration: TransformerConfiguration, seed: UInt64) throws(PositionError) {
    try self.init(zeroed: configuration)
    let residual = 0.02 / (2 * Double(configuration.layerCount)).squareRoot()
    for (index, tensor) in layout.tensors.enumerated() {
      let values = UnsafeMutableBufferPointer(start: parameters.base + tensor.offset, count: tensor.count)
      if tensor.shape.count == 1 {
        values.update(repeating: tensor.name.hasSuffix(".bias") ? 0 : 1)
        continue
      }
      let intoResidual = tensor.name.hasSuffix("o_proj.weight") || tensor.name.hasSuffix("down_proj.weight")
      var random = RandomStream(seed: seed, path: [UInt64(index)])
      for position in values.indices { values[position] = Float(random.normal() * (intoResidual ? residual : 0.02)) }
    }
  }

  /// Reads positions with another scaling from now on; the parameters stay.
  public func use(scaling newScaling: any RotaryScaling, maximumPositions: Int) {
    scaling = newScaling
    configuration.scalingName = newScaling.name
    configuration.scaling = newScaling.settings
    configuration.maximumPositions = maximumPositions
    rotaryTable = nil
  }

  /// The table for positions below `length`, made again only when it has to grow or when the scaling's frequencies
  /// depend on the length.
  func rotaryTable(length: Int) -> RotaryTable {
    if let rotaryTable, rotaryTable.positionCount >= length, !type(of: scaling).dependsOnLength { return rotaryTable }
    let frequencies = scaling.frequencies(length: length)
    if let rotaryTable, rotaryTable.positionCount >= length, frequencies == rotaryFrequencies { return rotaryTable }
    // Batches reach different lengths: room for the next ones saves making the table again.
    let room = length <= configuration.maximumPositions ? configuration.maximumPositions : length
    let table = RotaryTable(frequencies, positionCount: min(room, max(length, 1 << 17)))
    rotaryTable = table
    rotaryFrequencies = frequencies
    return table
  }

  /// A copy of a tensor's values, row-major.
  public func values(of tensor: ParameterLayout.Tensor) -> [Float] {
    Array(UnsafeBufferPointer(start: parameters.base + tensor.offset, count: tensor.count))
  }

  /// Where a tensor's values are read into.
  func storage(of tensor: ParameterLayout.Tensor) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: parameters.base + tensor.offset, count: tensor.count)
  }
}
