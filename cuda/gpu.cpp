#include "wordline/solvers/gpu.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "wordline/base/error.hpp"
#include "wordline/cuda/blas.hpp"
#include "wordline/cuda/device_queue.hpp"
#include "wordline/cuda/krylov_method.hpp"
#include "wordline/cuda/probe.hpp"
#include "wordline/cuda/sparse_direct.hpp"
#include "wordline/cuda/transfer_method.hpp"

namespace wordline {

std::string why_no_gpu() {
  static const GpuStatus kStatus = probe_gpu();
  return kStatus.reason;
}

void require_gpu() {
  if (const std::string reason = why_no_gpu(); !reason.empty()) {
    throw Error("no GPU can be used: " + reason);
  }
}

namespace {

void warn(std::string_view reason) { spdlog::warn("{}; the processor goes on", reason); }

}  // namespace

std::unique_ptr<ArrayMethod> make_gpu_krylov_method(const ArrayGeometry& array) {
  require_gpu();
  return std::make_unique<gpu::KrylovMethod<gpu::DeviceQueue>>(
      array, std::make_unique<gpu::DeviceQueue>(), warn);
}

std::unique_ptr<LinearSolver> make_gpu_sparse_solver(const std::vector<ArrayGeometry>& arrays,
                                                     double pivot_ratio) {
  require_gpu();
  return std::make_unique<gpu::SparseDirect<gpu::DeviceQueue>>(
      make_pivoting_solver(arrays, pivot_ratio), std::make_unique<gpu::DeviceQueue>(), warn);
}

std::unique_ptr<ArrayBatchMethod> make_gpu_batch_method(std::int32_t rows, std::int32_t cols,
                                                        std::int32_t members) {
  require_gpu();
  try {
    return std::make_unique<gpu::BatchMethod<gpu::DeviceQueue>>(
        std::make_unique<gpu::DeviceQueue>(), rows, cols, members);
  } catch (const gpu::OutOfDeviceMemory&) {
    return nullptr;
  }
}

std::unique_ptr<ArrayTransferMethod> make_gpu_transfer_method(std::int32_t rows, std::int32_t cols,
                                                              int threads) {
  require_gpu();
  return std::make_unique<gpu::TransferMethod<gpu::DeviceQueue>>(
      rows, cols, threads, std::make_unique<gpu::DeviceQueue>(), warn);
}

std::unique_ptr<DenseProductMethod> make_gpu_product_method(std::span<const ProductShape> shapes,
                                                            std::span<const double> values) {
  require_gpu();
  try {
    return std::make_unique<gpu::ProductMethod<gpu::DeviceQueue>>(
        std::make_unique<gpu::DeviceQueue>(), shapes, values,
        [](gpu::DeviceQueue& queue) { return gpu::load_blas(queue.stream().get()); }, warn);
  } catch (const gpu::OutOfDeviceMemory& error) {
    warn(error.what());
    return nullptr;
  }
}

}  // namespace wordline
