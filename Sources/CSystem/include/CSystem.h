// What the processor and the kernel offer, and Swift's Glibc module does not import.
#ifndef SKIPWISE_CSYSTEM_H
#define SKIPWISE_CSYSTEM_H

#include <getopt.h>

/// Makes the calling thread treat denormal numbers as zero (x86-64; elsewhere it does nothing). AdamW's second moments
/// underflow for rows that are rarely seen, which costs hundreds of cycles an element if denormals are kept.
void skipwise_flush_denormals(void);

/// Lets two paths change places in one step. Returns 0, or -1 with errno set.
int skipwise_exchange_paths(const char *first, const char *second);

/// One list of words is read at a time: the second thread waits until the first has ended.
void skipwise_begin_options(void);
void skipwise_end_options(void);

/// glibc's getopt_long behind values instead of shared variables. `next` is 0 for the first call and then where the
/// next word stands; the option's value comes back in `argument`. Messages are the caller's. Returns what getopt_long does.
int skipwise_next_option(
    int count, char *const words[], const struct option *options, int *next, const char **argument);

/// Asks for the cache line at an address; no address is wrong.
static inline void skipwise_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

#endif
