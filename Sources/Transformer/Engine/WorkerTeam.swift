import CSystem
import Glibc
import Synchronization

/// A fixed set of threads that run numbered jobs and wait, asleep, in between.
///
/// Own pthreads and not Swift tasks: computing on the cooperative pool would starve it. They run at nice +10, so that
/// the screen and the shell come first, and with every signal blocked, so that signals reach the main thread.
final class WorkerTeam {
  // Only read and written under the lock of `Shared`; `body` is called without it, but only while `run` waits for the team.
  private struct Work: @unchecked Sendable {
    var body: ((_ job: Int, _ worker: Int) -> Void)?
    var jobs = 0
    var nextJob = 0
    var running = 0
    /// A bit for each number that a working thread goes by.
    var workers: UInt64 = 0
    var generation = 0
    var isClosing = false
  }

  /// The state that the threads share. Unchecked, because the compiler does not know pthread's lock, which guards all of it:
  /// the condition variables need it, and Swift's own mutex has none.
  private final class Shared: @unchecked Sendable {
    private var lock = pthread_mutex_t()
    private var workArrived = pthread_cond_t()
    private var workEnded = pthread_cond_t()
    private var work = Work()

    init() {
      pthread_mutex_init(&lock, nil)
      pthread_cond_init(&workArrived, nil)
      pthread_cond_init(&workEnded, nil)
    }

    deinit {
      pthread_cond_destroy(&workArrived)
      pthread_cond_destroy(&workEnded)
      pthread_mutex_destroy(&lock)
    }

    func start(_ jobs: Int, _ body: @escaping (Int, Int) -> Void) {
      pthread_mutex_lock(&lock)
      work.body = body
      work.jobs = jobs
      work.nextJob = 0
      work.generation += 1
      pthread_cond_broadcast(&workArrived)
      pthread_mutex_unlock(&lock)
    }

    func takeJobs() {
      pthread_mutex_lock(&lock)
      work.running += 1
      let worker = (~work.workers).trailingZeroBitCount
      work.workers |= 1 << UInt64(worker)
      while work.nextJob < work.jobs, let body = work.body {
        let job = work.nextJob
        work.nextJob += 1
        pthread_mutex_unlock(&lock)
        body(job, worker)
        pthread_mutex_lock(&lock)
      }
      work.workers &= ~(1 << UInt64(worker))
      work.running -= 1
      if work.running == 0 { pthread_cond_broadcast(&workEnded) }
      pthread_mutex_unlock(&lock)
    }

    func waitForEnd() {
      pthread_mutex_lock(&lock)
      while work.running > 0 { pthread_cond_wait(&workEnded, &lock) }
      work.body = nil
      pthread_mutex_unlock(&lock)
    }

    func serve() {
      var seen = 0
      while true {
        pthread_mutex_lock(&lock)
        while work.generation == seen, !work.isClosing { pthread_cond_wait(&workArrived, &lock) }
        seen = work.generation
        let isClosing = work.isClosing
        pthread_mutex_unlock(&lock)
        if isClosing { return }
        takeJobs()
      }
    }

    func close() {
      pthread_mutex_lock(&lock)
      work.isClosing = true
      pthread_cond_broadcast(&workArrived)
      pthread_mutex_unlock(&lock)
    }
  }

  /// The most threads that a team has.
  private static let limit = 64

  /// Threads that compute, the caller's included.
  let count: Int
  private let shared = Shared()
  private var threads: [pthread_t] = []

  /// - Parameter count: threads that compute, the caller's included.
  init(count: Int) {
    self.count = min(max(count, 1), Self.limit)
    for _ in 1..<self.count {
      if let thread = LowPriorityThread.start(shared.serve) { threads.append(thread) }
    }
  }

  deinit {
    shared.close()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Runs jobs 0 … `jobs` − 1, each once, in any order and on any thread, and returns when all have ended.
  ///
  /// - Parameter body: given the job and a number below `count` that no other thread goes by meanwhile.
  func run(_ jobs: Int, _ body: @escaping (_ job: Int, _ worker: Int) -> Void) {
    shared.start(jobs, body)
    shared.takeJobs()
    shared.waitForEnd()
  }
}

/// Threads for computing: nice +10, signals blocked, denormal numbers flushed to zero.
public enum LowPriorityThread {
  private final class Entry {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  /// Starts a thread that nobody waits for, and that leaves nothing behind when `body` returns; false where the system
  /// refuses one more thread.
  @discardableResult
  public static func detach(_ body: @escaping () -> Void) -> Bool {
    guard let thread = start(body) else { return false }
    pthread_detach(thread)
    return true
  }

  /// Starts a thread that runs `body`, to be joined; nil where the system refuses one more thread.
  static func start(_ body: @escaping () -> Void) -> pthread_t? {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    // OpenBLAS keeps its small buffers on the stack.
    pthread_attr_setstacksize(&attributes, 8 << 20)
    let entry = Unmanaged.passRetained(Entry(body))
    var thread = pthread_t()
    let status = pthread_create(&thread, &attributes, LowPriorityThread.enter, entry.toOpaque())
    guard status == 0 else {
      entry.release()
      return nil
    }
    return thread
  }

  private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { raw in
    guard let raw else { return nil }
    var signals = sigset_t()
    sigfillset(&signals)
    // A crash must still reach its handler on the thread that crashed.
    for signal in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] { sigdelset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    // On Linux a nice value belongs to the thread; 0 means the calling one.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    skipwise_flush_denormals()
    Processor.useSingleThreadedBLAS()
    Unmanaged<Entry>.fromOpaque(raw).takeRetainedValue().body()
    return nil
  }
}
