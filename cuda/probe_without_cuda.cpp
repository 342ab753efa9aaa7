#include "wordline/cuda/probe.hpp"

namespace wordline {

GpuStatus probe_gpu() { return {.usable = false, .reason = "built without CUDA", .device = ""}; }

}  // namespace wordline
