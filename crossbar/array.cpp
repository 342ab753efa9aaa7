#include "wordline/crossbar/array.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <optional>

#include "wordline/crossbar/batch_products.hpp"
#include "wordline/crossbar/bus_solver.hpp"
#include "wordline/crossbar/transfer.hpp"
#include "wordline/crossbar/transfer_error.hpp"

namespace wordline::crossbar {

namespace {

// So many inputs cost as much, one by one, as the transconductance matrix.
constexpr std::int64_t kWorthTransfer = 8;
// Inputs that follow each other in a batch are solved from each other's voltages. Such a chain has
// this length whatever the number of threads, so that results do not depend on it.
constexpr std::int64_t kChain = 16;

void check_finite(std::span<const double> values, const char* what) {
  for (const double value : values) {
    if (!std::isfinite(value)) throw Error(fmt::format("{} of {} cannot be", what, value));
  }
}

}  // namespace

class Array::Implementation {
 public:
  explicit Implementation(ArrayProblem problem) : problem_(std::move(problem)) {}

  const ArrayProblem& problem() const { return problem_; }
  const SolveReport& report() const { return report_; }

  void set_conductances(Matrix siemens) {
    check_conductances(siemens);
    if (siemens.rows != problem_.rows() || siemens.cols != problem_.cols()) {
      throw Error(fmt::format("{} x {} conductances for an array of {} x {}", siemens.rows,
                              siemens.cols, problem_.rows(), problem_.cols()));
    }
    problem_.conductances = std::move(siemens);
    forget();
  }

  void set_conductance(std::int32_t row, std::int32_t col, double siemens) {
    if (row < 0 || row >= problem_.rows() || col < 0 || col >= problem_.cols()) {
      throw Error(fmt::format("there is no cell ({}, {})", row, col));
    }
    if (!(std::isfinite(siemens) && siemens >= 0)) {
      throw Error(fmt::format("a conductance of {:g} S cannot be", siemens));
    }
    double& conductance = problem_.conductances(row, col);
    if (transfer_) transfer_->change(row, col, conductance, siemens);
    conductance = siemens;
    transfer_is_poor_ = false;
    if (solver_) solver_->invalidate();
  }

  void restart() {
    if (solver_) solver_->restart();
  }

  std::vector<double> read(std::span<const double> voltages) {
    check_inputs(voltages, std::ssize(voltages));
    if (transfer_ && transfer_->update()) {
      report_ = transfer_->report();
      return transfer_->multiply({1, std::ssize(voltages), {voltages.begin(), voltages.end()}})
          .values;
    }
    solve_at(voltages);
    return problem_.outputs(solver_->currents());
  }

  Matrix matmul(const Matrix& voltages) {
    check_inputs(voltages.values, voltages.cols);
    if (voltages.rows < 0 || std::ssize(voltages.values) != voltages.rows * voltages.cols) {
      throw Error(fmt::format("{} numbers for {} x {} voltages", voltages.values.size(),
                              voltages.rows, voltages.cols));
    }
    const bool by_transfer = problem_.is_linear() && problem_.settings.method != Method::kKlu;
    const bool is_known = transfer_ && transfer_->update();
    if (by_transfer && (is_known || (voltages.rows >= kWorthTransfer && find_transfer()))) {
      report_ = transfer_->report();
      report_.residual = transfer_error_;
      return transfer_->multiply(voltages);
    }
    if (is_on_gpu() && voltages.rows > 1) {
      if (auto outputs = multiply_on_gpu(problem_, voltages, report_)) return *std::move(outputs);
    }
    return solve_each(voltages);
  }

  const Matrix& transfer() {
    if (!problem_.is_linear()) {
      throw Error("only arrays of ohmic cells have a transconductance matrix");
    }
    if (!find_transfer()) {
      throw Error(
          "the array's resistances differ by so much that its transconductance matrix has "
          "lost its digits; its inputs can be solved one by one");
    }
    return transfer_->matrix();
  }

  Solution solve(const Buses& voltages) {
    solve_buses(problem_.filled(voltages));
    return solver_->solution();
  }

  Solution solve_inputs(std::span<const double> voltages) {
    check_inputs(voltages, std::ssize(voltages));
    solve_at(voltages);
    return solver_->solution();
  }

  Gradient gradient(std::span<const double> weights, std::span<const double> voltages) {
    check_inputs(voltages, std::ssize(voltages));
    if (std::ssize(weights) != problem_.lines(problem_.settings.outputs)) {
      throw Error(fmt::format("{} weights for {} outputs", weights.size(),
                              problem_.lines(problem_.settings.outputs)));
    }
    check_finite(weights, "a weight");
    solve_at(voltages);
    return solver_->gradient(weights);
  }

 private:
  bool is_on_gpu() const { return problem_.settings.method == Method::kCuda; }

  int threads() const {
    return problem_.settings.threads > 0 ? problem_.settings.threads : omp_get_max_threads();
  }

  // Finds the transconductance matrix if it is not there. False if it has lost its digits.
  bool find_transfer() {
    if (transfer_ && transfer_->update()) return true;
    if (transfer_is_poor_) return false;
    if (!transfer_) transfer_.emplace(problem_, threads());
    try {
      transfer_->rebuild(problem_);
      transfer_error_ = transfer_error(
          problem_, [this](const Matrix& inputs) { return transfer_->multiply(inputs); },
          threads());
      transfer_is_poor_ = !(transfer_error_ <= kMostTransferError);
    } catch (const Error&) {  // singular, or nearly so
      transfer_is_poor_ = true;
    }
    if (transfer_is_poor_) transfer_.reset();
    return !transfer_is_poor_;
  }

  void forget() {
    transfer_.reset();
    transfer_is_poor_ = false;
    if (solver_) solver_->invalidate();
  }

  // `count` of them a row.
  void check_inputs(std::span<const double> voltages, std::int64_t count) const {
    const std::int32_t inputs = problem_.lines(problem_.settings.inputs);
    if (count != inputs) throw Error(fmt::format("{} voltages for {} input lines", count, inputs));
    check_finite(voltages, "an input voltage");
  }

  static SolveReport solved(BusSolver& solver, const Buses& volts) {
    for (const std::vector<double>* bus : {&volts.word, &volts.bit, &volts.source}) {
      check_finite(*bus, "a bus voltage");
    }
    SolveReport report = solver.solve(volts);
    if (!report.ok) throw UnsolvedError("the array was not solved: " + report.message);
    return report;
  }

  void solve_buses(const Buses& volts) {
    if (!solver_) solver_ = make_bus_solver(problem_, threads());
    report_ = solved(*solver_, volts);
  }

  void solve_at(std::span<const double> voltages) { solve_buses(problem_.buses(voltages)); }

  // One chain of inputs, by a solver of its own.
  SolveReport solve_chain(const Matrix& voltages, std::int64_t first, Matrix& outputs) const {
    const std::unique_ptr<BusSolver> solver = make_bus_solver(problem_, 1);
    SolveReport total;
    for (std::int64_t k = first; k < std::min(first + kChain, voltages.rows); ++k) {
      const SolveReport report = solved(*solver, problem_.buses(row(voltages, k)));
      const std::vector<double> out = problem_.outputs(solver->currents());
      std::copy(out.begin(), out.end(), outputs.values.begin() + k * outputs.cols);
      total.method = report.method;
      total.newton += report.newton;
      total.inner += report.inner;
      total.residual = std::max(total.residual, report.residual);
    }
    return total;
  }

  static std::span<const double> row(const Matrix& m, std::int64_t k) {
    return std::span(m.values).subspan(static_cast<std::size_t>(k * m.cols),
                                       static_cast<std::size_t>(m.cols));
  }

  Matrix solve_each(const Matrix& voltages) {
    Matrix outputs{voltages.rows, problem_.lines(problem_.settings.outputs), {}};
    outputs.values.resize(static_cast<std::size_t>(outputs.rows * outputs.cols));
    const std::int64_t chains = (voltages.rows + kChain - 1) / kChain;
    std::vector<SolveReport> reports(static_cast<std::size_t>(chains));
    std::vector<std::exception_ptr> failures(static_cast<std::size_t>(chains));
    // A GPU is one for all of them.
#pragma omp parallel for num_threads(is_on_gpu() ? 1 : threads()) schedule(dynamic)
    for (std::int64_t k = 0; k < chains; ++k) {
      try {
        reports[static_cast<std::size_t>(k)] = solve_chain(voltages, k * kChain, outputs);
      } catch (...) {
        failures[static_cast<std::size_t>(k)] = std::current_exception();
      }
    }
    for (const std::exception_ptr& failure : failures) {
      if (failure) std::rethrow_exception(failure);
    }
    report_ = {};
    for (const SolveReport& report : reports) {
      report_.method = report.method;
      report_.newton += report.newton;
      report_.inner += report.inner;
      report_.residual = std::max(report_.residual, report.residual);
    }
    return outputs;
  }

  ArrayProblem problem_;
  std::optional<Transfer> transfer_;
  double transfer_error_ = 0;
  bool transfer_is_poor_ = false;
  std::unique_ptr<BusSolver> solver_;
  SolveReport report_;
};

Array::Array(Matrix conductances, const Wires& word, const Wires& bit, const Settings& settings)
    : implementation_(std::make_unique<Implementation>(
          make_problem(std::move(conductances), word, bit, settings))) {}
Array::Array(const Crossbar& crossbar, const Circuit& circuit, const Settings& settings)
    : implementation_(std::make_unique<Implementation>(make_problem(crossbar, circuit, settings))) {
}
Array::~Array() = default;
Array::Array(Array&&) noexcept = default;
Array& Array::operator=(Array&&) noexcept = default;

std::int32_t Array::rows() const { return implementation_->problem().rows(); }
std::int32_t Array::cols() const { return implementation_->problem().cols(); }
std::int32_t Array::inputs() const {
  const ArrayProblem& problem = implementation_->problem();
  return problem.lines(problem.settings.inputs);
}
std::int32_t Array::outputs() const {
  const ArrayProblem& problem = implementation_->problem();
  return problem.lines(problem.settings.outputs);
}
bool Array::is_linear() const { return implementation_->problem().is_linear(); }

const Matrix& Array::conductances() const {
  if (!is_linear()) throw Error("only ohmic cells have conductances of their own");
  return implementation_->problem().conductances;
}
void Array::set_conductance(std::int32_t row, std::int32_t col, double siemens) {
  conductances();
  implementation_->set_conductance(row, col, siemens);
}
void Array::set_conductances(Matrix siemens) {
  conductances();
  implementation_->set_conductances(std::move(siemens));
}

void Array::restart() { implementation_->restart(); }
std::vector<double> Array::read(std::span<const double> voltages) {
  return implementation_->read(voltages);
}
Matrix Array::matmul(const Matrix& voltages) { return implementation_->matmul(voltages); }
const SolveReport& Array::report() const { return implementation_->report(); }
const Matrix& Array::transfer() { return implementation_->transfer(); }
Solution Array::solve(const Buses& voltages) { return implementation_->solve(voltages); }
Solution Array::solve_inputs(std::span<const double> voltages) {
  return implementation_->solve_inputs(voltages);
}
Gradient Array::gradient(std::span<const double> weights, std::span<const double> voltages) {
  return implementation_->gradient(weights, voltages);
}

}  // namespace wordline::crossbar
