/// Moments of a run that one can go back to: its beginning, its newest state, each change of settings, and as many between as
/// a bound on memory allows. Steps between moments are taken again, with the same bits.
struct RunHistory {
  /// By step, rising.
  private(set) var moments: [TrainingRun.Moment] = []
  /// Moments that replays cannot do without: the settings changed there.
  private var changes: Set<Int> = []
  /// Steps between moments; doubles when they fill their room.
  private(set) var interval = 10
  /// Moments that fit; below two none is kept.
  private let limit: Int

  /// - Parameters:
  ///   - momentBytes: what a moment takes.
  ///   - byteLimit: what all may take together.
  init(momentBytes: Int, byteLimit: Int = 256 << 20) { limit = byteLimit / max(momentBytes, 1) }

  /// The newest step that was taken.
  private(set) var tip = 0

  /// The first step that can still be gone back to.
  var earliest: Int { moments.first?.step ?? tip }

  /// Takes note of a new step; the moment is only made where one is due.
  mutating func take(step: Int, _ moment: () -> TrainingRun.Moment) {
    tip = max(tip, step)
    if step % interval == 0, limit >= 2 { keep(moment()) }
  }

  /// Keeps a moment whatever its step, in the place of one at the same step.
  mutating func keep(_ moment: @autoclosure () -> TrainingRun.Moment, isChange: Bool = false) {
    guard limit >= 2 else { return }
    let moment = moment()
    tip = max(tip, moment.step)
    moments.removeAll { $0.step == moment.step }
    moments.insert(moment, at: moments.firstIndex { $0.step > moment.step } ?? moments.count)
    if isChange { changes.insert(moment.step) }
    makeRoom()
  }

  private mutating func makeRoom() {
    while moments.count > limit, interval < max(tip, 1) {
      interval *= 2
      moments.removeAll { $0.step % interval != 0 && $0.step != tip && !changes.contains($0.step) }
    }
    while moments.count > limit { moments.removeFirst() }
  }

  /// The moment to go to `step` from: the newest one that is not after it.
  func moment(through step: Int) -> TrainingRun.Moment? { moments.last { $0.step <= step } }

  /// Forgets everything after a step: the run goes on from there in another way.
  mutating func forget(after step: Int) {
    moments.removeAll { $0.step > step }
    changes = changes.filter { $0 <= step }
    tip = step
  }
}
