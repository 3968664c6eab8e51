/// A batch dealt to lanes, sequence i to lane i mod lanes, each lane's sequences one after the other; kept from step to step.
final class BatchDeal {
  let sequences: Int
  /// Tokens in a sequence.
  let length: Int
  private let lanes: Int
  /// [sequences, length], in the order of the deal.
  let tokens: UnsafeMutablePointer<Int32>
  let positions: UnsafeMutablePointer<Int32>
  let targets: UnsafeMutablePointer<Int32>
  private let lossBuffer: FloatBuffer

  init(sequences: Int, length: Int, lanes: Int) {
    (self.sequences, self.length, self.lanes) = (sequences, length, lanes)
    let count = max(sequences * length, 1)
    tokens = .allocate(capacity: count)
    positions = .allocate(capacity: count)
    targets = .allocate(capacity: count)
    lossBuffer = FloatBuffer(count: count)
  }

  deinit {
    tokens.deallocate()
    positions.deallocate()
    targets.deallocate()
  }

  /// [sequences, length], in the order of the deal: the negative log-likelihood of each token, 0 where nothing was asked.
  var losses: UnsafeMutablePointer<Float> { lossBuffer.base }

  func fits(_ batch: TokenBatch) -> Bool { sequences == batch.sequenceCount && length == batch.length }

  /// Copies a batch that fits into the order of the deal.
  func take(_ batch: TokenBatch) {
    copy(batch.tokens, to: tokens)
    copy(batch.positions, to: positions)
    copy(batch.targets, to: targets)
  }

  private func copy(_ values: [Int32], to dealt: UnsafeMutablePointer<Int32>) {
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for sequence in 0..<sequences {
        (dealt + slot(of: sequence) * length).update(from: base + sequence * length, count: length)
      }
    }
  }

  /// The place of a lane's first sequence; of all of them together for the lane behind the last.
  func start(ofLane lane: Int) -> Int {
    // The first `sequences mod lanes` lanes have one sequence more.
    lane * (sequences / lanes) + min(lane, sequences % lanes)
  }

  private func slot(of sequence: Int) -> Int { start(ofLane: sequence % lanes) + sequence / lanes }

  /// Σ of the losses in double precision, in the order of the batch: it does not depend on the deal.
  var lossSum: Double {
    (0..<sequences).reduce(0.0) { sum, sequence in
      let row = losses + slot(of: sequence) * length
      return (0..<length).reduce(sum) { $0 + Double(row[$1]) }
    }
  }
}
