/// Every verb, in the order the help lists them.
enum VerbList {
  static var all: [any Verb.Type] {
    [
      PositionsVerb.self, CoverageVerb.self, RopeVerb.self, PretrainVerb.self, TrainVerb.self, EvalVerb.self,
      AttendVerb.self,
      ForwardVerb.self, GenerateVerb.self, ComposeVerb.self, SnapshotVerb.self, ReproduceVerb.self, RunsVerb.self,
      LessonVerb.self, BenchVerb.self, CompletionsVerb.self, ManVerb.self, DoctorVerb.self,
    ]
  }
}
