/// Every verb, in the order the help lists them.
enum VerbList {
  static var all: [any Verb.Type] {
    [PretrainVerb.self, TrainVerb.self, ForwardVerb.self]
  }
}
