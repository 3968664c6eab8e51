import Foundation
import Positions
import Testing

@testable import Transformer

/// Each kernel against its plain version in double precision, and each gradient against central differences.
@Suite struct KernelTests {
  @Test func exponentialStaysWithinOneUnitInTheLastPlace() {
    var worst = 0.0
    for index in stride(from: -87_000, through: 88_000, by: 7) {
      let x = Float(index) / 1000
      let exact = exp(Double(x))
      let value = Double(exponential(Vector(repeating: x))[3])
      worst = max(worst, abs(value - exact) / Double(Float(exact).ulp))
    }
    #expect(worst <= 1)
  }

  @Test func exponentialClampsInsteadOfOverflowing() {
    #expect(exponential(Vector(repeating: 1000))[0].isFinite)
    #expect(exponential(Vector(repeating: -.infinity))[0] < 1e-37)
  }

  /// Widths with and without a tail behind the last whole vector.
  @Test(arguments: [1, 7, 8, 20, 64])
  func normMatchesItsDefinition(width: Int) {
    let rows = 3
    let x = Sample(rows * width, seed: 1)
    let weight = Sample(width, seed: 2)
    let output = FloatBuffer(count: rows * width)
    let inverseRMS = FloatBuffer(count: rows)
    RMSNorm.forward(
      input: x.matrix(rows, width), weight: weight.base, epsilon: 1e-5, output: Matrix(output.base, rows, width),
      inverseRMS: inverseRMS.base)
    expectClose(output, plainNorm(x.doubles, weight.doubles, width), 1e-6)

    let dy = Sample(rows * width, seed: 3)
    let dx = FloatBuffer(count: rows * width)
    let dw = FloatBuffer(count: width)
    RMSNorm.backward(
      outputGradient: dy.matrix(rows, width), input: x.matrix(rows, width), weight: weight.base,
      inverseRMS: inverseRMS.base, inputGradient: Matrix(dx.base, rows, width), weightGradient: dw.base)
    expectClose(
      dx, centralDifferences(x.doubles) { dot(plainNorm($0, weight.doubles, width), dy.doubles) }, 2e-5)
    expectClose(
      dw, centralDifferences(weight.doubles) { dot(plainNorm(x.doubles, $0, width), dy.doubles) }, 2e-5)
  }

  @Test(arguments: [1, 8, 19])
  func gatedUnitMatchesItsDefinition(width: Int) {
    let rows = 2
    let gateUp = Sample(rows * 2 * width, seed: 4, scale: 2)
    let output = FloatBuffer(count: rows * width)
    SwiGLU.forward(gateUp: gateUp.matrix(rows, 2 * width), output: Matrix(output.base, rows, width))
    expectClose(output, plainGate(gateUp.doubles, width), 1e-6)

    let dy = Sample(rows * width, seed: 5)
    let expected = centralDifferences(gateUp.doubles) { dot(plainGate($0, width), dy.doubles) }
    SwiGLU.backward(outputGradient: dy.matrix(rows, width), gateUp: gateUp.matrix(rows, 2 * width))
    expectClose(gateUp.buffer, expected, 1e-5)
  }

  @Test func crossEntropyMatchesItsDefinition() {
    let (rows, vocabulary) = (3, 21)
    let logits = Sample(rows * vocabulary, seed: 6, scale: 3)
    let targets: [Int32] = [4, CrossEntropy.ignored, 20]
    func plain(_ values: [Double]) -> [Double] {
      (0..<rows).map { row in
        guard targets[row] != CrossEntropy.ignored else { return 0 }
        let line = values[row * vocabulary..<(row + 1) * vocabulary]
        return log(line.reduce(0) { $0 + exp($1) }) - line[row * vocabulary + Int(targets[row])]
      }
    }
    let losses = FloatBuffer(count: rows)
    let expectedLosses = plain(logits.doubles)
    let expectedGradient = centralDifferences(logits.doubles) { plain($0).reduce(0, +) / 2 }
    CrossEntropy.apply(
      logits: logits.matrix(rows, vocabulary), targets: targets, losses: losses.base, gradientScale: 0.5)
    expectClose(losses, expectedLosses, 1e-6)
    expectClose(logits.buffer, expectedGradient, 1e-6)
  }

  @Test func rotationTurnsPairsAndTurnsBack() throws {
    let settings = ScalingSettings(headDimension: 20, originalWindow: 64)
    let table = RotaryTable(try UnscaledRotary(settings).frequencies, positionCount: 500)
    let positions: [Int32] = [0, 3, 499]
    let heads = Sample(3 * 40, seed: 7)
    let before = heads.doubles
    RotaryEmbedding.rotate(heads: heads.matrix(3, 40), positions: positions, table: table, inverse: false)
    var expected = before
    for token in 0..<3 {
      for head in 0..<2 {
        for pair in 0..<10 {
          let angle = Double(positions[token]) * pow(10_000, -2 * Double(pair) / 20)
          let (a, b) = (token * 40 + head * 20 + pair, token * 40 + head * 20 + pair + 10)
          expected[a] = before[a] * cos(angle) - before[b] * sin(angle)
          expected[b] = before[b] * cos(angle) + before[a] * sin(angle)
        }
      }
    }
    expectClose(heads.buffer, expected, 3e-5)
    RotaryEmbedding.rotate(heads: heads.matrix(3, 40), positions: positions, table: table, inverse: true)
    expectClose(heads.buffer, before, 1e-6)
  }

  /// Tiles of six rows, of four, and single ones; rows and inner dimension in either order; adding and replacing.
  @Test(arguments: [1, 3, 4, 6, 8, 9, 14, 17], [1, 5, 32])
  func stripProductMatchesItsDefinition(rows: Int, inner: Int) {
    let (b, a) = (Sample(rows * inner, seed: 20), Sample(inner * 20, seed: 21))
    for (isTransposed, isAdding) in [(false, false), (true, false), (false, true)] {
      let start = Sample(rows * 24, seed: 22)
      var expected = start.doubles
      for row in 0..<rows {
        for column in 0..<16 {
          let sum = (0..<inner).reduce(0.0) { sum, index in
            sum + b.doubles[isTransposed ? index * rows + row : row * inner + index] * a.doubles[index * 20 + column]
          }
          expected[row * 24 + column] = sum + (isAdding ? expected[row * 24 + column] : 0)
        }
      }
      StripProduct.multiply(
        b.base, rowStep: isTransposed ? 1 : inner, innerStep: isTransposed ? rows : 1, rows: rows, inner: inner,
        by: a.base, stride: 20, into: start.base, cStride: 24, adding: isAdding)
      expectClose(start.buffer, expected, 2e-6)
    }
  }

  /// Less than a strip, a panel with a remainder, and several; each query head its own keys, pairs sharing, all sharing.
  @Test(arguments: [1, 5, 64, 130], [1, 2, 4])
  func attentionMatchesItsDefinition(tokens: Int, keyValueHeads: Int) {
    // Every entry for short sequences, a sample of them for long ones.
    checkAttention(tokens: tokens, heads: 4, keyValueHeads: keyValueHeads, step: tokens <= 5 ? 1 : 997)
  }

  /// Heads that fill no strip, one and a part, and two.
  @Test(arguments: [2, 6, 20, 32])
  func attentionTakesHeadsOfAnyWidth(dimension: Int) {
    checkAttention(tokens: 37, heads: 2, keyValueHeads: 1, dimension: dimension, step: 53)
  }

  /// More keys than blocks hold, so that the softmax runs along.
  @Test func runningSoftmaxMatchesTheDefinition() {
    checkAttention(tokens: 300, heads: 1, keyValueHeads: 1, step: 2399)
  }

  private func checkAttention(tokens: Int, heads: Int, keyValueHeads: Int, dimension d: Int = 8, step: Int) {
    let attention = CausalAttention(headCount: heads, keyValueHeadCount: keyValueHeads, headDimension: d)
    let width = (heads + 2 * keyValueHeads) * d
    let fused = Sample(tokens * width, seed: 8)
    let output = FloatBuffer(count: tokens * heads * d)
    let logSumExp = FloatBuffer(count: heads * tokens)
    let scratch = FloatBuffer(count: attention.scratchCount(training: true))
    attention.forward(
      fused: fused.matrix(tokens, width), output: Matrix(output.base, tokens, heads * d), logSumExp: logSumExp.base,
      scratch: scratch.base)
    let plain = PlainAttention(tokens: tokens, heads: heads, keyValueHeads: keyValueHeads, dimension: d)
    expectClose(output, plain.forward(fused.doubles), 2e-6)

    let dOut = Sample(tokens * heads * d, seed: 9)
    let gradient = FloatBuffer(count: tokens * width)
    attention.backward(
      fused: fused.matrix(tokens, width), output: Matrix(output.base, tokens, heads * d),
      outputGradient: dOut.matrix(tokens, heads * d), logSumExp: logSumExp.base,
      fusedGradient: Matrix(gradient.base, tokens, width), scratch: scratch.base)
    for index in stride(from: 0, to: tokens * width, by: step) {
      var values = fused.doubles
      let centre = values[index]
      values[index] = centre + 1e-5
      let above = dot(plain.forward(values), dOut.doubles)
      values[index] = centre - 1e-5
      let below = dot(plain.forward(values), dOut.doubles)
      #expect(abs(Double(gradient.base[index]) - (above - below) / 2e-5) < 2e-5)
    }
  }

  @Test func optimizerStepMatchesItsDefinition() {
    let count = 32
    let parameters = Sample(count, seed: 10)
    let gradients = Sample(count, seed: 11)
    let (first, second) = (FloatBuffer(count: count), FloatBuffer(count: count))
    var p = parameters.doubles
    var (m, v) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    let settings = AdamWSettings()
    for step in 1...3 {
      AdamW.update(
        parameters: parameters.base, gradients: gradients.base, first: first.base, second: second.base,
        range: 0..<count, AdamW.Factors(step: step, learningRate: 0.01, clip: 0.5, settings: settings))
      for index in 0..<count {
        let g = gradients.doubles[index] * 0.5
        m[index] = 0.9 * m[index] + 0.1 * g
        v[index] = 0.95 * v[index] + 0.05 * g * g
        let mean = m[index] / (1 - pow(0.9, Double(step)))
        let deviation = (v[index] / (1 - pow(0.95, Double(step)))).squareRoot()
        p[index] -= 0.01 * (mean / (deviation + 1e-8) + 0.1 * p[index])
      }
    }
    expectClose(parameters.buffer, p, 2e-6)
  }
}

// MARK: - Yardsticks

/// Random values to compute on, in memory that the kernels can use.
struct Sample {
  let buffer: FloatBuffer
  let doubles: [Double]
  var base: UnsafeMutablePointer<Float> { buffer.base }

  init(_ count: Int, seed: UInt64, scale: Double = 1) {
    var random = RandomStream(seed: seed)
    buffer = FloatBuffer(count: count)
    for index in 0..<count { buffer.base[index] = Float(random.normal() * scale) }
    doubles = buffer.floats.map(Double.init)
  }

  func matrix(_ rows: Int, _ columns: Int) -> Matrix { Matrix(base, rows, columns) }
}

private func expectClose(
  _ buffer: FloatBuffer, _ expected: [Double], _ tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(buffer.count == expected.count, sourceLocation: sourceLocation)
  let worst = zip(buffer.floats, expected).map { abs(Double($0) - $1) / max(1, abs($1)) }.max() ?? .infinity
  #expect(worst <= tolerance, sourceLocation: sourceLocation)
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

private func centralDifferences(_ x: [Double], _ f: ([Double]) -> Double) -> [Double] {
  x.indices.map { index in
    var moved = x
    moved[index] = x[index] + 1e-5
    let above = f(moved)
    moved[index] = x[index] - 1e-5
    return (above - f(moved)) / 2e-5
  }
}

private func plainNorm(_ x: [Double], _ weight: [Double], _ width: Int) -> [Double] {
  stride(from: 0, to: x.count, by: width).flatMap { start -> [Double] in
    let row = x[start..<start + width]
    let scale = 1 / (row.reduce(0) { $0 + $1 * $1 } / Double(width) + 1e-5).squareRoot()
    return zip(row, weight).map { $0 * scale * $1 }
  }
}

private func plainGate(_ gateUp: [Double], _ width: Int) -> [Double] {
  stride(from: 0, to: gateUp.count, by: 2 * width).flatMap { start -> [Double] in
    (0..<width).map { column -> Double in
      let gate = gateUp[start + column]
      return gate / (1 + exp(-gate)) * gateUp[start + width + column]
    }
  }
}

private struct PlainAttention {
  var tokens: Int
  var heads: Int
  var keyValueHeads: Int
  var dimension: Int

  func forward(_ fused: [Double]) -> [Double] {
    let width = (heads + 2 * keyValueHeads) * dimension
    var output = [Double](repeating: 0, count: tokens * heads * dimension)
    for head in 0..<heads {
      let shared = head / (heads / keyValueHeads)
      let (q, k, v) = (head * dimension, (heads + shared) * dimension, (heads + keyValueHeads + shared) * dimension)
      for query in 0..<tokens {
        let scores = (0...query).map { key in
          (0..<dimension).reduce(0.0) { $0 + fused[query * width + q + $1] * fused[key * width + k + $1] }
            / Double(dimension).squareRoot()
        }
        let weights = scores.map { exp($0) }
        let sum = weights.reduce(0, +)
        for (key, weight) in weights.enumerated() {
          for column in 0..<dimension {
            output[query * heads * dimension + head * dimension + column] +=
              weight / sum * fused[key * width + v + column]
          }
        }
      }
    }
    return output
  }
}
