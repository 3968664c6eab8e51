// OpenBLAS as Transformer sees it: cblas, thread control, and what a worker thread sets on its own processor.
#ifndef SKIPWISE_COPENBLAS_H
#define SKIPWISE_COPENBLAS_H

#if !__has_include(<cblas.h>)
#error "OpenBLAS is missing. Install it with: apt-get install libopenblas-dev"
#endif

#include <cblas.h>
#include <stdbool.h>

/// Whether this processor can run the kernels: AVX2 and fused multiply-add on x86-64, always true elsewhere.
bool skipwise_processor_supports_kernels(void);

/// Makes the calling thread treat denormal numbers as zero (x86-64; elsewhere it does nothing). AdamW's second moments
/// underflow for rows that are rarely seen, which costs hundreds of cycles an element if denormals are kept.
void skipwise_flush_denormals(void);

#endif
