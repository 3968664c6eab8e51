// OpenBLAS as Transformer sees it: cblas and thread control.
#ifndef SKIPWISE_COPENBLAS_H
#define SKIPWISE_COPENBLAS_H

#if !__has_include(<cblas.h>)
#error "OpenBLAS is missing. Install it with: apt-get install libopenblas-dev"
#endif

#include <cblas.h>

#endif
