#include "wordline/cli/gpu_choice.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "wordline/solvers/gpu.hpp"

namespace wordline::cli {

void add_device_option(CLI::App& command, std::string& device) {
  command
      .add_option("--device", device,
                  "cpu; cuda (a GPU, or an error); auto (a GPU for arrays of\n512 x 512 cells or "
                  "more in all, where one is usable)")
      ->check(CLI::IsMember({"cpu", "cuda", "auto"}));
}

bool takes_gpu(const std::string& device, std::size_t cells, bool say) {
  if (device != "cuda" && device != "auto") return false;
  const bool must = device == "cuda";
  std::string reason;
  if (!must && cells < kCellsWorthGpu) {
    reason = fmt::format("no arrays of {} cells or more", kCellsWorthGpu);
  } else {
    reason = why_no_gpu();
  }
  if (must && !reason.empty()) {
    throw Error(fmt::format("--device cuda: no GPU can be used: {}", reason));
  }
  if (say && !must) {
    spdlog::info("--device auto: {}",
                 reason.empty() ? "a GPU solves it" : "the processor solves it: " + reason);
  }
  return reason.empty();
}

void choose_device(const std::string& device, bool say, Circuit& circuit) {
  SolverKind& solver = circuit.options.solver;
  if (device == "cpu" && solver == SolverKind::kCuda) solver = SolverKind::kAuto;
  // auto leaves a solver that the deck asks for, but for the GPU itself.
  if (device == "auto" && solver == SolverKind::kCuda) solver = SolverKind::kAuto;
  if (device == "auto" && solver != SolverKind::kAuto) return;
  std::size_t cells = 0;
  for (const Crossbar& xb : circuit.crossbars) {
    cells += static_cast<std::size_t>(xb.rows) * static_cast<std::size_t>(xb.cols);
  }
  if (takes_gpu(device, cells, say)) solver = SolverKind::kCuda;
  if (solver == SolverKind::kCuda) require_gpu();
}

}  // namespace wordline::cli
