// One kernel with a known answer.
#pragma once

namespace wordline {

enum class SelfCheck { kRight, kWrong, kFailed };

struct SelfCheckResult {
  SelfCheck outcome;
  int error;  // the cudaError_t of a failed call, else cudaSuccess
};

// Adds 1 + 2 + ... + n on the current device, in double precision, and compares with n (n + 1) / 2.
SelfCheckResult run_self_check();

}  // namespace wordline
