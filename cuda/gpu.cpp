#include "wordline/solvers/gpu.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "wordline/base/error.hpp"
#include "wordline/cuda/device_queue.hpp"
#include "wordline/cuda/krylov_method.hpp"
#include "wordline/cuda/probe.hpp"

namespace wordline {

std::string why_no_gpu() {
  static const GpuStatus status = probe_gpu();
  return status.reason;
}

std::unique_ptr<ArrayMethod> make_gpu_krylov_method(const ArrayGeometry& array) {
  if (const std::string reason = why_no_gpu(); !reason.empty()) {
    throw Error("no GPU can be used: " + reason);
  }
  const auto warn = [](std::string_view reason) {
    spdlog::warn("{}; the processor goes on", reason);
  };
  return std::make_unique<gpu::KrylovMethod<gpu::DeviceQueue>>(
      array, std::make_unique<gpu::DeviceQueue>(), warn);
}

}  // namespace wordline
