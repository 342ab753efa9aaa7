// How kernels are launched, for the .cu files that instantiate it.
#pragma once

#include <cuda_runtime.h>

#include "wordline/cuda/kernel.hpp"
#include "wordline/cuda/launch.hpp"

namespace wordline::gpu {
namespace {

constexpr unsigned kThreads = 256;
// Few numbers, which cost the more each, are spread over all multiprocessors.
constexpr unsigned kFewThreads = 64;
constexpr std::int64_t kFew = std::int64_t{1} << 16;

template <class K>
__global__ void __launch_bounds__(kThreads) run_each(const K kernel) {
  const std::int64_t k = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (k < kernel.count()) kernel.at(k);
}

template <class K>
__global__ void run_blocks(const K kernel) {
  extern __shared__ double shared[];
  const int phases = kernel.phases();
  for (int phase = 0; phase < phases; ++phase) {
    kernel.at({static_cast<std::int32_t>(blockIdx.x), static_cast<std::int32_t>(threadIdx.x), phase,
               shared});
    __syncthreads();
  }
}

}  // namespace

template <class K>
cudaError_t launch(cudaStream_t stream, const K& kernel) {
  if constexpr (KernelOfEach<K>) {
    const unsigned threads = kernel.count() <= kFew ? kFewThreads : kThreads;
    const std::int64_t blocks = (kernel.count() + threads - 1) / threads;
    if (blocks == 0) return cudaSuccess;
    run_each<<<static_cast<unsigned>(blocks), threads, 0, stream>>>(kernel);
  } else {
    const int bytes = kernel.shared() * static_cast<int>(sizeof(double));
    // More than this has to be asked for.
    constexpr int kUnasked = 48 * 1024;
    if (bytes > kUnasked) {
      const cudaError_t error =
          cudaFuncSetAttribute(run_blocks<K>, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes);
      if (error != cudaSuccess) return error;
    }
    run_blocks<<<static_cast<unsigned>(kernel.blocks()), static_cast<unsigned>(kernel.threads()),
                 static_cast<std::size_t>(bytes), stream>>>(kernel);
  }
  return cudaGetLastError();
}

}  // namespace wordline::gpu
