// `wordline info`: what is installed and what it can use.
#include <fmt/format.h>

#include <thread>

#include "wordline/base/version.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/cuda/probe.hpp"
#include "wordline/solvers/libraries.hpp"

namespace wordline::cli {

namespace {

void print_line(std::string_view what, std::string_view value) {
  fmt::print("{:<12} {}\n", what, value);
}

int info() {
  print_line("wordline", version());
  print_line("build", WORDLINE_BUILD);
  print_line("compiler", WORDLINE_COMPILER);
  for (const LibraryVersion& library : solver_libraries()) {
    print_line(library.name, library.version);
  }
  print_line("threads", std::to_string(std::thread::hardware_concurrency()));
  const GpuStatus gpu = probe_gpu();
  if (!gpu.device.empty()) print_line("GPU", gpu.device);
  print_line("GPU usable", gpu.usable ? "yes" : "no: " + gpu.reason);
  return kOk;
}

}  // namespace

void add_info_command(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("info", "Version, libraries, threads, and whether a GPU is usable");
  command->callback([&exit_code] { exit_code = info(); });
}

}  // namespace wordline::cli
