#include "wordline/crossbar/batch_products.hpp"

#include <algorithm>

namespace wordline::crossbar {

namespace {

// Inputs side by side: what drives the array, its voltages, and what cells draw. Tables of cells,
// those of one input after those of another.
class Batch {
 public:
  Batch(const ArrayProblem& problem, std::int32_t members)
      : problem_(problem), network_(problem.network()), scales_(static_cast<std::size_t>(members)) {
    for (std::vector<double>* table : {&f_row_, &f_col_, &x_row_, &x_col_, &i_row_, &i_col_}) {
      table->resize(scales_.size() * network_.cells());
    }
  }

  // `count` inputs from `first` on, from 0 V.
  void drive(const Matrix& voltages, std::int64_t first, std::int64_t count) {
    for (std::vector<double>* table : {&f_row_, &f_col_, &x_row_, &x_col_}) {
      std::fill(table->begin(), table->end(), 0.0);
    }
    std::fill(scales_.begin(), scales_.end(), 0.0);
    volts_.clear();
    Network::Drive drive;
    for (std::int64_t k = 0; k < count; ++k) {
      const auto at = static_cast<std::size_t>(k);
      const auto input = std::span(voltages.values)
                             .subspan(static_cast<std::size_t>((first + k) * voltages.cols),
                                      static_cast<std::size_t>(voltages.cols));
      volts_.push_back(problem_.buses(input));
      network_.drive(problem_.planes(volts_.back()), drive, part(x_row_, at), part(x_col_, at));
      std::copy(drive.f_row.begin(), drive.f_row.end(), f_row_.begin() + offset(at));
      std::copy(drive.f_col.begin(), drive.f_col.end(), f_col_.begin() + offset(at));
      scales_[at] = drive.scale;
    }
    volts_.resize(scales_.size(),
                  problem_.buses(std::vector<double>(static_cast<std::size_t>(voltages.cols))));
  }

  // The outputs of an input that was solved.
  std::vector<double> outputs(std::size_t k) {
    return problem_.outputs(problem_.currents(
        network_.bus_currents(problem_.planes(volts_[k]), {part(x_row_, k), part(x_col_, k)},
                              {part(i_row_, k), part(i_col_, k)})));
  }

  const Network& network() const { return network_; }
  const std::vector<Buses>& volts() const { return volts_; }
  const std::vector<double>& scales() const { return scales_; }  // A, of what drives each input
  ArrayTables f() const { return {f_row_, f_col_}; }
  std::span<double> x_row() { return x_row_; }
  std::span<double> x_col() { return x_col_; }
  std::span<double> i_row() { return i_row_; }
  std::span<double> i_col() { return i_col_; }

 private:
  std::ptrdiff_t offset(std::size_t k) const {
    return static_cast<std::ptrdiff_t>(k * network_.cells());
  }
  std::span<double> part(std::vector<double>& table, std::size_t k) const {
    return std::span(table).subspan(k * network_.cells(), network_.cells());
  }

  const ArrayProblem& problem_;
  Network network_;
  std::vector<double> f_row_, f_col_, x_row_, x_col_, i_row_, i_col_;
  std::vector<double> scales_;
  std::vector<Buses> volts_;
};

// `solve(batch, report)` finds voltages and currents of all that was driven.
template <class Solve>
std::optional<Matrix> multiply(const ArrayProblem& problem, const Matrix& voltages,
                               std::int32_t members, const Solve& solve, SolveReport& report) {
  Matrix outputs{voltages.rows, problem.lines(problem.settings.outputs), {}};
  Batch batch(problem, members);
  for (std::int64_t first = 0; first < voltages.rows; first += members) {
    const auto count = std::min<std::int64_t>(members, voltages.rows - first);
    batch.drive(voltages, first, count);
    if (!solve(batch, report)) return std::nullopt;
    for (std::int64_t k = 0; k < count; ++k) {
      const std::vector<double> out = batch.outputs(static_cast<std::size_t>(k));
      outputs.values.insert(outputs.values.end(), out.begin(), out.end());
    }
  }
  return outputs;
}

}  // namespace

std::optional<Matrix> multiply_by_batches(const ArrayProblem& problem, const Matrix& voltages,
                                          ArrayBatchMethod& method, SolveReport& report) {
  const std::vector<double>& g = problem.conductances.values;
  ArrayMatrix matrix = problem.network().lines();
  matrix.row_row = matrix.row_col = matrix.col_row = matrix.col_col = g;
  if (!method.set(matrix)) return std::nullopt;
  SolveReport found;
  found.method = method.name();
  const auto solve = [&](Batch& batch, SolveReport& all) {
    const auto outcomes = method.solve(batch.f(), batch.x_row(), batch.x_col(),
                                       problem.settings.tolerance, batch.scales());
    for (const ArrayKrylov::Outcome& outcome : outcomes) {
      if (!outcome.ok) return false;
      all.inner += outcome.iterations;
      all.residual = std::max(all.residual, outcome.residual);
    }
    for (std::size_t k = 0; k < batch.i_row().size(); ++k) {
      batch.i_row()[k] = g[k % g.size()] * (batch.x_row()[k] - batch.x_col()[k]);
      batch.i_col()[k] = -batch.i_row()[k];
    }
    return true;
  };
  auto outputs = multiply(problem, voltages, method.members(), solve, found);
  if (outputs) report = found;
  return outputs;
}

std::optional<Matrix> multiply_by_newton(const ArrayProblem& problem, Cells& cells,
                                         const Matrix& voltages, ArrayNewton& method,
                                         SolveReport& report) {
  SolveReport found;
  found.method = method.name();
  const auto solve = [&](Batch& batch, SolveReport& all) {
    std::vector<double> gates;
    for (const Buses& volts : batch.volts()) {
      const std::vector<double> more = problem.gates(volts);
      gates.insert(gates.end(), more.begin(), more.end());
    }
    CellSettings settings = cells.settings();
    settings.gates = gates;
    method.set(settings);
    std::vector<double> goals;
    for (const double scale : batch.scales()) goals.push_back(problem.settings.tolerance * scale);
    const auto outcomes = method.solve(batch.f(), batch.x_row(), batch.x_col(), goals);
    for (std::size_t k = 0; k < outcomes.size(); ++k) {
      if (!outcomes[k].ok) return false;
      all.newton += outcomes[k].newton;
      all.inner += outcomes[k].inner;
      const double scale = batch.scales()[k];
      if (scale > 0) all.residual = std::max(all.residual, outcomes[k].residual / scale);
    }
    method.currents(batch.i_row(), batch.i_col());
    return true;
  };
  auto outputs = multiply(problem, voltages, method.members(), solve, found);
  if (outputs) report = found;
  return outputs;
}

std::optional<Matrix> multiply_on_gpu(const ArrayProblem& problem, const Matrix& voltages,
                                      SolveReport& report) {
  const ArrayMatrix lines = problem.network().lines();
  if (lines.parallel || lines.row.merged() || lines.col.merged() || problem.has_selectors()) {
    return std::nullopt;
  }
  // Some twenty tables of them, forty where cells are not ohmic; 0.5 GB each.
  constexpr std::int64_t kNumbers = std::int64_t{1} << 26;
  constexpr std::int64_t kMostMembers = 64;
  const std::int64_t cells = static_cast<std::int64_t>(lines.cells());
  const auto members = static_cast<std::int32_t>(
      std::clamp<std::int64_t>(kNumbers / cells, 1, std::min(kMostMembers, voltages.rows)));
  if (problem.is_linear()) {
    const auto method = make_gpu_batch_method(lines.rows, lines.cols, members);
    if (method == nullptr) return std::nullopt;
    return multiply_by_batches(problem, voltages, *method, report);
  }
  const auto array_cells = make_cells(*problem.crossbar, problem.circuit);
  const auto method = make_gpu_newton(lines, *array_cells->parts(), members);
  if (method == nullptr) return std::nullopt;
  return multiply_by_newton(problem, *array_cells, voltages, *method, report);
}

}  // namespace wordline::crossbar
