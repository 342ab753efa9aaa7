#include "beside_ngspice.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "wordline/engine/output/rawfile.hpp"
#include "wordline/netlist/export_ngspice.hpp"

namespace wordline::bench {

namespace {

namespace fs = std::filesystem;

double cpu_seconds(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

Run run_wordline(const Circuit& circuit) {
  const double start = cpu_seconds(RUSAGE_SELF);
  Simulator simulator(circuit);
  Result result = simulator.run(circuit.analyses.front());
  if (!result.report.ok()) throw Error("Wordline: " + result.report.message);
  return {cpu_seconds(RUSAGE_SELF) - start, std::move(result.waveforms)};
}

Run median_run(const Circuit& circuit, int repetitions) {
  std::vector<Run> runs;
  runs.reserve(static_cast<std::size_t>(repetitions));
  for (int k = 0; k < repetitions; ++k) runs.push_back(run_wordline(circuit));
  std::sort(runs.begin(), runs.end(),
            [](const Run& a, const Run& b) { return a.seconds < b.seconds; });
  return std::move(runs[runs.size() / 2]);
}

Run run_ngspice(const Circuit& circuit) {
  std::ostringstream deck;
  export_ngspice(circuit, deck);
  return run_ngspice(deck.str());
}

Run run_ngspice(const std::string& deck) {
  std::string name = (fs::temp_directory_path() / "wordline-bench-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw Error("cannot make a temporary folder");
  const fs::path folder = name;
  std::ofstream(folder / "deck.cir") << deck;
  const std::string command = fmt::format(
      "cd '{}' && OMP_NUM_THREADS=1 ngspice -b -r out.raw deck.cir >log 2>&1", folder.string());
  const double start = cpu_seconds(RUSAGE_CHILDREN);
  const int status = std::system(command.c_str());
  const double seconds = cpu_seconds(RUSAGE_CHILDREN) - start;
  if (status != 0) throw Error("ngspice failed; see " + (folder / "log").string());
  Run run{seconds, read_rawfile((folder / "out.raw").string()).at(0)};
  fs::remove_all(folder);
  return run;
}

double error(const Waveforms& run, const Waveforms& reference) {
  double worst = 0;
  const std::span<const double> time = run.column(0);
  for (std::size_t s = 1; s < reference.header().signals.size(); ++s) {
    const std::string& name = reference.header().signals[s].name;
    double scale = 0;
    for (const double value : reference.column(s)) scale = std::max(scale, std::abs(value));
    double largest = 0;
    const std::span<const double> values = run[name];
    for (std::size_t k = 0; k < time.size(); ++k) {
      largest = std::max(largest, std::abs(values[k] - reference.at(name, time[k])));
    }
    worst = std::max(worst, largest / scale);
  }
  return worst;
}

}  // namespace wordline::bench
