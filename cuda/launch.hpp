// The launches of kernels (kernel.hpp), compiled by nvcc for every kernel there is.
#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

namespace wordline::gpu {

// What the launch came to; the kernel itself runs later.
template <class K>
cudaError_t launch(cudaStream_t stream, const K& kernel);

}  // namespace wordline::gpu
