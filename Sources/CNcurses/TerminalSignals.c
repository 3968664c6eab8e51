#define _GNU_SOURCE

#include "TerminalSignals.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

// MARK: Signals for the event loop

static int pipe_ends[2] = {-1, -1};

static const int handled[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP};
static struct sigaction earlier_handled[COUNT(handled)];

int ts_open(void) { return pipe2(pipe_ends, O_NONBLOCK | O_CLOEXEC) == 0 ? pipe_ends[0] : -1; }

void ts_close(void) {
  for (size_t i = 0; i < COUNT(pipe_ends); i++) {
    if (pipe_ends[i] >= 0) close(pipe_ends[i]);
    pipe_ends[i] = -1;
  }
}

static void forward_signal(int signal) {
  int saved = errno;
  unsigned char byte = (unsigned char)signal;
  // A full pipe already holds more signals than the loop needs to wake.
  ssize_t written = write(pipe_ends[1], &byte, 1);
  (void)written;
  errno = saved;
}

void ts_install(void) {
  struct sigaction action = {.sa_handler = forward_signal};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < COUNT(handled); i++) {
    sigaction(handled[i], &action, &earlier_handled[i]);
    if (handled[i] == SIGHUP && earlier_handled[i].sa_handler == SIG_IGN) {
      sigaction(handled[i], &earlier_handled[i], NULL);
    }
  }
}

void ts_uninstall(void) {
  for (size_t i = 0; i < COUNT(handled); i++) sigaction(handled[i], &earlier_handled[i], NULL);
}

void ts_stop(void) {
  struct sigaction own, action = {.sa_handler = SIG_IGN};
  sigemptyset(&action.sa_mask);
  sigaction(SIGTSTP, &action, &own);
  kill(0, SIGTSTP);
  // Aimed at this thread, so that the process has stopped when `raise` returns and not a moment later.
  action.sa_handler = SIG_DFL;
  sigaction(SIGTSTP, &action, NULL);
  raise(SIGTSTP);
  sigaction(SIGTSTP, &own, NULL);
}

// MARK: Crashes

static const int fatal[] = {SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGQUIT};
static struct sigaction earlier_fatal[COUNT(fatal)];
static char alternate_stack[64 * 1024];

static atomic_bool is_armed;
static TSCrashGuard armed;
static char sequence[1024];
static char message[4352];

static void write_all(int descriptor, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(descriptor, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    count -= (size_t)written;
  }
}

/// Returns whether there was anything to restore.
static bool restore_terminal(void) {
  if (!atomic_exchange(&is_armed, false)) return false;
  write_all(STDOUT_FILENO, sequence, armed.sequenceLength);
  tcsetattr(STDIN_FILENO, TCSANOW, &armed.modes);
  if (armed.standardError < 0) return true;
  struct stat log;
  bool has_news = fstat(STDERR_FILENO, &log) == 0 && log.st_size > 0;
  dup2(armed.standardError, STDERR_FILENO);
  if (has_news) write_all(STDERR_FILENO, message, strlen(message));
  return true;
}

static void restore_at_exit(void) { restore_terminal(); }

// MARK: Crashes of other threads

/// The thread that draws.
static pthread_t screen_thread;
static atomic_bool is_held;
/// Ignored where nobody takes it, so that a late one does no harm.
static const int hold_signal = SIGURG;

static void hold(int signal) {
  (void)signal;
  atomic_store(&is_held, true);
  while (true) pause();
}

/// A frame that the drawing thread writes after the terminal was restored would undo that: it stops for good first. Where it
/// cannot be reached within a tenth of a second the crash goes on without it.
static void hold_screen_thread(void) {
  if (!atomic_load(&is_armed) || pthread_equal(pthread_self(), screen_thread)) return;
  if (pthread_kill(screen_thread, hold_signal) != 0) return;
  struct timespec moment = {.tv_nsec = 100 * 1000};
  for (int waits = 0; waits < 1000 && !atomic_load(&is_held); waits++) nanosleep(&moment, NULL);
}

static void crash(int signal) {
  int saved = errno;
  hold_screen_thread();
  bool was_armed = restore_terminal();
  bool chains = armed.chainsHandlers || !was_armed;
  for (size_t i = 0; i < COUNT(fatal); i++) {
    if (fatal[i] != signal) continue;
    struct sigaction plain = {.sa_handler = SIG_DFL};
    sigemptyset(&plain.sa_mask);
    sigaction(signal, chains ? &earlier_fatal[i] : &plain, NULL);
  }
  errno = saved;
  // Blocked while this handler runs; it takes effect on return, with the state of the crash still in place.
  raise(signal);
}

void ts_guard(const TSCrashGuard *guard) {
  static bool is_prepared;
  armed = *guard;
  if (armed.sequenceLength > sizeof sequence) armed.sequenceLength = sizeof sequence;
  memcpy(sequence, guard->sequence, armed.sequenceLength);
  message[0] = 0;
  if (guard->message) strncpy(message, guard->message, sizeof message - 1);
  screen_thread = pthread_self();
  atomic_store(&is_armed, true);
  if (is_prepared) return;
  is_prepared = true;
  atexit(restore_at_exit);
  // A stack that overflowed has no room for a handler.
  stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
  sigaltstack(&stack, NULL);
  struct sigaction holding = {.sa_handler = hold};
  sigemptyset(&holding.sa_mask);
  sigaction(hold_signal, &holding, NULL);
  struct sigaction action = {.sa_handler = crash, .sa_flags = SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < COUNT(fatal); i++) sigaction(fatal[i], &action, &earlier_fatal[i]);
}

void ts_unguard(void) { atomic_store(&is_armed, false); }
