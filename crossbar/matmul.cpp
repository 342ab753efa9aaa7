#include "wordline/crossbar/matmul.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "wordline/crossbar/array.hpp"
#include "wordline/crossbar/cell_memristors.hpp"
#include "wordline/crossbar/parallel.hpp"

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

Method method_of(const std::string& name) {
  if (name == "krylov") return Method::kKrylov;
  if (name == "multifrontal") return Method::kMultifrontal;
  return name == "klu" ? Method::kKlu : Method::kAuto;
}

// `solver=cuda` is for products, too, that do not say how they are to be solved.
Settings settings_of(const MatmulAnalysis& matmul, const Options& options) {
  Settings settings;
  settings.threads = options.threads;
  settings.inputs = lines_of(matmul.driven);
  settings.outputs = lines_of(matmul.sensed);
  settings.word_bias = matmul.word_bias;
  settings.bit_bias = matmul.bit_bias;
  settings.source_bias = matmul.source_bias;
  settings.method = method_of(matmul.method);
  if (settings.method == Method::kAuto && options.solver == SolverKind::kCuda) {
    settings.method = Method::kCuda;
  }
  settings.tolerance = matmul.tolerance;
  return settings;
}

Wires wires_of(const ArrayLine& line) { return {line.segment, line.driver, line.driven}; }

// Whether the current of a cell is proportional to its voltage as long as its state stays.
bool is_ohmic(const Crossbar& crossbar, const Circuit& circuit) {
  if (crossbar.has_inner_nodes()) return false;
  const ModelCard& card = circuit.models.at(static_cast<std::size_t>(crossbar.memristor));
  const std::unique_ptr<MemristorBank> bank = card.type->make_bank();
  bank->add({card.values, 1, crossbar.flip});
  return std::isinf(bank->voltage_scale(0));
}

// States do not move here, so that ohmic models are conductances: one matrix serves all inputs.
Array make_array(const Crossbar& crossbar, const Circuit& circuit, const Settings& settings) {
  if (!is_ohmic(crossbar, circuit)) return {crossbar, circuit, settings};
  CellMemristors cells(crossbar, circuit);
  std::vector<double> none(cells.size());
  cells.evaluate(0, std::vector<double>(cells.size()), none);
  const std::span<const double> g = cells.conductance();
  return {Matrix{crossbar.rows, crossbar.cols, {g.begin(), g.end()}}, wires_of(crossbar.word),
          wires_of(crossbar.bit), settings};
}

class MatmulRun {
 public:
  MatmulRun(const Circuit& circuit, const Analysis& analysis, const RunControl& control,
            WaveformSink& sink)
      : circuit_(circuit),
        matmul_(std::get<MatmulAnalysis>(analysis.what)),
        where_(analysis.where),
        crossbar_(circuit.crossbars.at(static_cast<std::size_t>(matmul_.crossbar))),
        control_(control),
        sink_(sink),
        settings_(settings_of(matmul_, circuit.options)) {}

  Report run() {
    Array array = located([this] { return make_array(crossbar_, circuit_, settings_); });
    begin();
    // A linear array is solved once for all inputs. Others are solved for batch after batch, a few
    // inputs a thread, and a run can end between two of them.
    constexpr std::int64_t kEach = 16;
    const std::int64_t all = matmul_.inputs.rows;
    const std::int64_t batch = array.is_linear() ? all : kEach * thread_count(settings_.threads);
    for (std::int64_t row = 0; row < all; row += batch) {
      if (control_.interrupt != nullptr && control_.interrupt->load(std::memory_order_relaxed)) {
        report_.outcome = Outcome::kInterrupted;
        break;
      }
      if (!multiply(array, row, std::min(batch, all - row))) break;
      if (control_.progress) {
        control_.progress(static_cast<double>(report_.points) / static_cast<double>(all));
      }
    }
    return report_;
  }

 private:
  // What an array cannot do is a fault of the statement.
  template <class Call>
  std::invoke_result_t<Call> located(Call call) const {
    try {
      return call();
    } catch (const UnsolvedError&) {
      throw;
    } catch (const Error& error) {
      throw NetlistError({Severity::kError, where_, error.what(), ""});
    }
  }

  void begin() {
    PlotHeader header{circuit_.title, "Matrix product", {{"input", "notype", ""}}};
    for (const NodeId node : lines_of(crossbar_, matmul_.sensed).bus) {
      header.signals.push_back({fmt::format("i({})", circuit_.nodes[node]), "current", "A"});
    }
    sink_.begin(header);
  }

  // False where no solution is found.
  bool multiply(Array& array, std::int64_t first, std::int64_t count) {
    const std::int64_t cols = matmul_.inputs.cols;
    const auto begin = matmul_.inputs.values.begin() + first * cols;
    const Matrix inputs{count, cols, {begin, begin + count * cols}};
    Matrix currents;
    try {
      currents = located([&] { return array.matmul(inputs); });
    } catch (const UnsolvedError& error) {
      report_.outcome = Outcome::kFailed;
      report_.message = fmt::format("{} (among the inputs from {} to {})", error.what(), first,
                                    first + count - 1);
      return false;
    }
    const SolveReport& solved = array.report();
    report_.solver = solved.method;
    report_.iterations += solved.newton > 0 ? solved.newton : solved.inner;
    report_.residual = std::max(report_.residual, solved.residual / settings_.tolerance);
    std::vector<double> point;
    for (std::int64_t k = 0; k < currents.rows; ++k) {
      const auto row = currents.values.begin() + k * currents.cols;
      point.assign(1, static_cast<double>(first + k));
      point.insert(point.end(), row, row + currents.cols);
      sink_.point(point);
      ++report_.points;
    }
    return true;
  }

  const Circuit& circuit_;
  const MatmulAnalysis& matmul_;
  const SourceLocation& where_;
  const Crossbar& crossbar_;
  const RunControl& control_;
  WaveformSink& sink_;
  Settings settings_;
  Report report_;
};

}  // namespace

Result run_matmul(const Circuit& circuit, const Analysis& analysis, const RunControl& control) {
  if (!std::holds_alternative<MatmulAnalysis>(analysis.what)) {
    throw std::invalid_argument("the analysis is no product");
  }
  const auto begin = std::chrono::steady_clock::now();
  Result result;
  WaveformSink& sink = control.sink != nullptr ? *control.sink : result.waveforms;
  result.report = MatmulRun(circuit, analysis, control, sink).run();
  sink.end();
  result.report.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

}  // namespace wordline::crossbar
