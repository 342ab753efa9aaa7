#include "wordline/crossbar/matmul.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <utility>

#include "wordline/crossbar/array.hpp"

namespace wordline::crossbar {

namespace {

Lines lines_of(LineKind kind) {
  switch (kind) {
    case LineKind::kWord:
      return Lines::kWord;
    case LineKind::kBit:
      return Lines::kBit;
    case LineKind::kSource:
      break;
  }
  return Lines::kSource;
}

const ArrayLine& lines_of(const Crossbar& crossbar, LineKind kind) {
  switch (kind) {
    case LineKind::kWord:
      return crossbar.word;
    case LineKind::kBit:
      return crossbar.bit;
    case LineKind::kSource:
      break;
  }
  return crossbar.source;
}

Settings settings_of(const MatmulAnalysis& matmul) {
  Settings settings;
  settings.inputs = lines_of(matmul.driven);
  settings.outputs = lines_of(matmul.sensed);
  settings.word_bias = matmul.word_bias;
  settings.bit_bias = matmul.bit_bias;
  settings.source_bias = matmul.source_bias;
  return settings;
}

class MatmulRun {
 public:
  MatmulRun(const Circuit& circuit, const MatmulAnalysis& matmul, const RunControl& control,
            WaveformSink& sink)
      : matmul_(matmul),
        crossbar_(circuit.crossbars.at(static_cast<std::size_t>(matmul.crossbar))),
        control_(control),
        sink_(sink),
        settings_(settings_of(matmul)),
        array_(crossbar_, circuit, settings_) {}

  Report run(const std::string& title, const NameTable& nodes) {
    PlotHeader header{title, "Matrix product", {{"input", "notype", ""}}};
    for (const NodeId node : lines_of(crossbar_, matmul_.sensed).bus) {
      header.signals.push_back({fmt::format("i({})", nodes[node]), "current", "A"});
    }
    sink_.begin(header);
    // A linear array is solved once for all inputs. Others are solved for batch after batch, a few
    // inputs a thread, and a run can end between two of them.
    constexpr std::int64_t kEach = 16;
    const std::int64_t all = matmul_.inputs.rows;
    const std::int64_t batch = array_.is_linear() ? all : kEach * omp_get_max_threads();
    for (std::int64_t row = 0; row < all; row += batch) {
      if (control_.interrupt != nullptr && control_.interrupt->load(std::memory_order_relaxed)) {
        report_.outcome = Outcome::kInterrupted;
        break;
      }
      if (!multiply(row, std::min(batch, all - row))) break;
      if (control_.progress) {
        control_.progress(static_cast<double>(report_.points) / static_cast<double>(all));
      }
    }
    return report_;
  }

 private:
  // False where no solution is found.
  bool multiply(std::int64_t first, std::int64_t count) {
    const std::int64_t cols = matmul_.inputs.cols;
    const auto begin = matmul_.inputs.values.begin() + first * cols;
    Matrix currents;
    try {
      currents = array_.matmul({count, cols, {begin, begin + count * cols}});
    } catch (const UnsolvedError& error) {
      report_.outcome = Outcome::kFailed;
      report_.message = fmt::format("{} (among the inputs from {} to {})", error.what(), first,
                                    first + count - 1);
      return false;
    }
    const SolveReport& solved = array_.report();
    report_.solver = solved.method;
    report_.iterations += solved.newton > 0 ? solved.newton : solved.inner;
    report_.residual = std::max(report_.residual, solved.residual / settings_.tolerance);
    for (std::int64_t k = 0; k < currents.rows; ++k) {
      std::vector<double> point = {static_cast<double>(first + k)};
      const auto row = currents.values.begin() + k * currents.cols;
      point.insert(point.end(), row, row + currents.cols);
      sink_.point(point);
      ++report_.points;
    }
    return true;
  }

  const MatmulAnalysis& matmul_;
  const Crossbar& crossbar_;
  const RunControl& control_;
  WaveformSink& sink_;
  Settings settings_;
  Array array_;
  Report report_;
};

}  // namespace

Result run_matmul(const Circuit& circuit, const Analysis& analysis, const RunControl& control) {
  const auto* const matmul = std::get_if<MatmulAnalysis>(&analysis.what);
  if (matmul == nullptr) throw std::invalid_argument("the analysis is no product");
  const auto begin = std::chrono::steady_clock::now();
  Result result;
  WaveformSink& sink = control.sink != nullptr ? *control.sink : result.waveforms;
  std::optional<MatmulRun> run;
  try {
    run.emplace(circuit, *matmul, control, sink);
  } catch (const Error& error) {
    throw NetlistError({Severity::kError, analysis.where, error.what(), ""});
  }
  result.report = run->run(circuit.title, circuit.nodes);
  sink.end();
  result.report.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

}  // namespace wordline::crossbar
