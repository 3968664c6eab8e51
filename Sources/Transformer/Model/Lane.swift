/// The memory that a micro-batch of sequences runs through, forward and backward, on one thread.
///
/// Lanes, not threads, own the numerics: a lane takes its sequences in order and sums its gradients alone, so that the
/// number of threads never shows in the result.
final class Lane {
  let configuration: TransformerConfiguration
  let layout: ParameterLayout
  /// Sequences in a full micro-batch, and tokens in each.
  let capacity: (sequences: Int, length: Int)
  /// d loss / d parameter, summed over the lane's sequences of a step; nil for inference.
  let gradients: FloatBuffer?

  /// Where things lie in the lane's memory.
  let plan: LanePlan
  private let memory: FloatBuffer

  /// - Parameter training: keep every layer's activations and make room for gradients.
  /// - Parameter workers: threads that share the lane; training has one.
  init(_ configuration: TransformerConfiguration, sequences: Int, length: Int, training: Bool, workers: Int = 1) {
    self.configuration = configuration
    layout = ParameterLayout(configuration)
    capacity = (sequences, length)
    plan = LanePlan(configuration, sequences: sequences, length: length, training: training, workers: workers)
    memory = FloatBuffer(count: plan.count)
    gradients = training ? FloatBuffer(count: layout.count) : nil
  }

  func at(_ offset: Int) -> UnsafeMutablePointer<Float> { memory.base + offset }

  func matrix(_ offset: Int, _ rows: Int, _ columns: Int) -> Matrix { Matrix(memory.base + offset, rows, columns) }

  var attention: CausalAttention { CausalAttention(configuration) }
}

/// What a lane reads: some sequences of a batch, and the model.
struct LaneInput {
  var sequences: Int
  var length: Int
  /// [sequences, length].
  var tokens: UnsafePointer<Int32>
  var positions: UnsafePointer<Int32>
  var targets: UnsafePointer<Int32>
  var parameters: UnsafeMutablePointer<Float>
  var rotary: RotaryTable

  var tokenCount: Int { sequences * length }
}
