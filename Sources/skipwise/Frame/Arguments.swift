import CSystem
import Glibc

/// A command line read against a list of options by glibc's `getopt_long`.
struct Arguments {
  private var values: [String: [String]] = [:]
  /// What stands before the options, and behind them.
  private(set) var operands: [String] = []
  /// What may be given.
  private let options: [Option]

  /// - Throws: `UsageError` for an option that is unknown, ambiguous, or lacks its value.
  init(_ words: [String], options: [Option], program: String) throws(UsageError) {
    self.options = options
    let leading = words.prefix { !$0.hasPrefix("-") }
    let names = options.map { strdup($0.name) }
    defer { for name in names { free(name) } }
    var table = zip(options, names).enumerated().map { index, entry in
      option(
        name: UnsafePointer(entry.1), has_arg: entry.0.value == nil ? no_argument : required_argument, flag: nil,
        val: Int32(Self.firstCode + index))
    }
    table.append(option())
    var list: [UnsafeMutablePointer<CChar>?] = ([program] + words.dropFirst(leading.count)).map { strdup($0) }
    let count = Int32(list.count)
    list.append(nil)
    defer { for word in list { free(word) } }

    // glibc remembers where it stands for the whole process.
    skipwise_begin_options()
    defer { skipwise_end_options() }
    var next: Int32 = 0
    while true {
      let word = list.indices.contains(max(1, Int(next))) ? list[max(1, Int(next))] : nil
      let typed = word.map { String(cString: $0) } ?? ""
      var argument: UnsafePointer<CChar>?
      let code = skipwise_next_option(count, list, table, &next, &argument)
      if code == -1 { break }
      switch code {
      case Int32(UInt8(ascii: "h")): values["help", default: []].append("")
      case Int32(UInt8(ascii: ":")): throw UsageError("option \(typed) needs a value")
      case Int32(UInt8(ascii: "?")): throw Self.refusal(of: typed, options)
      default:
        let name = options[Int(code) - Self.firstCode].name
        values[name, default: []].append(argument.map { String(cString: $0) } ?? "")
      }
    }
    operands = leading + list[Int(next)..<Int(count)].compactMap { $0.map { String(cString: $0) } }
  }

  /// Codes of long options start above every character.
  private static let firstCode = 256

  private static func refusal(of word: String, _ options: [Option]) -> UsageError {
    let typed = String(word.drop { $0 == "-" }.prefix { $0 != "=" })
    if let option = options.first(where: { $0.name == typed }), option.value == nil {
      return UsageError("option --\(typed) takes no value")
    }
    let candidates = options.map(\.name).filter { $0.hasPrefix(typed) }
    if candidates.count > 1 {
      return UsageError("option \(word) could be \(candidates.map { "--" + $0 }.joined(separator: " or "))")
    }
    let hint = nearest(to: typed, in: options.map(\.name)).map { "; did you mean --\($0)?" } ?? "; --help lists them"
    return UsageError("unknown option \(word)\(hint)")
  }

  func has(_ name: String) -> Bool { values[name] != nil }

  /// The last value given.
  func string(_ name: String) -> String? { values[name]?.last }

  /// Every value given, in order.
  func strings(_ name: String) -> [String] { values[name] ?? [] }

  /// - Throws: `UsageError` naming the option, its value and the range.
  func integer(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let text = string(name) else { return nil }
    guard let value = Int(text), range.contains(value) else {
      let upper = range.upperBound == .max ? "or more" : "to \(range.upperBound)"
      throw UsageError("--\(name) is '\(text)'; it must be a whole number, \(range.lowerBound) \(upper)")
    }
    return value
  }

  /// Whole numbers separated by commas; nil where the option is not given.
  ///
  /// - Throws: `UsageError` naming the option, the number and the range.
  func integers(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> [Int]? {
    guard let text = string(name) else { return nil }
    var numbers: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = Int(part), range.contains(number) else {
        throw UsageError(
          "--\(name) has '\(part)'; it must be whole numbers separated by commas, each \(range.lowerBound) to \(range.upperBound)"
        )
      }
      numbers.append(number)
    }
    return numbers
  }

  func seed(_ name: String = "seed") throws(UsageError) -> UInt64? {
    guard let text = string(name) else { return nil }
    guard let value = UInt64(text) else {
      throw UsageError("--\(name) is '\(text)'; it must be a whole number, 0 or more")
    }
    return value
  }

  /// - Throws: `UsageError` for a value that is not a finite number, or below `least`.
  func number(_ name: String, above least: Double, orEqual: Bool = false) throws(UsageError) -> Double? {
    guard let text = string(name) else { return nil }
    guard let value = Double(text), value.isFinite, value > least || (orEqual && value == least) else {
      throw UsageError("--\(name) is '\(text)'; it must be a number \(orEqual ? "of at least" : "above") \(Int(least))")
    }
    return value
  }

  /// - Throws: `UsageError` where the value is none of the option's choices.
  func choice(_ name: String) throws(UsageError) -> String? {
    guard let text = string(name) else { return nil }
    let known = options.first { $0.name == name }?.choices ?? []
    guard known.contains(text) else {
      throw UsageError("--\(name) is '\(text)'; it must be one of \(known.joined(separator: ", "))")
    }
    return text
  }

  /// - Throws: `UsageError` where the value is none of the option's choices.
  func choice<Word: RawRepresentable<String>>(_ name: String, as: Word.Type = Word.self) throws(UsageError) -> Word? {
    try choice(name).flatMap(Word.init(rawValue:))
  }

  /// - Throws: `UsageError` where the option is missing.
  func required(_ name: String) throws(UsageError) -> String {
    guard let text = string(name) else { throw UsageError("--\(name) is missing; --help shows an example") }
    return text
  }
}

/// The known word that a typed one is probably meant to be: at most a third of it edited.
func nearest(to typed: String, in known: [String]) -> String? {
  known.map { ($0, editDistance(typed, $0)) }
    .filter { $0.1 <= max(1, $0.0.count / 3) }
    .min { $0.1 < $1.1 }?.0
}

/// Insertions, deletions and replacements that make one word of another (Levenshtein).
private func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var row = Array(0...b.count)
  for (i, left) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, right) in b.enumerated() {
      let replaced = diagonal + (left == right ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}
