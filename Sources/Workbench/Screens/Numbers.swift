import Foundation

/// A number with a fixed count of digits behind the point.
func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

/// A number in three or four significant digits, as short as it gets: 0.0012, 3.41, 12.3k.
func brief(_ value: Double) -> String {
  let size = abs(value)
  if !value.isFinite { return "–" }
  if size >= 999.5e6 { return String(format: "%.3gG", value / 1e9) }
  if size >= 999_500 { return String(format: "%.3gM", value / 1e6) }
  if size >= 1e4 { return String(format: "%.3gk", value / 1e3) }
  return String(format: size >= 1000 ? "%.0f" : "%.3g", value)
}

/// A share in percent, with a digit behind the point below ten; what is not all is not called 100.
func percent(_ share: Double) -> String {
  if share > 0, share < 0.0005 { return "<0.1 %" }
  if share < 1, share >= 0.995 { return number(min(100 * share, 99.9), 1) + " %" }
  return share > 0 && share < 0.0995 ? number(100 * share, 1) + " %" : number(100 * share, 0) + " %"
}

/// A whole number with a separator between thousands.
func grouped(_ value: Int) -> String {
  var digits = String(value.magnitude)
  var result = ""
  while digits.count > 3 {
    result = "," + digits.suffix(3) + result
    digits = String(digits.dropLast(3))
  }
  return (value < 0 ? "-" : "") + digits + result
}

/// Seconds as a person says them: 8 s, 2 min 05 s, 1 h 12 min.
func spoken(seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
  let whole = Int(seconds.rounded())
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return String(format: "%d min %02d s", whole / 60, whole % 60) }
  return String(format: "%d h %02d min", whole / 3600, whole / 60 % 60)
}

/// Seconds as a clock shows them: 1:05.
func clock(_ seconds: Int) -> String { "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)" }

/// An index as subscript digits: u₁.
func subscripted(_ index: Int) -> String {
  String(
    String(index).compactMap { digit in
      digit.wholeNumberValue.flatMap { UnicodeScalar(0x2080 + UInt32($0)) }.map(Character.init)
    })
}
