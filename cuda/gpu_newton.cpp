#include <spdlog/spdlog.h>

#include "wordline/cuda/batch_newton.hpp"
#include "wordline/cuda/device_queue.hpp"
#include "wordline/solvers/array_newton.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline {

std::unique_ptr<ArrayNewton> make_gpu_newton(const ArrayMatrix& lines, const CellParts& cells,
                                             std::int32_t members) {
  require_gpu();
  try {
    return gpu::BatchNewton<gpu::DeviceQueue>::make(std::make_unique<gpu::DeviceQueue>(), lines,
                                                    cells, members);
  } catch (const gpu::OutOfDeviceMemory& error) {
    spdlog::warn("{}; the processor evaluates the cells", error.what());
    return nullptr;
  }
}

}  // namespace wordline
