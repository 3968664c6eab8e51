/// Where each parameter tensor lies in the model's one block of memory.
///
/// Query, key and value projections are neighbours, and so are gate and up: each group is one matrix product. The names are
/// those of Hugging Face's `LlamaForCausalLM`, so that files need no translation.
public struct ParameterLayout: Sendable {
  /// One named tensor.
  public struct Tensor: Hashable, Sendable {
    public let name: String
    public let shape: [Int]
    let offset: Int
    var count: Int { shape.reduce(1, *) }
  }

  struct Layer: Sendable {
    var inputNorm = 0
    var fusedProjection = 0
    var outputProjection = 0
    var postAttentionNorm = 0
    var gateUpProjection = 0
    var downProjection = 0
    /// Biases of the projections, fused as these are; nil where the model has none.
    var fusedBias: Int?
    var outputBias: Int?
    var gateUpBias: Int?
    var downBias: Int?
  }

  public private(set) var tensors: [Tensor] = []
  private(set) var layers: [Layer] = []
  private(set) var embedding = 0
  private(set) var finalNorm = 0
  private(set) var head = 0
  /// Floats in the block, padding included.
  let count: Int

  /// Parameters without padding; a tied head counts once.
  public var parameterCount: Int { tensors.reduce(0) { $0 + $1.count } }

  public init(_ configuration: TransformerConfiguration) {
    let c = configuration
    let queryRows = c.attentionWidth
    let keyRows = c.keyValueHeadCount * c.headDimension
    var plan = BufferPlan()
    var tensors: [Tensor] = []

    func add(_ group: [(name: String, shape: [Int])]) -> Int {
      let start = plan.reserve(group.reduce(0) { $0 + $1.shape.reduce(1, *) })
      var offset = start
      for (name, shape) in group {
        tensors.append(Tensor(name: name, shape: shape, offset: offset))
        offset += shape.reduce(1, *)
      }
      return start
    }

    embedding = add([("model.embed_tokens.weight", [c.vocabularySize, c.hiddenSize])])
    for index in 0..<c.layerCount {
      let prefix = "model.layers.\(index)."
      var layer = Layer()
      layer.inputNorm = add([(prefix + "input_layernorm.weight", [c.hiddenSize])])
      layer.fusedProjection = add([
        (prefix + "self_attn.q_proj.weight", [queryRows, c.hiddenSize]),
        (prefix + "self_attn.k_proj.weight", [keyRows, c.hiddenSize]),
        (prefix + "self_attn.v_proj.weight", [keyRows, c.hiddenSize]),
      ])
      layer.outputProjection = add([(prefix + "self_attn.o_proj.weight", [c.hiddenSize, queryRows])])
      if c.hasAttentionBias {
        layer.fusedBias = add([
          (prefix + "self_attn.q_proj.bias", [queryRows]), (prefix + "self_attn.k_proj.bias", [keyRows]),
          (prefix + "self_attn.v_proj.bias", [keyRows]),
        ])
        layer.outputBias = add([(prefix + "self_attn.o_proj.bias", [c.hiddenSize])])
      }
      layer.postAttentionNorm = add([(prefix + "post_attention_layernorm.weight", [c.hiddenSize])])
      layer.gateUpProjection = add([
        (prefix + "mlp.gate_proj.weight", [c.intermediateSize, c.hiddenSize]),
        (prefix + "mlp.up_proj.weight", [c.intermediateSize, c.hiddenSize]),
      ])
      layer.downProjection = add([(prefix + "mlp.down_proj.weight", [c.hiddenSize, c.intermediateSize])])
      if c.hasFeedForwardBias {
        layer.gateUpBias = add([
          (prefix + "mlp.gate_proj.bias", [c.intermediateSize]), (prefix + "mlp.up_proj.bias", [c.intermediateSize]),
        ])
        layer.downBias = add([(prefix + "mlp.down_proj.bias", [c.hiddenSize])])
      }
      layers.append(layer)
    }
    finalNorm = add([("model.norm.weight", [c.hiddenSize])])
    head = c.tiesEmbeddings ? embedding : add([("lm_head.weight", [c.vocabularySize, c.hiddenSize])])
    self.tensors = tensors
    count = plan.count
  }
}
