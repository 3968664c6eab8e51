#define _GNU_SOURCE
#include "CSystem.h"

#include <fcntl.h>
#include <stdio.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

bool skipwise_processor_supports_kernels(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return true;
#endif
}

void skipwise_flush_denormals(void) {
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | 0x8040);
#endif
}

int skipwise_exchange_paths(const char *first, const char *second) {
  return renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE);
}

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
