#include <cuda_runtime.h>

#include "wordline/cuda/self_check.hpp"

namespace wordline {
namespace {

constexpr int kThreads = 256;  // one block, a power of two

// The sum of the numbers 1..n by one block: each thread its share, then a tree over the threads.
__global__ void sum_of_first(int n, double* sum) {
  __shared__ double partial[kThreads];
  double share = 0;
  for (int k = static_cast<int>(threadIdx.x) + 1; k <= n; k += kThreads) share += k;
  partial[threadIdx.x] = share;
  for (unsigned stride = kThreads / 2; stride > 0; stride /= 2) {
    __syncthreads();
    if (threadIdx.x < stride) partial[threadIdx.x] += partial[threadIdx.x + stride];
  }
  if (threadIdx.x == 0) *sum = partial[0];
}

}  // namespace

SelfCheckResult run_self_check() {
  constexpr int n = 100000;
  double* on_device = nullptr;
  cudaError_t error = cudaMalloc(&on_device, sizeof(double));
  double sum = 0;
  if (error == cudaSuccess) {
    sum_of_first<<<1, kThreads>>>(n, on_device);
    error = cudaGetLastError();
    if (error == cudaSuccess) {
      error = cudaMemcpy(&sum, on_device, sizeof(double), cudaMemcpyDeviceToHost);
    }
    cudaFree(on_device);
  }
  if (error != cudaSuccess) return {SelfCheck::kFailed, error};
  // Every partial sum is a whole number below 2^53, hence exact.
  return {sum == 0.5 * n * (n + 1.0) ? SelfCheck::kRight : SelfCheck::kWrong, error};
}

}  // namespace wordline
