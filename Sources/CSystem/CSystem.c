#define _GNU_SOURCE
#include "CSystem.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <immintrin.h>

// Before any line of Swift: generic code that the kernels' module specializes, a loop over a string's characters, say, is compiled
// for their processor and then shared by all modules.
__attribute__((constructor(101))) static void skipwise_refuse_older_processors(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v3")) return;
  const char *message = "skipwise: this processor lacks AVX2, FMA or BMI2 (x86-64-v3), which the program is compiled for\n";
  ssize_t written = write(STDERR_FILENO, message, strlen(message));
  (void)written;
  _exit(70); // EX_SOFTWARE, as ExitStatus.failure
}
#endif

void skipwise_flush_denormals(void) {
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | 0x8040);
#endif
}

int skipwise_exchange_paths(const char *first, const char *second) {
  return renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE);
}

static pthread_mutex_t skipwise_options_lock = PTHREAD_MUTEX_INITIALIZER;

void skipwise_begin_options(void) { pthread_mutex_lock(&skipwise_options_lock); }

void skipwise_end_options(void) { pthread_mutex_unlock(&skipwise_options_lock); }

int skipwise_next_option(
    int count, char *const words[], const struct option *options, int *next, const char **argument) {
  opterr = 0;
  optind = *next; // 0 makes glibc start over, also after another list was read
  optarg = NULL;
  int code = getopt_long(count, words, "+:h", options, NULL);
  *next = optind;
  *argument = optarg;
  return code;
}
