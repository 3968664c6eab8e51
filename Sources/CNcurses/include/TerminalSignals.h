// Signal handlers, in C because a handler may run at any instant: no Swift runtime, no locks, no allocation.
#ifndef SKIPWISE_TERMINAL_SIGNALS_H
#define SKIPWISE_TERMINAL_SIGNALS_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/// Opens the pipe that handled signals are written to, a byte (the signal's number) each.
/// Returns the descriptor to read, which never blocks, or −1.
int ts_open(void);

/// Closes that pipe.
void ts_close(void);

/// Takes SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM and, unless it was ignored (`nohup`), SIGHUP.
void ts_install(void);

/// Gives those signals back their earlier handlers.
void ts_uninstall(void);

/// Stops this process group as Ctrl-Z in a shell does; returns when it is continued, or at once where
/// nobody could continue it.
void ts_stop(void);

/// What a crash has to undo. The bytes are copied.
typedef struct {
  struct termios modes;
  const char *sequence;
  size_t sequenceLength;
  /// Descriptor of the real standard error while another file stands in for it, or −1.
  int standardError;
  /// What to say on the real standard error where that file is not empty, or NULL.
  const char *message;
  /// Whether the handler found before (the Swift runtime's backtrace) runs after the terminal is restored.
  bool chainsHandlers;
} TSCrashGuard;

/// From here on a crash or an `exit` restores the terminal before the process ends.
void ts_guard(const TSCrashGuard *guard);

/// The terminal was restored in the ordinary way.
void ts_unguard(void);

#endif
