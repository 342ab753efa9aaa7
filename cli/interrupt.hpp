// Ctrl-C ends a run cleanly: the first one raises a flag, the second one kills.
#pragma once

#include <atomic>

namespace wordline::cli {

// Raised by SIGINT and SIGTERM from the first call on. A signal that the parent process chose to
// have ignored stays so.
const std::atomic<bool>& interrupt_flag();

}  // namespace wordline::cli
