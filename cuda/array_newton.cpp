#include "wordline/cuda/array_newton.hpp"

#include <spdlog/spdlog.h>

#include "wordline/base/error.hpp"
#include "wordline/cuda/batch_newton.hpp"
#include "wordline/cuda/device_queue.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline::gpu {

std::unique_ptr<ArrayNewton> make_array_newton(const ArrayMatrix& lines, const CellParts& cells,
                                               std::int32_t members) {
  if (const std::string reason = why_no_gpu(); !reason.empty()) {
    throw Error("no GPU can be used: " + reason);
  }
  try {
    return BatchNewton<DeviceQueue>::make(std::make_unique<DeviceQueue>(), lines, cells, members);
  } catch (const OutOfDeviceMemory& error) {
    spdlog::warn("{}; the processor evaluates the cells", error.what());
    return nullptr;
  }
}

}  // namespace wordline::gpu
