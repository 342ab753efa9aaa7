// cuBLAS, where it is installed: looked for when it is first wanted, so that nothing needs it to
// start.
#pragma once

#include <memory>

#include "wordline/cuda/dense_library.hpp"

struct CUstream_st;  // what the CUDA runtime's streams point to

namespace wordline::gpu {

// Null where it is not there, or does not start. What it computes comes after what is in `stream`
// (null: the default one).
std::unique_ptr<DenseLibrary> load_blas(CUstream_st* stream);

}  // namespace wordline::gpu
