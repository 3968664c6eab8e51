import Foundation

/// The first key that an object of this JSON text has twice; nil where every key is unique.
///
/// Foundation keeps the last of two equal keys without a word, so two readers could see two different files.
///
/// - Parameter json: text that Foundation has parsed before.
func repeatedKey(inJSON json: Data) -> String? {
  let bytes = [UInt8](json)
  // The keys of every object that is open, innermost last; nil for a list.
  var open: [Set<String>?] = []
  var index = 0
  while index < bytes.count {
    switch bytes[index] {
    case UInt8(ascii: "{"): open.append([])
    case UInt8(ascii: "["): open.append(nil)
    case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
    case UInt8(ascii: "\""):
      let end = endOfString(bytes, from: index)
      let next = bytes[end...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
      if next == UInt8(ascii: ":"), let depth = open.indices.last, open[depth] != nil {
        let key = string(bytes[index..<end])
        guard open[depth]?.insert(key).inserted == true else { return key }
      }
      index = end - 1
    default: break
    }
    index += 1
  }
  return nil
}

/// The place behind the closing quotation mark.
private func endOfString(_ bytes: [UInt8], from start: Int) -> Int {
  var index = start + 1
  while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
    index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
  }
  return min(index + 1, bytes.count)
}

/// A quoted string, its escapes resolved: two spellings of a key are one key.
private func string(_ quoted: ArraySlice<UInt8>) -> String {
  let plain = String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
  guard quoted.contains(UInt8(ascii: "\\")) else { return plain }
  return (try? JSONSerialization.jsonObject(with: Data(quoted), options: .fragmentsAllowed)) as? String ?? plain
}

extension NSNumber {
  /// JSON's true and false are numbers to Foundation; their type code tells them apart.
  var isBoolean: Bool { String(cString: objCType) == "c" }
}
