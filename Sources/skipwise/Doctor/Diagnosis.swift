/// One thing that `doctor` looked at.
struct Diagnosis: Encodable, Equatable {
  enum Mark: String, Encodable {
    case ok
    case improvable = "could be better"
    case broken
  }

  let subject: String
  let mark: Mark
  /// What is there.
  let found: String
  /// What would be better, a sentence; nil where all is well.
  let advice: String?

  static func ok(_ subject: String, _ found: String) -> Diagnosis {
    Diagnosis(subject: subject, mark: .ok, found: found, advice: nil)
  }

  static func improvable(_ subject: String, _ found: String, _ advice: String) -> Diagnosis {
    Diagnosis(subject: subject, mark: .improvable, found: found, advice: advice)
  }

  static func broken(_ subject: String, _ found: String, _ advice: String) -> Diagnosis {
    Diagnosis(subject: subject, mark: .broken, found: found, advice: advice)
  }
}
