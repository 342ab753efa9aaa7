#include "wordline/cli/result_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/engine/output/waveform_file.hpp"
#include "wordline/engine/step_sink.hpp"
#include "wordline/netlist/analysis_name.hpp"
#include "wordline/netlist/matrix_file.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline::cli {

namespace {

namespace fs = std::filesystem;

// Collects the currents of products, a row a point, and writes them when the last one is there.
class MatrixSink final : public WaveformSink {
 public:
  explicit MatrixSink(const std::string& path) : file_(path) {}

  void begin(const PlotHeader& header) override {
    currents_ = {0, static_cast<std::int64_t>(header.signals.size()) - 1, {}};
  }
  void point(std::span<const double> values) override {
    currents_.values.insert(currents_.values.end(), values.begin() + 1, values.end());
    ++currents_.rows;
  }
  void end() override {
    if (currents_.rows > 0) write_matrix(file_, currents_);
  }

 private:
  OutputFile file_;
  Matrix currents_;
};

// "Fourier analysis of v(out)": fourier-analysis-of-v-out
std::string as_file_name(const std::string& plotname) {
  std::string name;
  for (const char c : to_lower(plotname)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  while (name.ends_with('-')) name.pop_back();
  return name;
}

// The file that an analysis names itself; empty if it goes where all results go.
std::string own_path(const Analysis& analysis) {
  const auto* const matmul = std::get_if<MatmulAnalysis>(&analysis.what);
  return matmul == nullptr ? std::string() : matmul->output;
}

// The file of every analysis. Apart, each has its own: out.csv becomes out-tran.csv, and
// out-tran-2.csv for a second transient.
std::vector<std::string> choose_paths(const fs::path& path, bool apart,
                                      const std::vector<Analysis>& analyses) {
  const auto together = std::count_if(analyses.begin(), analyses.end(),
                                      [](const Analysis& a) { return own_path(a).empty(); });
  if (apart && together > 1 && path == "-") {
    throw UsageError("the deck holds several analyses, which do not fit on standard output apart");
  }
  std::vector<std::string> paths;
  FileNames names(path.string());
  for (const Analysis& analysis : analyses) {
    paths.push_back(own_path(analysis));
    if (!paths.back().empty()) continue;
    paths.back() =
        apart && together > 1 ? names.next(std::string(name_of(analysis))) : path.string();
  }
  return paths;
}

const WaveformFormat& choose_format(const ResultOptions& options, bool ascii) {
  if (!options.format.empty()) return *find_waveform_format(options.format);
  const WaveformFormat* const by_name = waveform_format_of(options.path);
  if (by_name != nullptr && by_name->name != "raw") return *by_name;
  return *find_waveform_format(ascii ? "ascii" : "raw");
}

}  // namespace

void refuse_to_overwrite(const std::vector<fs::path>& inputs, const std::string& output) {
  if (output == "-") return;
  for (const fs::path& input : inputs) {
    std::error_code absent;
    if (!fs::equivalent(input, output, absent)) continue;
    throw UsageError(
        fmt::format("'{}' is read here and would be overwritten; choose another file", output));
  }
}

std::string FileNames::next(const std::string& plot) {
  const fs::path path(pattern_);
  std::string name = fmt::format("{}-{}", path.stem().string(), plot);
  if (const int n = ++count_[plot]; n > 1) name += fmt::format("-{}", n);
  return (path.parent_path() / (name + path.extension().string())).string();
}

ResultFiles::ResultFiles(const std::string& deck, const ResultOptions& options,
                         const Circuit& circuit) {
  const std::vector<Analysis>& analyses = circuit.analyses;
  const WaveformFormat& format = choose_format(options, circuit.options.ascii_results);
  format_ = &format;
  std::string path = options.path;
  if (path.empty()) {
    const std::string stem = deck == "-" ? "stdin" : fs::path(deck).stem().string();
    path = stem + std::string(format.extensions[0].empty() ? ".raw" : format.extensions[0]);
  }
  if (format.name == "h5" && path == "-") {
    throw UsageError("an HDF5 file cannot go to standard output");
  }
  if (format.name == "npz" && step_count(circuit) > 1) {
    throw UsageError("an .npz holds one plot: write the results of .step as raw, h5 or csv");
  }
  const bool apart = !format.holds_plots || options.apart;
  const std::vector<std::string> paths = choose_paths(path, apart, analyses);
  base_ = path == "-" ? std::string() : fs::path(path).replace_extension().string();
  standard_output_ = std::find(paths.begin(), paths.end(), "-") != paths.end();
  for (const std::string& p : paths) refuse_to_overwrite(circuit.files, p);
  std::set<std::string> own;
  std::shared_ptr<WaveformSink> shared;
  for (std::size_t k = 0; k < paths.size(); ++k) {
    std::shared_ptr<WaveformSink> sink;
    if (!own_path(analyses[k]).empty()) {
      if (paths[k] == path || !own.insert(paths[k]).second) {
        throw UsageError(fmt::format("several results would go to '{}'", paths[k]));
      }
      sink = std::make_shared<MatrixSink>(paths[k]);
    } else if (apart) {
      sink = format.open(paths[k]);
    } else {
      if (shared == nullptr) shared = format.open(paths[k]);
      sink = shared;
    }
    const bool is_shared = sink == shared;
    taken_.insert(paths[k]);
    files_.push_back({paths[k], std::move(sink), is_shared});
  }
}

std::string ResultFiles::table_path(const File& file, const std::string& plotname,
                                    std::size_t step) {
  const fs::path path = file.path;
  const std::string name = path.stem().string() + '-' + as_file_name(plotname);
  const std::string end = (step > 0 ? fmt::format("-{}", step) : "") + path.extension().string();
  std::string own = (path.parent_path() / (name + end)).string();
  for (int n = 2; !taken_.insert(own).second; ++n) {
    own = (path.parent_path() / fmt::format("{}-{}{}", name, n, end)).string();
  }
  return own;
}

void ResultFiles::write_tables(std::size_t analysis, const std::vector<Waveforms>& tables,
                               std::span<const Override> values, std::size_t step) {
  const File& file = files_.at(analysis);
  for (const Waveforms& table : tables) {
    if (file.is_shared) {
      StepSink sink(*file.sink, values);
      table.write_to(sink);
    } else if (file.path != "-") {
      const auto writer = format_->open(table_path(file, table.header().plotname, step));
      StepSink sink(*writer, values);
      table.write_to(sink);
    }
  }
}

}  // namespace wordline::cli
