import Canvas

/// A foreground on a background, as ncurses numbers colours: −1 is the terminal's default.
struct ColorPair: Hashable, Sendable {
  var foreground: Int32
  var background: Int32

  static let standard = ColorPair(foreground: -1, background: -1)
}

/// Which ncurses pair number stands for which two colours.
///
/// Pairs are given out when first needed. When all are, those the frame being drawn does not use are taken back;
/// should a single frame need more than there are, the rest of it is drawn in the default colours.
struct ColorPairs {
  /// Pair 0 is the default colours and never given out.
  private let limit: Int
  private var numbers: [ColorPair: Int32] = [:]
  private var free: [Int32] = []
  private var next: Int32 = 1
  private var isExhausted = false

  /// Pairs 1 … `limit` − 1 may be given out.
  init(limit: Int) { self.limit = max(limit, 1) }

  /// A frame begins: pairs that an earlier one had no room for may be asked for again.
  mutating func beginFrame() { isExhausted = false }

  /// The number of a pair. `define` is called when the number gets a new meaning; `inUse` lists what the frame needs.
  mutating func number(
    of pair: ColorPair, inUse: () -> Set<ColorPair>, define: (Int32, ColorPair) -> Void
  ) -> Int32 {
    if pair == .standard { return 0 }
    if let number = numbers[pair] { return number }
    guard let number = take(inUse: inUse) else { return 0 }
    numbers[pair] = number
    define(number, pair)
    return number
  }

  private mutating func take(inUse: () -> Set<ColorPair>) -> Int32? {
    if let number = free.popLast() { return number }
    if Int(next) < limit {
      defer { next += 1 }
      return next
    }
    // Sweeping costs a pass over the frame; once it found nothing it will not until the next frame.
    guard !isExhausted else { return nil }
    let needed = inUse()
    for (pair, number) in numbers where !needed.contains(pair) {
      numbers[pair] = nil
      free.append(number)
    }
    isExhausted = free.isEmpty
    return free.popLast()
  }
}
