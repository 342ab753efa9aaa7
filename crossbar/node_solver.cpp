#include "wordline/crossbar/node_solver.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "wordline/solvers/gpu.hpp"

namespace wordline::crossbar {

namespace {

bool needs_direct(const Network& network, Method method) {
  return method == Method::kMultifrontal || network.lines().row.merged() ||
         network.lines().col.merged();
}

// Whose voltages are those of their buses.
bool has_held_ends(const Network& network) {
  const auto has = [](const std::vector<double>& ends) {
    return std::find(ends.begin(), ends.end(), kHeld) != ends.end();
  };
  const ArrayMatrix& lines = network.lines();
  return has(lines.row.first) || has(lines.row.last) || has(lines.col.first) || has(lines.col.last);
}

// Residuals of small arrays are not worth a second thread.
int residual_threads(const ArrayMatrix& matrix, int threads) {
  constexpr std::size_t kCellsPerThread = std::size_t{96} * 96;
  return std::clamp(static_cast<int>(matrix.cells() / kCellsPerThread), 1, threads);
}

// The tables of the transposed matrix.
ArrayMatrix transposed(const ArrayMatrix& a) {
  ArrayMatrix t = a;
  std::swap(t.row_col, t.col_row);
  return t;
}

}  // namespace

LinearStep::LinearStep(const Network& network, Method method, int threads) : threads_(threads) {
  const std::int32_t rows = network.rows();
  const std::int32_t cols = network.cols();
  if (network.lines().parallel) {
    ladder_.emplace();
  } else if (needs_direct(network, method)) {
    direct_.emplace(rows, cols, threads);
  } else if (method == Method::kCuda) {
    gpu_ = make_gpu_krylov_method({rows, cols, {}});
  } else {
    krylov_.emplace(rows, cols, ArrayKrylov::Settings{.threads = threads});
  }
}

ArrayNorms LinearStep::residual(const ArrayMatrix& matrix, const ArrayTables& f,
                                const ArrayTables& x, const ArrayTables* currents) {
  if (krylov_ && !direct_) return krylov_->residual(matrix, f, x, currents);
  r_row_.resize(matrix.cells());
  r_col_.resize(matrix.cells());
  return array_residual(matrix, f, x, currents, r_row_.data(), r_col_.data(), matrix.cols,
                        residual_threads(matrix, threads_));
}

bool LinearStep::correct(const ArrayMatrix& matrix, const ArrayTables& from,
                         std::span<double> x_row, std::span<double> x_col, double goal) {
  if (!krylov_ || direct_) {
    const bool ok = is_on_gpu() ? correct_on_gpu(matrix, goal) : correct_directly(matrix);
    for (std::size_t k = 0; ok && k < r_row_.size(); ++k) {
      x_row[k] = from.row[k] + r_row_[k];
      x_col[k] = from.col[k] + r_col_[k];
    }
    return ok;
  }
  if (!is_set_ && !krylov_->set(matrix).ok) return false;
  is_set_ = true;
  const ArrayKrylov::Outcome outcome = krylov_->correct(from, x_row, x_col, goal);
  iterations_ += outcome.iterations;
  if (!outcome.ok) {
    // x is where the iterations got to; from the next residual on the direct method goes on.
    direct_.emplace(matrix.rows, matrix.cols, threads_);
    is_set_ = false;
  }
  return true;
}

// These two make the step out of the residual.
bool LinearStep::correct_on_gpu(const ArrayMatrix& matrix, double goal) {
  if (!is_set_ && !gpu_->set(matrix)) return false;
  is_set_ = true;
  ++iterations_;
  const auto squares = [](const std::vector<double>& r) {
    return std::inner_product(r.begin(), r.end(), r.begin(), 0.0);
  };
  const double norm = std::sqrt(squares(r_row_) + squares(r_col_));
  std::vector<double> step_row(r_row_.size());
  std::vector<double> step_col(r_col_.size());
  if (norm > 0 && !gpu_->solve(r_row_, r_col_, step_row, step_col, goal / norm)) {
    direct_.emplace(matrix.rows, matrix.cols, threads_);
    is_set_ = false;
    return correct_directly(matrix);
  }
  r_row_ = std::move(step_row);
  r_col_ = std::move(step_col);
  return true;
}

bool LinearStep::correct_directly(const ArrayMatrix& matrix) {
  if (!is_set_ && !(ladder_ ? ladder_->factor(matrix) : direct_->factor(matrix)).ok) return false;
  is_set_ = true;
  ++iterations_;
  if (ladder_) {
    ladder_->solve(r_row_, r_col_);
  } else {
    direct_->solve(r_row_, r_col_);
  }
  return true;
}

NodeSolver::NodeSolver(const Network& network, const std::vector<double>& conductances,
                       const Settings& settings, int threads)
    : NodeSolver(network, &conductances, nullptr, settings, threads) {}

NodeSolver::NodeSolver(const Network& network, LineLoads& cells, const Settings& settings,
                       int threads)
    : NodeSolver(network, nullptr, &cells, settings, threads) {}

NodeSolver::NodeSolver(const Network& network, const std::vector<double>* conductances,
                       LineLoads* cells, const Settings& settings, int threads)
    : network_(network),
      conductances_(conductances),
      cells_(cells),
      settings_(settings),
      has_held_ends_(has_held_ends(network)),
      step_(network, settings.method, threads),
      x_row_(network.cells()),
      x_col_(network.cells()),
      before_row_(network.cells()),
      before_col_(network.cells()) {
  if (cells_ == nullptr || !step_.is_on_gpu()) return;
  if (const auto parts = cells_->parts()) use(make_gpu_newton(network.lines(), *parts, 1));
}

ArrayMatrix NodeSolver::matrix() const {
  ArrayMatrix a = network_.lines();
  if (cells_ != nullptr) {
    cells_->put_tangents(a);
  } else {
    a.row_row = a.row_col = a.col_row = a.col_col = *conductances_;
  }
  return a;
}

// The residual at x, the cells having been evaluated there.
ArrayNorms NodeSolver::evaluate() {
  if (cells_ != nullptr) cells_->evaluate(voltages());
  is_settled_ = true;
  return residual();
}

ArrayNorms NodeSolver::residual() {
  const ArrayTables f{drive_.f_row, drive_.f_col};
  if (cells_ == nullptr) return step_.residual(matrix(), f, voltages(), nullptr);
  const ArrayTables currents = cells_->currents();
  return step_.residual(matrix(), f, voltages(), &currents);
}

// Halves the step from `before_` to x until the residual has fallen. False if it does not.
bool NodeSolver::search_line(double before, ArrayNorms& norms) {
  constexpr double kSmallestPart = 1e-3;
  for (double part = 0.5; !(norms.residual < before) && part > kSmallestPart; part *= 0.5) {
    for (std::size_t k = 0; k < x_row_.size(); ++k) {
      x_row_[k] = 0.5 * (x_row_[k] + before_row_[k]);
      x_col_[k] = 0.5 * (x_col_[k] + before_col_[k]);
    }
    norms = evaluate();
  }
  return norms.residual < before;
}

bool NodeSolver::newton(SolveReport& report, bool same_cells) {
  constexpr int kMostIterations = 60;
  const double goal = settings_.tolerance * drive_.scale;
  constexpr double kLooseGoal = 1e-3;  // of a linear step, as a part of the residual
  ArrayNorms norms = same_cells ? residual() : evaluate();
  double before = 0;
  for (int iteration = 0;; ++iteration) {
    report.residual = drive_.scale > 0 ? norms.residual / drive_.scale : norms.residual;
    // Below its rounding a residual that does not fall any more is as good as none.
    const bool stands = iteration > 0 && norms.residual > 0.25 * before;
    if (norms.residual <= goal || (stands && norms.residual <= norms.rounding)) return true;
    if (iteration == kMostIterations || !std::isfinite(norms.residual)) return false;
    // About as accurate as the next residual will be, if the convergence stays better than linear
    // (Eisenstat and Walker 1996).
    double inner = 0.3 * goal;
    if (cells_ != nullptr) {
      const double fall = iteration == 0 ? 1 : norms.residual / before;
      inner = std::max(inner, std::min(kLooseGoal, 0.5 * fall * std::sqrt(fall)) * norms.residual);
      step_.invalidate();
      ++report.newton;
    }
    before_row_.swap(x_row_);
    before_col_.swap(x_col_);
    if (!step_.correct(matrix(), {before_row_, before_col_}, x_row_, x_col_, inner)) {
      report.message = "the array's equations are singular: a line without a driver or a cell";
      return false;
    }
    before = norms.residual;
    norms = evaluate();
    if (norms.residual <= std::max(goal, norms.rounding)) continue;
    if (cells_ != nullptr && !search_line(before, norms)) return false;
    if (cells_ == nullptr && norms.residual > 0.5 * before) {
      report.message = "the residual stagnates";
      return false;
    }
  }
}

bool NodeSolver::attempt(const BusValues& volts, SolveReport& report, bool same_cells) {
  network_.drive(volts, drive_, x_row_, x_col_);
  return newton(report, same_cells && is_settled_ && !has_held_ends_);
}

SolveReport NodeSolver::solve(const BusValues& volts, bool same_cells) {
  SolveReport report;
  step_.count_from_zero();
  if (newton_ != nullptr && solve_on_gpu(volts, report)) return report;
  report.ok = attempt(volts, report, same_cells);
  if (!report.ok && report.message.empty() && cells_ != nullptr) {
    // The buses are raised together from nothing.
    restart();
    constexpr int kSteps = 20;
    for (int k = 1; k <= kSteps; ++k) {
      BusValues part = volts;
      for (double& v : part.row) v *= static_cast<double>(k) / kSteps;
      for (double& v : part.col) v *= static_cast<double>(k) / kSteps;
      report.ok = attempt(part, report);
    }
  }
  if (!report.ok && report.message.empty()) report.message = "Newton's method does not converge";
  report.inner = step_.iterations();
  report.method = step_.name();
  return report;
}

// False where it does not find one: x and the cells are as before.
bool NodeSolver::solve_on_gpu(const BusValues& volts, SolveReport& report) {
  before_row_ = x_row_;
  before_col_ = x_col_;
  network_.drive(volts, drive_, x_row_, x_col_);
  const CellSettings settings = cells_->settings();
  newton_->set(settings);
  const double goal = settings_.tolerance * drive_.scale;
  const ArrayNewton::Outcome outcome =
      newton_->solve({drive_.f_row, drive_.f_col}, x_row_, x_col_, {&goal, 1})[0];
  if (!outcome.ok) {
    std::swap(x_row_, before_row_);
    std::swap(x_col_, before_col_);
    return false;
  }
  if (settings.a0 > 0) newton_->states(settings.states);
  i_row_.resize(network_.cells());
  i_col_.resize(network_.cells());
  newton_->currents(i_row_, i_col_);
  is_settled_ = false;
  report.method = newton_->name();
  report.newton = outcome.newton;
  report.inner = outcome.inner;
  report.residual = drive_.scale > 0 ? outcome.residual / drive_.scale : outcome.residual;
  return true;
}

void NodeSolver::settle() {
  // Inner nodes of cells are only as exact as steps of the lines are small: the second one is 0.
  for (int k = 0; !is_settled_ && k < 2; ++k) cells_->evaluate(voltages());
  is_settled_ = true;
}

void NodeSolver::restart() {
  std::fill(x_row_.begin(), x_row_.end(), 0.0);
  std::fill(x_col_.begin(), x_col_.end(), 0.0);
}

ArrayTables NodeSolver::currents() {
  if (cells_ != nullptr && is_settled_) return cells_->currents();
  if (cells_ != nullptr) return {i_row_, i_col_};
  i_row_.resize(network_.cells());
  i_col_.resize(network_.cells());
  for (std::size_t k = 0; k < i_row_.size(); ++k) {
    i_row_[k] = (*conductances_)[k] * (x_row_[k] - x_col_[k]);
    i_col_[k] = -i_row_[k];
  }
  return {i_row_, i_col_};
}

BusValues NodeSolver::bus_currents(const BusValues& volts) {
  return network_.bus_currents(volts, voltages(), currents());
}

void NodeSolver::start_from(const ArrayTables& x) {
  x_row_.assign(x.row.begin(), x.row.end());
  x_col_.assign(x.col.begin(), x.col.end());
}

// Improves x until it solves the linear equations of this matrix.
SolveReport NodeSolver::solve_linear(const ArrayMatrix& a, const Network::Drive& drive,
                                     std::vector<double>& x_row, std::vector<double>& x_col) {
  constexpr int kMostPasses = 6;
  const ArrayTables f{drive.f_row, drive.f_col};
  const double goal = settings_.tolerance * drive.scale;
  SolveReport report;
  step_.invalidate();
  for (int pass = 0; pass <= kMostPasses; ++pass) {
    const ArrayNorms norms = step_.residual(a, f, {x_row, x_col}, nullptr);
    report.residual = drive.scale > 0 ? norms.residual / drive.scale : 0;
    report.ok = norms.residual <= std::max(goal, norms.rounding);
    if (norms.residual <= goal || (pass > 0 && report.ok) ||
        !step_.correct(a, {x_row, x_col}, x_row, x_col, 0.3 * goal))
      break;
  }
  step_.invalidate();
  return report;
}

NodeSolver::Adjoint NodeSolver::solve_adjoint(const BusValues& weights) {
  Adjoint adjoint;
  adjoint.row.resize(network_.cells());
  adjoint.col.resize(network_.cells());
  settle();
  const ArrayMatrix a = transposed(matrix());
  Network::Drive drive;
  network_.drive(weights, drive, adjoint.row, adjoint.col);
  adjoint.report = solve_linear(a, drive, adjoint.row, adjoint.col);
  adjoint.i_row.resize(network_.cells());
  adjoint.i_col.resize(network_.cells());
  for (std::size_t k = 0; k < adjoint.row.size(); ++k) {
    adjoint.i_row[k] = a.row_row[k] * adjoint.row[k] - a.row_col[k] * adjoint.col[k];
    adjoint.i_col[k] = a.col_col[k] * adjoint.col[k] - a.col_row[k] * adjoint.row[k];
  }
  return adjoint;
}

NodeSolver::Response NodeSolver::respond(std::size_t cell, bool into_row) {
  settle();
  const std::size_t cells = network_.cells();
  Response response{std::vector<double>(cells), std::vector<double>(cells), {}, {}};
  const ArrayMatrix a = matrix();
  Network::Drive drive{std::vector<double>(cells), std::vector<double>(cells), 1};
  (into_row ? drive.f_row : drive.f_col)[cell] = 1;
  response.report = solve_linear(a, drive, response.row, response.col);
  std::vector<double> i_row(cells);
  std::vector<double> i_col(cells);
  for (std::size_t k = 0; k < cells; ++k) {
    i_row[k] = a.row_row[k] * response.row[k] - a.row_col[k] * response.col[k];
    i_col[k] = a.col_col[k] * response.col[k] - a.col_row[k] * response.row[k];
  }
  (into_row ? i_row : i_col)[cell] -= 1;
  const auto rest = [](std::size_t lines) { return std::vector<double>(lines); };
  const ArrayMatrix& lines = network_.lines();
  response.buses =
      network_.bus_currents({rest(lines.row.first.size()), rest(lines.col.first.size())},
                            {response.row, response.col}, {i_row, i_col});
  return response;
}

}  // namespace wordline::crossbar
