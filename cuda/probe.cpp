#include "wordline/cuda/probe.hpp"

#include <cuda_runtime_api.h>
#include <fmt/format.h>

#include "wordline/cuda/self_check.hpp"

namespace wordline {

GpuStatus probe_gpu() {
  GpuStatus status;
  int driver = 0;
  if (cudaDriverGetVersion(&driver) == cudaSuccess && driver == 0) {
    status.reason = "no NVIDIA driver";
    return status;
  }
  int count = 0;
  cudaError_t error = cudaGetDeviceCount(&count);
  if (error == cudaSuccess && count == 0) error = cudaErrorNoDevice;
  cudaDeviceProp properties{};
  if (error == cudaSuccess) error = cudaGetDeviceProperties(&properties, 0);
  if (error != cudaSuccess) {
    status.reason = cudaGetErrorString(error);
    return status;
  }
  status.device =
      fmt::format("{} (compute capability {}.{}, {:.1f} GiB)", properties.name, properties.major,
                  properties.minor, static_cast<double>(properties.totalGlobalMem) / (1 << 30));
  const SelfCheckResult check = run_self_check();
  status.usable = check.outcome == SelfCheck::kRight;
  if (check.outcome == SelfCheck::kFailed) {
    status.reason = fmt::format("a kernel does not run: {}",
                                cudaGetErrorString(static_cast<cudaError_t>(check.error)));
  } else if (check.outcome == SelfCheck::kWrong) {
    status.reason = "a kernel gave a wrong sum";
  }
  return status;
}

}  // namespace wordline
