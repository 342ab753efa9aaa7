#include "wordline/cli/interrupt.hpp"

#include <csignal>

namespace wordline::cli {

namespace {

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set in a signal handler");

void handle(int signal) {
  (void)signal;
  interrupted = true;
}

void install(int signal) {
  struct sigaction action {};
  if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) return;
  action = {};
  action.sa_handler = handle;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(signal, &action, nullptr);
}

}  // namespace

const std::atomic<bool>& interrupt_flag() {
  static const bool kInstalled = (install(SIGINT), install(SIGTERM), true);
  (void)kInstalled;
  return interrupted;
}

}  // namespace wordline::cli
