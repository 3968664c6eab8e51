import Positions

extension LessonStage {
  /// The knob that the arrows turn.
  var activeKnob: LessonKnob? { knobs[checked: knob] }

  /// Turns the knob in focus; what cannot go further stays.
  mutating func turn(by steps: Int) {
    guard let activeKnob else { return }
    func moved(_ value: Int, by change: Int, in range: ClosedRange<Int>) -> Int {
      min(max(value + change, range.lowerBound), range.upperBound)
    }
    let last = chunks.count - 1
    switch activeKnob {
    case .split: split(by: steps)
    case .skip:
      guard last > 0 else { return }
      let low = chunks[last - 1].skipBias
      chunks[last].skipBias = moved(chunks[last].skipBias, by: 8 * steps, in: low...max(low, target - window))
      if content == .aligned { chunks[last].contentOffset = chunks[last].skipBias }
    case .query: query = moved(query, by: steps, in: key...131_071)
    case .slide:
      let change = moved(query, by: steps, in: query - key...131_071) - query
      (query, key) = (query + change, key + change)
    case .pair: pair = moved(pair, by: steps.signum(), in: 0...63)
    case .distance: distance = moved(distance, by: steps * max(1, target / 256), in: 1...target - 1)
    case .factor:
      let present = factor ?? Double(target) / Double(window)
      factor = min(max(((present + Double(steps) / 4) * 4).rounded() / 4, 1), 64)
    case .chunkCount: chunkCount = moved(chunkCount, by: steps.signum(), in: 1...min(8, window))
    case .target:
      target = steps > 0 ? min(target * 2, 1 << 17) : max(target / 2, window)
      distance = min(distance, target - 1)
      for index in chunks.indices { chunks[index].skipBias = min(chunks[index].skipBias, target - window) }
    case .document: document = moved(document, by: 512 * steps, in: 512...1 << 17)
    case .guess: guess = min(max(((guess ?? 0.5) * 100 + Double(steps.signum() * 5)).rounded() / 100, 0), 1)
    case .row: cell = inside(query: cell.query + steps, key: cell.key)
    case .column: cell = inside(query: cell.query, key: cell.key + steps)
    case .context: context = steps > 0 ? min(context * 2, 1 << 20) : max(context / 2, 2048)
    case .scaling: scaling = neighbour(of: scaling, in: ["none", "linear", "ntk", "yarn"], by: steps.signum())
    case .content:
      content = neighbour(of: content, in: ContentRule.allCases, by: steps.signum())
      for index in chunks.indices { chunks[index].contentOffset = content == .aligned ? chunks[index].skipBias : 0 }
    case .sampler: sampler = neighbour(of: sampler, in: ["pose", "randpos", "contiguous"], by: steps.signum())
    }
  }

  /// Arrows move the cell of the map up, down, left and right; returns whether this is a map with its two knobs and such a key.
  mutating func moveCell(_ key: KeyPress.Key, by steps: Int) -> Bool {
    guard knobs.contains(.row), knobs.contains(.column) else { return false }
    switch key {
    case .up: cell = inside(query: cell.query - steps, key: cell.key)
    case .down: cell = inside(query: cell.query + steps, key: cell.key)
    case .left: cell = inside(query: cell.query, key: cell.key - steps)
    case .right: cell = inside(query: cell.query, key: cell.key + steps)
    default: return false
    }
    return true
  }

  private mutating func split(by steps: Int) {
    guard chunks.count > 1 else { return }
    let (first, second) = (chunks[0], chunks[1])
    let length = min(max(first.length + 8 * steps, 1), first.length + second.length - 1)
    chunks[0].length = length
    chunks[1].start = length
    chunks[1].length = first.length + second.length - length
  }

  private func inside(query: Int, key: Int) -> Pair {
    let tokens = run?.attention?.map.tokens ?? 1
    let query = min(max(query, 0), tokens - 1)
    return Pair(query: query, key: min(max(key, 0), query))
  }

  /// What a knob stands at, for the screen.
  func value(of knob: LessonKnob) -> String {
    switch knob {
    case .split: grouped(chunks.first?.length ?? 0)
    case .skip: grouped(chunks.last?.skipBias ?? 0)
    case .query: grouped(query)
    case .slide: "\(grouped(query)), \(grouped(key))"
    case .pair: "\(pair)"
    case .distance: grouped(distance)
    case .factor: brief(factor ?? Double(target) / Double(window))
    case .chunkCount: "\(chunkCount)"
    case .target: grouped(target)
    case .document: grouped(document)
    case .guess: guess.map { Workbench.number($0, 2) } ?? "–"
    case .row: "\(cell.query)"
    case .column: "\(cell.key)"
    case .context: grouped(context)
    case .scaling: scaling
    case .content: content.rawValue
    case .sampler: sampler
    }
  }
}

extension LessonKnob {
  /// What it is called beside its value.
  var title: String {
    switch self {
    case .split: "cut"
    case .skip: "skip u"
    case .query: "query m"
    case .slide: "slide both"
    case .pair: "pair"
    case .distance: "distance d"
    case .factor: "factor s"
    case .chunkCount: "chunks N"
    case .target: "target T"
    case .document: "document"
    case .guess: "guess"
    case .row: "query row"
    case .column: "key column"
    case .context: "context"
    case .scaling: "scaling"
    case .content: "content v"
    case .sampler: "sampler"
    }
  }
}
