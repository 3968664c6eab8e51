import Foundation

/// Typed access to a JSON object's fields, with errors that name the file, the field and its value.
struct ConfigurationFields {
  let path: String
  /// What stands before a field's name in messages, such as `rope_parameters.`.
  var prefix = ""
  let values: [String: Any]

  init(json: Data, path: String) throws(ModelFileError) {
    self.path = path
    guard let parsed = try? JSONSerialization.jsonObject(with: json) else {
      throw .invalidJSON(path: path, reason: "it cannot be parsed")
    }
    guard let object = parsed as? [String: Any] else {
      throw .invalidJSON(path: path, reason: "it is not an object")
    }
    if let key = repeatedKey(inJSON: json) {
      throw .invalidJSON(path: path, reason: "it has the field \(key) twice")
    }
    values = object
  }

  private init(path: String, prefix: String, values: [String: Any]) {
    self.path = path
    self.prefix = prefix
    self.values = values
  }

  /// Whether the field is there and not null.
  func has(_ name: String) -> Bool { values[name] != nil && !(values[name] is NSNull) }

  /// A nested object; nil where it is absent or null.
  func object(_ name: String) throws(ModelFileError) -> ConfigurationFields? {
    guard has(name), let value = values[name] else { return nil }
    guard let object = value as? [String: Any] else { throw invalid(name, "an object") }
    return ConfigurationFields(path: path, prefix: prefix + name + ".", values: object)
  }

  func string(_ name: String) throws(ModelFileError) -> String? {
    guard has(name) else { return nil }
    guard let value = values[name] as? String else { throw invalid(name, "a string") }
    return value
  }

  func bool(_ name: String, default fallback: Bool) throws(ModelFileError) -> Bool {
    guard has(name) else { return fallback }
    guard let number = values[name] as? NSNumber, number.isBoolean else { throw invalid(name, "true or false") }
    return number.boolValue
  }

  /// A whole number from 1 to `limit`.
  func size(_ name: String, limit: Int, default fallback: Int? = nil) throws(ModelFileError) -> Int {
    guard has(name) else {
      guard let fallback else { throw .missingField(path: path, field: prefix + name) }
      return fallback
    }
    guard let number = values[name] as? NSNumber, !number.isBoolean, let value = Int(exactly: number.doubleValue),
      (1...limit).contains(value)
    else { throw invalid(name, "a whole number from 1 to \(limit)") }
    return value
  }

  /// A number above 0, up to `limit`.
  func positive(
    _ name: String, default fallback: Double? = nil, limit: Double = .greatestFiniteMagnitude
  ) throws(ModelFileError) -> Double {
    guard has(name) else {
      guard let fallback else { throw .missingField(path: path, field: prefix + name) }
      return fallback
    }
    guard let number = values[name] as? NSNumber, !number.isBoolean, number.doubleValue > 0,
      number.doubleValue <= limit
    else {
      throw invalid(name, limit < .greatestFiniteMagnitude ? "a number above 0, up to \(limit)" : "a number above 0")
    }
    return number.doubleValue
  }

  func optionalPositive(_ name: String) throws(ModelFileError) -> Double? {
    has(name) ? try positive(name) : nil
  }

  func positives(_ name: String) throws(ModelFileError) -> [Double]? {
    guard has(name) else { return nil }
    guard let numbers = values[name] as? [NSNumber],
      numbers.allSatisfy({ !$0.isBoolean && $0.doubleValue > 0 && $0.doubleValue.isFinite })
    else { throw invalid(name, "a list of numbers above 0") }
    return numbers.map(\.doubleValue)
  }

  func invalid(_ name: String, _ expected: String) -> ModelFileError {
    .invalidField(path: path, field: prefix + name, value: shown(values[name]), expected: expected)
  }

  /// A value short enough for one line.
  private func shown(_ value: Any?) -> String {
    guard let value else { return "missing" }
    let text = (value as? NSNumber)?.isBoolean == true ? "\(value as? Bool ?? false)" : "\(value)"
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 60 ? line.prefix(60) + "…" : line
  }
}
