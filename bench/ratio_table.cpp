#include "ratio_table.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace wordline::bench {

namespace {

struct Name {
  std::string section, method, row;
};

// "section/method/row", with whatever Google Benchmark puts after it.
Name split(const std::string& name) {
  const std::size_t first = name.find('/');
  const std::size_t second = name.find('/', first + 1);
  return {name.substr(0, first), name.substr(first + 1, second - first - 1),
          name.substr(second + 1, name.find('/', second + 1) - second - 1)};
}

// What runs in a process of its own reports its CPU time itself.
bool is_timed_by_hand(const benchmark::BenchmarkReporter::Run& run) {
  return run.benchmark_name().find("/manual_time") != std::string::npos;
}

class Collector final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& /*context*/) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      const Name name = split(run.benchmark_name());
      Section& section = section_of(name.section);
      if (std::find(section.methods.begin(), section.methods.end(), name.method) ==
          section.methods.end()) {
        section.methods.push_back(name.method);
      }
      if (!section.seconds.contains(name.row)) section.rows.push_back(name.row);
      const double seconds =
          is_timed_by_hand(run) ? run.real_accumulated_time : run.cpu_accumulated_time;
      section.seconds[name.row][name.method].push_back(seconds /
                                                       static_cast<double>(run.iterations));
    }
  }

  void print() {
    for (Section& section : sections_) print(section);
  }

 private:
  struct Section {
    std::string name;
    std::vector<std::string> methods;
    std::vector<std::string> rows;  // as they came
    std::map<std::string, std::map<std::string, std::vector<double>>> seconds;
  };

  Section& section_of(const std::string& name) {
    for (Section& section : sections_) {
      if (section.name == name) return section;
    }
    return sections_.emplace_back(Section{name, {}, {}, {}});
  }

  static double median(std::vector<double>& values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  }

  static void print(Section& section) {
    fmt::print("\n{} [ms of CPU time, median]\n{:>17}", section.name, "");
    for (const std::string& method : section.methods) fmt::print("{:>24}", method);
    fmt::print("  times faster\n");
    const std::string& ours = section.methods.back();
    for (const std::string& row : section.rows) {
      auto& by_method = section.seconds[row];
      fmt::print("{:>17}", row);
      std::string ratios;
      const double best = by_method.contains(ours) ? median(by_method[ours]) : 0;
      for (const std::string& method : section.methods) {
        if (!by_method.contains(method)) {
          fmt::print("{:>24}", "-");
          continue;
        }
        const double time = median(by_method[method]);
        fmt::print("{:>24.4f}", 1e3 * time);
        if (method != ours && best > 0) ratios += fmt::format("  {:.4g}", time / best);
      }
      fmt::print("{}\n", ratios);
    }
  }

  std::vector<Section> sections_;
};

}  // namespace

int run_and_compare(int argc, char** argv) {
  std::vector<std::string> arguments(argv, argv + argc);
  const bool has_file = std::any_of(arguments.begin(), arguments.end(), [](const std::string& a) {
    return a.rfind("--benchmark_out=", 0) == 0;
  });
  if (!has_file) {
    const std::filesystem::path file =
        std::filesystem::path("out/bench") /
        (std::filesystem::path(argv[0]).filename().string() + ".json");
    std::filesystem::create_directories(file.parent_path());
    arguments.push_back("--benchmark_out=" + file.string());
  }
  std::vector<char*> pointers;
  pointers.reserve(arguments.size());
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  int count = static_cast<int>(pointers.size());
  benchmark::Initialize(&count, pointers.data());
  if (benchmark::ReportUnrecognizedArguments(count, pointers.data())) return 2;
  Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector);
  collector.print();
  return 0;
}

}  // namespace wordline::bench
