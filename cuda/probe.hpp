// Whether the GPU backends can run here, and if not, why.
#pragma once

#include <string>

namespace wordline {

struct GpuStatus {
  bool usable = false;
  std::string reason;  // why it is not usable; empty if it is
  std::string device;  // "NVIDIA H200 (compute capability 9.0, 139.8 GiB)"; empty without a device
};

// Looks at the first device and runs a small kernel on it, whose answer must be right. Never throws
// for want of a device, a driver or a toolkit.
GpuStatus probe_gpu();

}  // namespace wordline
