// Reading large netlists, and the operating point of a ladder: Wordline and ngspice, each as a
// process of its own on one core, from its start to its end.
//
//   parse [--benchmark_filter=read/.*]
//
// ngspice reads the deck and quits, or solves it in batch mode; without ngspice its columns are
// empty. Below the table stands the memory that each took.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>

#include "ratio_table.hpp"
#include "wordline/engine/simulator.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kResistors = 1'000'000;

struct Deck {
  std::string name;
  std::function<void(std::ostream&)> write;  // all but the title and what ends it
};

void write_flat(std::ostream& out) {
  for (int k = 0; k < kResistors / 2; ++k) {
    out << 'r' << 2 * k << " n" << k << " n" << k + 1 << " 1k\n";
    out << 'r' << 2 * k + 1 << " n" << k + 1 << " 0 1meg\n";
  }
}

void write_with_expressions(std::ostream& out) {
  out << ".param r=1k\n";
  for (int k = 0; k < kResistors / 2; ++k) {
    out << 'r' << 2 * k << " n" << k << " n" << k + 1 << " {r*(1+" << k % 7 << ")}\n";
    out << 'r' << 2 * k + 1 << " n" << k + 1 << " 0 {r*1000}\n";
  }
}

void write_instances(std::ostream& out) {
  out << ".subckt cell a b\nr1 a b 1k\nr2 b 0 1meg\n.ends\n";
  for (int k = 0; k < kResistors / 2; ++k) {
    out << 'x' << k << " n" << k << " n" << k + 1 << " cell\n";
  }
}

const Deck kFlat = {"flat", write_flat};
const Deck kExpressions = {"with expressions", write_with_expressions};
const Deck kInstances = {"sub-circuits", write_instances};

struct Usage {
  double seconds = 0;    // of CPU time
  double megabytes = 0;  // at most, resident
  bool ok = false;
};

// What a child that does `work` uses.
Usage usage_of(const std::function<void()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    work();
    _exit(0);
  }
  int status = 0;
  rusage used{};
  wait4(child, &status, 0, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return {seconds(used.ru_utime) + seconds(used.ru_stime),
          static_cast<double>(used.ru_maxrss) / 1024.0,
          WIFEXITED(status) && WEXITSTATUS(status) == 0};
}

std::map<std::string, double>& memory() {
  static std::map<std::string, double> megabytes;
  return megabytes;
}

void measure(benchmark::State& state, const std::string& name, const std::function<void()>& work) {
  for (auto _ : state) {
    const Usage usage = usage_of(work);
    if (!usage.ok) {
      state.SkipWithError("failed");
      return;
    }
    state.SetIterationTime(usage.seconds);
    memory()[name] = usage.megabytes;
  }
}

void run_ngspice(const fs::path& deck) {
  if (std::freopen("/dev/null", "w", stdout) == nullptr) _exit(1);
  if (std::freopen("/dev/null", "w", stderr) == nullptr) _exit(1);
  execlp("ngspice", "ngspice", "-b", deck.c_str(), nullptr);
  _exit(1);
}

fs::path write_deck(const Deck& deck, const fs::path& folder, const std::string& end) {
  fs::path path = folder / fmt::format("{}-{}.cir", deck.name, end.size());
  std::ofstream out(path);
  out << "ladder\nv1 n0 0 1\n";
  deck.write(out);
  out << end << ".end\n";
  return path;
}

void add(const std::string& section, const Deck& deck, const fs::path& folder,
         const std::string& end, const std::string& ngspice_end,
         const std::function<void(const fs::path&)>& ours) {
  const fs::path own = write_deck(deck, folder, end);
  const fs::path theirs = write_deck(deck, folder, end + ngspice_end);
  const auto add_one = [&](const std::string& method, const std::function<void()>& work) {
    const std::string name = fmt::format("{}/{}/{}", section, method, deck.name);
    benchmark::RegisterBenchmark(
        name.c_str(), [name, work](benchmark::State& state) { measure(state, name, work); })
        ->UseManualTime()
        ->Iterations(1)
        ->Repetitions(3)
        ->ReportAggregatesOnly(false);
  };
  if (std::system("command -v ngspice >/dev/null 2>&1") == 0) {
    add_one("ngspice", [theirs] { run_ngspice(theirs); });
  }
  add_one("Wordline", [own, ours] { ours(own); });
}

void add_all(const fs::path& folder) {
  const auto read = [](const fs::path& path) { benchmark::DoNotOptimize(load(path)); };
  const std::string quit = ".control\nquit\n.endc\n";
  for (const Deck* deck : {&kFlat, &kExpressions, &kInstances}) {
    add("read", *deck, folder, ".op\n", quit, read);
  }
  add("operating point", kFlat, folder, ".op\n.save v(n1)\n", "", [](const fs::path& path) {
    Simulator simulator(load(path));
    if (!simulator.run_op().report.ok()) _exit(1);
  });
}

}  // namespace
}  // namespace wordline::bench

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / fmt::format("wordline-parse-{}", getpid());
  fs::create_directories(folder);
  wordline::bench::add_all(folder);
  const int code = wordline::bench::run_and_compare(argc, argv);
  fs::remove_all(folder);
  fmt::print("\nlargest resident memory [MB]\n");
  for (const auto& [name, megabytes] : wordline::bench::memory()) {
    fmt::print("{:<44}{:>8.0f}\n", name, megabytes);
  }
  return code;
}
