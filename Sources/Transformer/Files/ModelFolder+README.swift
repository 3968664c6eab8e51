import Foundation

extension ModelFolder {
  /// What a saved folder says about itself: how others load it, and the one trap in doing so.
  static func readme(of configuration: TransformerConfiguration) -> String {
    let c = configuration
    let scaling = c.scalingName == "none" ? "plain rotary positions" : "rotary scaling `\(c.scalingName)`"
    return """
      # A model trained by Skipwise

      `LlamaForCausalLM`: width \(c.hiddenSize), \(c.layerCount) layers, \(c.headCount) heads, \(c.vocabularySize) tokens, \
      \(scaling), reads up to \(c.maximumPositions) positions. A token is a byte; there is no other tokenizer.

      ```python
      import torch
      from transformers import LlamaForCausalLM

      model = LlamaForCausalLM.from_pretrained(".", attn_implementation="eager")
      ids = torch.tensor([list("amber holds ".encode())])
      logits = model(ids, attention_mask=torch.ones_like(ids)).logits
      ```

      **Pass an all-ones attention mask.** Without one, transformers 4.54 and later take a jump in `position_ids` for the border
      between packed sequences and block attention across it, without a word.

      """
  }
}
