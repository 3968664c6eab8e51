#include "COpenBLAS.h"

// Before anything multiplies, in the program and in its tests: threads of OpenBLAS' own would take a lock a call, spin after each
// one and change the order of sums with their number.
__attribute__((constructor)) static void skipwise_use_single_threaded_blas(void) { openblas_set_num_threads(1); }
