import Foundation
import Positions

/// cos and sin of every position's angles, multiplied by the scaling's attention factor.
///
/// Angles are multiplied in double precision from inverse frequencies rounded to float32, as transformers keeps them:
/// at position 131,071 a float32 angle would be off by 0.01 rad.
final class RotaryTable {
  /// d / 2, the pairs of a head.
  let pairs: Int
  let positionCount: Int
  private let cosines: FloatBuffer
  private let sines: FloatBuffer

  init(_ frequencies: RotaryFrequencies, positionCount: Int) {
    pairs = frequencies.inverse.count
    self.positionCount = positionCount
    cosines = FloatBuffer(count: positionCount * pairs)
    sines = FloatBuffer(count: positionCount * pairs)
    for (pair, frequency) in frequencies.inverse.enumerated() {
      let rounded = Double(Float(frequency))
      for position in 0..<positionCount {
        let angle = Double(position) * rounded
        cosines.base[position * pairs + pair] = Float(cos(angle) * frequencies.attentionFactor)
        sines.base[position * pairs + pair] = Float(sin(angle) * frequencies.attentionFactor)
      }
    }
  }

  @inline(__always)
  func cosines(at position: Int) -> UnsafeMutablePointer<Float> { cosines.base + position * pairs }
  @inline(__always)
  func sines(at position: Int) -> UnsafeMutablePointer<Float> { sines.base + position * pairs }
}

/// Turns each pair (x_i, x_(i + d/2)) of every head by its token's angles (Su et al. 2021, in Llama's half-split order).
enum RotaryEmbedding {
  /// Rotates in place.
  ///
  /// - Parameters:
  ///   - heads: [tokens, heads · head dimension]; queries and keys stand side by side and turn alike.
  ///   - positions: [tokens].
  ///   - inverse: turns backwards, which is the gradient of turning.
  static func rotate(
    heads: Matrix, positions: UnsafePointer<Int32>, table: RotaryTable, inverse: Bool
  ) {
    let pairs = table.pairs
    let direction: Float = inverse ? -1 : 1
    for token in 0..<heads.rows {
      let cosine = table.cosines(at: Int(positions[token]))
      let sine = table.sines(at: Int(positions[token]))
      var head = heads.row(token)
      let end = head + heads.columns
      while head < end {
        let partner = head + pairs
        var index = 0
        while index &+ 8 <= pairs {
          let (x, y) = (head.vector(index), partner.vector(index))
          let (c, s) = (cosine.vector(index), sine.vector(index) * direction)
          head.store(x * c - y * s, index)
          partner.store(y * c + x * s, index)
          index &+= 8
        }
        while index < pairs {
          let (x, y) = (head[index], partner[index])
          let (c, s) = (cosine[index], sine[index] * direction)
          head[index] = x * c - y * s
          partner[index] = y * c + x * s
          index &+= 1
        }
        head += 2 &* pairs
      }
    }
  }
}
