import FineTuning
import Foundation
import Synchronization

/// Tells when a file of some folders is written, so that a theme shows as soon as it is saved.
final class FolderWatch: Sendable {
  private let changed = Mutex(false)

  /// - Parameter newsArrived: raised at each change.
  init(_ folders: [String], newsArrived: EventDescriptor) {
    let descriptor = inotify_init1(Int32(IN_CLOEXEC))
    guard descriptor >= 0 else { return }
    // Editors write a file in place or put a new one there.
    let events = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO)
    let watched = folders.filter { inotify_add_watch(descriptor, $0, events) >= 0 }
    guard !watched.isEmpty else {
      close(descriptor)
      return
    }
    Thread.detachNewThread { [self] in
      var buffer = [UInt8](repeating: 0, count: 4096)
      while read(descriptor, &buffer, buffer.count) > 0 {
        changed.withLock { $0 = true }
        newsArrived.raise()
      }
    }
  }

  /// Whether something was written since the last call.
  func takeChange() -> Bool {
    changed.withLock { changed in
      defer { changed = false }
      return changed
    }
  }
}
