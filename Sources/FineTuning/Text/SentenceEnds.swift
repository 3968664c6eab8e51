/// Where sentences of a text end: behind a full stop, a question or exclamation mark or a line's end, and the spaces after it.
public func sentenceEnds(in text: [UInt8]) -> [Int] {
  var ends: [Int] = []
  var hasMark = false
  for (index, byte) in text.enumerated() {
    let isSpace = byte == 32 || byte == 10 || byte == 13
    if hasMark, !isSpace {
      ends.append(index)
      hasMark = false
    }
    if byte == 46 || byte == 33 || byte == 63 || byte == 10 { hasMark = true }
  }
  return ends
}
